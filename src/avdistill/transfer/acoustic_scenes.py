"""k nearest neighbours on DCASE 2018's task 1A, tested once on the official evaluation part."""

from collections.abc import Sequence

import numpy as np

from avdistill.evaluation.nearest_neighbours import NEIGHBOURS
from avdistill.evaluation.tables import Row
from avdistill.transfer.classification import CLASSIFIED, INTERVAL, classify, columns_of_both
from avdistill.transfer.clips import waveform_batches
from avdistill.transfer.dcase2018 import CLIP_WINDOWS, PARTS, Clip
from avdistill.transfer.students import STUDENT_COLUMNS, Student, student_features

TESTED_ON = "DCASE 2018 task 1A, real recordings"
COLUMNS = (
    *STUDENT_COLUMNS,
    "tested_on",
    "locations",
    "clips",
    *columns_of_both(*CLASSIFIED, *INTERVAL),
    "chance",
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
    Rows with `COLUMNS`, one per student: the numbers of locations and clips tested and, for the
    trained and the untrained student, k, its validation accuracy, the test accuracy and its
    interval.

    Raises
    ------
    InputError : a k is larger than the training part, or a clip cannot be read.
    """
    found = student_features(students, waveform_batches(clips, CLIP_WINDOWS))
    names = sorted({clip.category for clip in clips})
    labels = np.array([names.index(clip.category) for clip in clips])
    locations = np.array([clip.location for clip in clips])
    masks = [np.array([clip.part == part for clip in clips]) for part in PARTS]
    rows = []
    for student, windows in zip(students, found, strict=True):
        features = {
            kind: values.reshape(len(clips), CLIP_WINDOWS, -1).mean(axis=1)
            for kind, values in windows.items()
        }
        row = student.row | {
            "tested_on": TESTED_ON,
            "locations": len(set(locations[masks[-1]])),
            "clips": int(masks[-1].sum()),
            "chance": 1 / len(names),
        }
        rows.append(row | classify(features, labels, masks, neighbours, units=locations, seed=seed))
    return rows
