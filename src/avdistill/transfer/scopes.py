"""A student's features on other scopes: k nearest neighbours fitted and tested there."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from avdistill.avia.dataset import DatasetDescription
from avdistill.errors import InputError
from avdistill.evaluation.crossing import unseen_test_sequences
from avdistill.evaluation.intervals import bootstrap_interval
from avdistill.evaluation.nearest_neighbours import NEIGHBOURS, check_neighbours
from avdistill.evaluation.tables import Row
from avdistill.records.crops import CropReader, evaluation_crops
from avdistill.records.splits import sequences_of
from avdistill.training.examples import EvaluationExamples, labels_of
from avdistill.transfer.students import (
    BATCH_SIZE,
    CLASSIFIED,
    IDENTITY,
    KINDS,
    Student,
    classified_columns,
    classify,
    student_features,
)

_INTERVAL = ("interval_95_low", "interval_95_high")
COLUMNS = (
    *IDENTITY,
    "target",
    "sequences",
    "crops",
    *(prefix + name for prefix in KINDS.values() for name in (*CLASSIFIED, *_INTERVAL)),
    "chance",
)


def parts_of(target: pd.DataFrame, seen: Sequence[pd.DataFrame]) -> list[list[str]]:
    """List the sequences to fit nearest neighbours on, to choose k with, and to test on once.

    Training and validation are the target's own, also where the student knows them; tested are
    only test sequences in no training or validation split, the target's or one of `seen`.

    Raises
    ------
    InputError : the target has no training or no validation sequences. None to test on is fine.
    """
    training, validation = (sequences_of(target, name) for name in ("training", "validation"))
    if not training or not validation:
        raise InputError("a target's training or validation split is empty; change the strategy")
    return [training, validation, unseen_test_sequences(target, [target, *seen])]


def transfer_to_scopes(
    student: Student,
    dataset: DatasetDescription,
    records: Path,
    targets: dict[str, pd.DataFrame],
    seen: Sequence[pd.DataFrame],
    *,
    neighbours: Sequence[int] = NEIGHBOURS,
    seed: int,
) -> list[Row]:
    """Classify other scopes' test crops by those scopes' training crops, in feature space.

    Crops are consecutive; each sequence's features are computed once, whatever the number of
    scopes that it is in.

    Parameters
    ----------
    targets : scopes to transfer to, and their splits.
    seen : splits of the scopes that the student and its teacher were trained on.
    seed : of the intervals' bootstrap over sequences.

    Returns
    -------
    `COLUMNS`, a row per target: sequences and crops tested, and of the trained and the untrained
    student k, its validation accuracy, the test accuracy and its interval. The last two are None
    without a crop to test.

    Raises
    ------
    InputError : a split is empty, a k is larger than a training split, or a record is bad.
    """
    parts = {target: parts_of(split, seen) for target, split in targets.items()}
    seconds = student.spec.length_seconds
    for training, _, _ in parts.values():
        num_training = len(evaluation_crops(training, dataset.sequence_seconds, seconds))
        check_neighbours(neighbours, num_training)
    together = sorted({name for lists in parts.values() for names in lists for name in names})
    crops = evaluation_crops(together, dataset.sequence_seconds, seconds)
    reader = CropReader(
        records,
        modality=student.spec.modality,
        length=seconds,
        statistics=student.statistics,
    )
    features = student_features(student, EvaluationExamples(reader, crops).batches(BATCH_SIZE))
    names, labels = np.array([crop.sequence for crop in crops]), labels_of(crops)
    rows = []
    for target, lists in parts.items():
        masks = [np.isin(names, part) for part in lists]
        tested = names[masks[-1]]
        row = student.identity | {
            "target": target,
            "sequences": len(lists[-1]),
            "crops": len(tested),
            "chance": 1 / len(dataset.classes),
        }
        for kind, found in classify(features, labels, masks, neighbours).items():
            row |= classified_columns(found, kind)
            if len(tested):
                correct = found.predicted == labels[masks[-1]]
                interval = bootstrap_interval(correct, tested, seed=seed)
                row |= {
                    KINDS[kind] + name: value
                    for name, value in zip(_INTERVAL, interval, strict=True)
                }
        rows.append(row)
    return rows
