"""k nearest neighbours on ESC-10: each fold is once for test, the next one for validation."""

from collections.abc import Sequence

import numpy as np

from avdistill.evaluation.nearest_neighbours import NEIGHBOURS
from avdistill.evaluation.tables import Row, with_mean_and_deviation
from avdistill.transfer.classification import CLASSIFIED, classify, columns_of_both
from avdistill.transfer.clips import waveform_batches
from avdistill.transfer.esc10 import FOLDS, Clip
from avdistill.transfer.students import STUDENT_COLUMNS, Student, student_features

TESTED_ON = "ESC-10, real recordings"
COLUMNS = (*STUDENT_COLUMNS, "tested_on", "fold", "clips", *columns_of_both(*CLASSIFIED), "chance")

_ACCURACIES = [name for name in COLUMNS if name.endswith("accuracy")]


def masks_of_fold(test_fold: int, folds: np.ndarray) -> list[np.ndarray]:
    """Return masks of the training, validation and test clips, given the fold for test.

    Parameters
    ----------
    folds : (clips,) int, the fold of each clip.

    Returns
    -------
    Three masks, (clips,) bool. The fold after the test fold (1 after 5) is for validation, the
    other three are for training.
    """
    validation_fold = test_fold % len(FOLDS) + 1
    training = ~np.isin(folds, [test_fold, validation_fold])
    return [training, folds == validation_fold, folds == test_fold]


def transfer_to_esc10(
    students: Sequence[Student],
    clips: Sequence[Clip],
    *,
    neighbours: Sequence[int] = NEIGHBOURS,
) -> list[Row]:
    """Classify each fold's clips with those of three others; each fold has a k of its own.

    Parameters
    ----------
    students : students of one network; each clip is read once for all of them.

    Returns
    -------
    Rows with `COLUMNS`. Each student has a row per fold, then the mean and the standard deviation
    (with n - 1) over folds.

    Raises
    ------
    InputError : a k is larger than a training split, or a clip cannot be read.
    """
    found = student_features(students, waveform_batches(clips))
    names = sorted({clip.category for clip in clips})
    labels = np.array([names.index(clip.category) for clip in clips])
    folds = np.array([clip.fold for clip in clips])
    rows = []
    for student, features in zip(students, found, strict=True):
        for fold in FOLDS:
            masks = masks_of_fold(fold, folds)
            row = student.row | {
                "tested_on": TESTED_ON,
                "fold": fold,
                "clips": int(masks[-1].sum()),
                "chance": 1 / len(names),
            }
            rows.append(row | classify(features, labels, masks, neighbours))
    return with_mean_and_deviation(
        rows,
        by=STUDENT_COLUMNS,
        over="fold",
        measures=_ACCURACIES,
        kept=("tested_on", "clips", "chance"),
    )
