"""k nearest neighbours on features: k is chosen on validation and used once on test."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from avdistill.errors import InputError

NEIGHBOURS = (7, 9, 11, 13, 15)  # the supplement's


class Labelled(NamedTuple):
    """Features and labels of one split.

    Attributes
    ----------
    features : (crops, features) float.
    labels : (crops,) int.
    """

    features: np.ndarray
    labels: np.ndarray


class NearestNeighbours(NamedTuple):
    """The chosen k and its results.

    Attributes
    ----------
    k : the chosen number of neighbours.
    validation : accuracy on validation of each k that was tried.
    predicted : (test crops,) predicted labels of the test split, with the chosen k.
    accuracy : test accuracy; None for an empty test split.
    """

    k: int
    validation: dict[int, float]
    predicted: np.ndarray
    accuracy: float | None


def check_neighbours(neighbours: Sequence[int], num_training: int) -> None:
    """Check that there are as many training crops as the largest k needs.

    Raises
    ------
    InputError : there are fewer training crops, or a k is below 1. The message names the setting.
    """
    if not 1 <= min(neighbours) <= max(neighbours) <= num_training:
        raise InputError(
            f"transfer.neighbours: k from {min(neighbours)} to {max(neighbours)}, but there are "
            f"{num_training} training crops; use a smaller k or more data"
        )


# One thread: with more threads sums are rounded differently, which could change a tie.
@threadpool_limits.wrap(limits=1)
def nearest_neighbours(
    training: Labelled,
    validation: Labelled,
    test: Labelled,
    neighbours: Sequence[int] = NEIGHBOURS,
) -> NearestNeighbours:
    """Classify test crops by their nearest training crops.

    Features are standardised with the training features' mean and standard deviation; distances
    are Euclidean; neighbours have equal votes. Of classes with equal votes the first wins. Of
    values of k with equal validation accuracy the smallest wins.

    Raises
    ------
    InputError : training or validation is empty, or a k is larger than the training split.
    """
    if not len(training.labels) or not len(validation.labels):
        raise InputError("k nearest neighbours: no crops to fit on or to choose k with")
    check_neighbours(neighbours, len(training.labels))
    scaler = StandardScaler().fit(training.features.astype(np.float64))
    standardised = [
        scaler.transform(part.features.astype(np.float64)) for part in (training, validation)
    ]

    def classify(k: int, features: np.ndarray) -> np.ndarray:
        classifier = KNeighborsClassifier(k, algorithm="brute", metric="euclidean")
        return classifier.fit(standardised[0], training.labels).predict(features)

    accuracies = {
        k: float((classify(k, standardised[1]) == validation.labels).mean())
        for k in sorted(neighbours)
    }
    best = max(accuracies, key=accuracies.__getitem__)
    if not len(test.labels):
        return NearestNeighbours(best, accuracies, np.empty(0, np.int64), None)
    predicted = classify(best, scaler.transform(test.features.astype(np.float64)))
    return NearestNeighbours(best, accuracies, predicted, float((predicted == test.labels).mean()))
