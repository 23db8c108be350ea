"""The columns of every transfer: k nearest neighbours on features of (un)trained students."""

from collections.abc import Sequence

import numpy as np

from avdistill.evaluation.intervals import bootstrap_interval
from avdistill.evaluation.nearest_neighbours import Labelled, nearest_neighbours
from avdistill.evaluation.tables import Row
from avdistill.transfer.students import TRAINED, UNTRAINED, Features

PREFIXES = {TRAINED: "", UNTRAINED: "untrained_"}  # prefix of each kind's columns
CLASSIFIED = ("k", "validation_accuracy", "accuracy")
INTERVAL = ("interval_95_low", "interval_95_high")


def columns_of_both(*names: str) -> tuple[str, ...]:
    """Return names of columns for trained students, then those for untrained ones."""
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
    """Classify test crops with training crops, on features of a trained and an untrained student.

    Parameters
    ----------
    labels : (crops,) int.
    parts : masks of the training, validation and test crops.
    units : (crops,) the unit that the bootstrap draws as a whole: the sequence or the recording
        location of each crop. None: no interval.
    seed : seed of the bootstrap.

    Returns
    -------
    The values of `CLASSIFIED` for both kinds and, with `units`, those of `INTERVAL`. Accuracy and
    interval are None or absent if there is no test crop.

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
