"""k nearest neighbours on external recordings: ESC-10's folds, and DCASE 2018's task 1A."""

from collections.abc import Sequence

import numpy as np

from avdistill.evaluation.nearest_neighbours import NEIGHBOURS
from avdistill.evaluation.tables import Row, with_mean_and_deviation
from avdistill.transfer.classification import CLASSIFIED, INTERVAL, classify, columns_of_both
from avdistill.transfer.clips import Clip, waveform_batches
from avdistill.transfer.dcase2018 import CLIP_WINDOWS, PARTS
from avdistill.transfer.esc10 import FOLDS
from avdistill.transfer.students import STUDENT_COLUMNS, Student, student_features

ESC10_COLUMNS = (
    *STUDENT_COLUMNS,
    "tested_on",
    "fold",
    "clips",
    *columns_of_both(*CLASSIFIED),
    "chance",
)
DCASE2018_COLUMNS = (
    *STUDENT_COLUMNS,
    "tested_on",
    "locations",
    "clips",
    *columns_of_both(*CLASSIFIED, *INTERVAL),
    "chance",
)


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
    Rows with `ESC10_COLUMNS`. Each student has a row per fold, then the mean and the standard
    deviation (with n - 1) over folds.

    Raises
    ------
    InputError : a k is larger than a training split, or a clip cannot be read.
    """
    found = student_features(students, waveform_batches(clips))
    names, labels = np.unique([clip.category for clip in clips], return_inverse=True)
    folds = np.array([clip.part for clip in clips])
    rows = [
        student.row
        | {
            "tested_on": "ESC-10, real recordings",
            "fold": fold,
            "clips": int(np.sum(folds == fold)),
            "chance": 1 / len(names),
        }
        | classify(features, labels, masks_of_fold(fold, folds), neighbours)
        for student, features in zip(students, found, strict=True)
        for fold in FOLDS
    ]
    return with_mean_and_deviation(
        rows,
        by=STUDENT_COLUMNS,
        over="fold",
        measures=[name for name in ESC10_COLUMNS if name.endswith("accuracy")],
        kept=("tested_on", "clips", "chance"),
    )


def transfer_to_dcase2018(
    students: Sequence[Student],
    clips: Sequence[Clip],
    *,
    neighbours: Sequence[int] = NEIGHBOURS,
    seed: int,
) -> list[Row]:
    """Classify the clips of the evaluation part with those of the training part.

    A student takes five seconds at a time. A clip's features are the mean of those of its two
    windows.

    Parameters
    ----------
    students : students of one network; each clip is read once for all of them.
    seed : seed of the intervals' bootstrap, which draws whole recording locations.

    Returns
    -------
    Rows with `DCASE2018_COLUMNS`, one per student: the numbers of locations and clips tested and,
    for the trained and the untrained student, k, its validation accuracy, the test accuracy and
    its interval.

    Raises
    ------
    InputError : a k is larger than the training part, or a clip cannot be read.
    """
    found = student_features(students, waveform_batches(clips, CLIP_WINDOWS))
    names, labels = np.unique([clip.category for clip in clips], return_inverse=True)
    locations = np.array([clip.origin for clip in clips])
    masks = [np.array([clip.part == part for clip in clips]) for part in PARTS]
    tested = {
        "tested_on": "DCASE 2018 task 1A, real recordings",
        "locations": len(set(locations[masks[-1]])),
        "clips": int(masks[-1].sum()),
        "chance": 1 / len(names),
    }
    rows = []
    for student, windows in zip(students, found, strict=True):
        features = {
            kind: values.reshape(len(clips), CLIP_WINDOWS, -1).mean(axis=1)
            for kind, values in windows.items()
        }
        found_here = classify(features, labels, masks, neighbours, units=locations, seed=seed)
        rows.append(student.row | tested | found_here)
    return rows
