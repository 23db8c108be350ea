"""Columns that every transfer has: k nearest neighbours on features, trained and untrained."""

from collections.abc import Sequence

import numpy as np

from avdistill.evaluation.intervals import bootstrap_interval
from avdistill.evaluation.nearest_neighbours import Labelled, nearest_neighbours
from avdistill.evaluation.tables import Row
from avdistill.transfer.students import TRAINED, UNTRAINED, Features

PREFIXES = {TRAINED: "", UNTRAINED: "untrained_"}  # what each kind's columns begin with
CLASSIFIED = ("k", "validation_accuracy", "accuracy")
INTERVAL = ("interval_95_low", "interval_95_high")


def columns_of_both(*names: str) -> tuple[str, ...]:
    """Name columns for trained students, then the same for untrained ones."""
    return tuple(prefix + name for prefix in PREFIXES.values() for name in names)


def classify(
    features: Features,
    labels: np.ndarray,
    parts: Sequence[np.ndarray],
    neighbours: Sequence[int],
    *,
    units: np.ndarray | None = None,
    seed: int = 0,
) -> Row:
    """Classify one part of the crops by another, in a trained and an untrained student's features.

    Parameters
    ----------
    labels : (crops,) int.
    parts : masks of the training, validation and test crops.
    units : (crops,) what the bootstrap draws as a whole: the sequence or the recording location
        of each crop. None: no interval.
    seed : of the bootstrap.

    Returns
    -------
    `CLASSIFIED` of both kinds, and with `units` their `INTERVAL`; accuracy and interval are None
    or absent where there is nothing to test.

    Raises
    ------
    InputError : training or validation is empty, or a k is larger than the training part.
    """
    row: Row = {}
    for kind, prefix in PREFIXES.items():
        found = nearest_neighbours(
            *(Labelled(features[kind][part], labels[part]) for part in parts), neighbours
        )
        values = (found.k, found.validation[found.k], found.accuracy)
        row |= {prefix + name: value for name, value in zip(CLASSIFIED, values, strict=True)}
        if units is not None and len(found.predicted):
            correct = found.predicted == labels[parts[-1]]
            bounds = bootstrap_interval(correct, units[parts[-1]], seed=seed)
            row |= {prefix + name: value for name, value in zip(INTERVAL, bounds, strict=True)}
    return row
