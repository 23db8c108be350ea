"""Students' features on other scopes: k nearest neighbours are fitted and tested there."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd

from avdistill.errors import InputError
from avdistill.evaluation.across_scopes.unseen_sequences import unseen_test_sequences
from avdistill.evaluation.nearest_neighbours import NEIGHBOURS, check_neighbours
from avdistill.evaluation.tables import Row
from avdistill.examples.scope_data import ScopeData, labels_of
from avdistill.records.crops import Crop, CropReader
from avdistill.records.splits import sequences_of
from avdistill.transfer.classification import CLASSIFIED, INTERVAL, classify, columns_of_both
from avdistill.transfer.students import STUDENT_COLUMNS, Student, student_features

COLUMNS = (
    *STUDENT_COLUMNS,
    "target",
    "sequences",
    "crops",
    *columns_of_both(*CLASSIFIED, *INTERVAL),
    "chance",
)

_CROPS_AT_ONCE = 32  # changes results only by rounding


def parts_of(target: pd.DataFrame, seen: Sequence[pd.DataFrame]) -> list[list[str]]:
    """Return the sequences for fitting the nearest neighbours, for choosing k, and for the test.

    The first two are the target's training and validation parts, even if the student was trained
    on them. The third are test sequences that are in no training or validation part, neither of
    the target nor of a split in `seen`.

    Raises
    ------
    InputError : the target has no training or no validation sequences. No sequence for
        the test is no error.
    """
    training, validation = (sequences_of(target, name) for name in ("training", "validation"))
    if not training or not validation:
        raise InputError("a target's training or validation split is empty; change the strategy")
    return [training, validation, unseen_test_sequences(target, [target, *seen])]


def transfer_to_scopes(
    students: Sequence[Student],
    scopes: Mapping[str, ScopeData],
    *,
    neighbours: Sequence[int] = NEIGHBOURS,
    seed: int,
) -> list[Row]:
    """Classify the test crops of other scopes with their training crops, in feature space.

    Crops are consecutive; each is read once for all students and scopes. A student's targets are
    all scopes but its own. Its teacher was trained with the same split, so this split holds all
    sequences that either was trained or validated on.

    Parameters
    ----------
    students : students of one network.
    scopes : every scope of a data set, with the inputs that the network takes.
    seed : seed of the intervals' bootstrap over sequences.

    Returns
    -------
    Rows with `COLUMNS`, one per student and target: the numbers of sequences and crops tested and,
    for the trained and the untrained student, k, its validation accuracy, the test accuracy and
    its interval. The last two are empty without a test crop.

    Raises
    ------
    InputError : a split is empty, a k is larger than a training split, or a record cannot be
        read.
    """
    parts = {
        (own, target): parts_of(data.split, [scopes[own].split])
        for own in sorted({student.description["scope"] for student in students})
        for target, data in scopes.items()
        if target != own
    }
    data = next(iter(scopes.values()))  # scopes differ in nothing but their splits
    for training, _, _ in parts.values():
        check_neighbours(neighbours, len(data.crops_of(training)))
    crops = data.crops_of(sorted({name for lists in parts.values() for name in chain(*lists)}))
    found = student_features(students, _waveforms(data, crops))
    names, labels = np.array([crop.sequence for crop in crops]), labels_of(crops)
    rows = []
    for student, features in zip(students, found, strict=True):
        for (own, target), lists in parts.items():
            if own != student.description["scope"]:
                continue
            masks = [np.isin(names, part) for part in lists]
            tested = {
                "target": target,
                "sequences": len(lists[-1]),
                "crops": int(masks[-1].sum()),
                "chance": 1 / data.num_classes,
            }
            found_here = classify(features, labels, masks, neighbours, units=names, seed=seed)
            rows.append(student.row | tested | found_here)
    return rows


def _waveforms(data: ScopeData, crops: Sequence[Crop]) -> Iterator[np.ndarray]:
    reader = CropReader(data.records, modality="waveform", length=data.spec.length_seconds)
    for first in range(0, len(crops), _CROPS_AT_ONCE):
        yield np.stack([reader.read(crop) for crop in crops[first : first + _CROPS_AT_ONCE]])
