"""Statements about confusion matrices, judged by sequence.

Every rate is a mean over sequences of the share of a sequence's crops, each class counting the
same. The paper gives no thresholds; those here were fixed before any result was seen.
"""

import itertools
import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from avdistill.evaluation.claims.results import Outcomes
from avdistill.evaluation.claims.uncertainty import Share, counted, per_cent, share
from avdistill.evaluation.claims.verdict import Interval, MissingError, Verdict, decide, together
from avdistill.evaluation.intervals import resampled_interval

OFTEN = 0.1  # of a class's crops: what is rarer is no confusion to speak of
MANY = 0.25  # of all classes in question
CLEARLY = 0.1  # a difference between recalls, 10 percentage points
ALWAYS = 0.95  # of crops: with one in twenty right it is still said to be always missed
HALF = 0.5

_PER_CLASS = 2  # sequences that a resampling needs to see a class vary


def recall(outcomes: Outcomes, label: int) -> Share:
    """Share of a class's crops that are recognised, over its sequences.

    Raises
    ------
    MissingError : none of its sequences was tested.
    """
    return share(_of(outcomes, label)[label])


def diagonal(outcomes: Outcomes, without: int | None = None) -> Share:
    """Mean of the row-normalised diagonal, each class counting the same; one can be left out."""
    labels = outcomes.actual[outcomes.actual != without]
    weights = 1 / labels.map(labels.value_counts())
    return share(outcomes.recognised[labels.index], weights.to_numpy(float))


def confused_pair(
    outcomes: Outcomes, first: int, second: int, *, named: int
) -> tuple[Verdict, str]:
    """Judge whether two classes are taken for each other, as one of the main confusions.

    The pair's rate (both directions averaged) has to reach 10 %, twice the mean of all other
    pairs, and a place among the largest tenth of all pairs; its interval has to lie above that
    mean and above 5 %.

    Parameters
    ----------
    named : how many pairs the paper names: there are at least as many places.

    Raises
    ------
    MissingError : one of the classes was not tested, or there is no other pair.
    """
    one, other = _of(outcomes, first)[second], _of(outcomes, second)[first]
    weights = np.repeat([1 / len(one), 1 / len(other)], [len(one), len(other)])
    rate = share([*one, *other], weights)
    matrix = outcomes.shares.groupby(outcomes.actual).mean()
    others = sorted(
        (matrix.at[i, j] + matrix.at[j, i]) / 2
        for i, j in itertools.combinations(matrix.index, 2)
        if {i, j} != {first, second}
    )[::-1]
    if not others:
        raise MissingError("only these two classes were tested: there is no other pair")
    places = max(named, math.ceil((len(others) + 1) / 10))
    last = others[places - 1] if places <= len(others) else 0.0
    mean = float(np.mean(others))
    bar = min(1.0, max(OFTEN, 2 * mean, last))
    place = 1 + sum(value > rate.estimate for value in others)
    numbers = (
        f"taken for each other: {rate}; place {place} of {len(others) + 1} pairs; other pairs "
        f"{per_cent(mean)} on average; needed: {per_cent(bar)}"
    )
    return decide(rate.estimate, rate.interval, bar=bar, null=max(mean, OFTEN / 2)), numbers


def draws_many_classes(outcomes: Outcomes, label: int, *, seed: int) -> tuple[Verdict, str]:
    """Judge whether many classes are taken for one.

    It has to draw at least 10 % of the crops of a quarter of the other classes (interval by
    resampling sequences, above an eighth), and to take at least twice an even share of these
    classes' errors, with an interval above an even share.

    Raises
    ------
    MissingError : no errors, fewer than three classes or than two sequences a class.
    """
    errors, even = _share_of_errors(outcomes, label)
    others = outcomes.actual != label
    drawn = _classes(outcomes, outcomes.shares.loc[others, label], least=OFTEN, seed=seed)
    numbers = (
        f"draws 10 % or more of {drawn}; takes {errors} of these classes' errors, an even share "
        f"is {per_cent(even)}"
    )
    return together(
        decide(errors.estimate, errors.interval, bar=min(1.0, 2 * even), null=even),
        drawn.many(),
    ), numbers


def errors_go_to(outcomes: Outcomes, label: int) -> tuple[Verdict, str]:
    """Judge whether errors go to one class above all.

    Its share of the other classes' errors has to be the largest that any class has (each class's
    counted among the errors of all others), and twice an even share, with an interval above an
    even share.

    Raises
    ------
    MissingError : no errors, or fewer than three classes.
    """
    errors, even = _share_of_errors(outcomes, label)
    rivals = {}
    for other in set(outcomes.shares.columns) - {label}:
        try:
            rivals[other] = _share_of_errors(outcomes, other)[0].estimate
        except MissingError:  # all errors are of this class's own sequences
            rivals[other] = 0.0
    largest = max(rivals.values())
    numbers = (
        f"{errors} of errors, an even share is {per_cent(even)}; the largest share of another "
        f"class is {per_cent(largest)}"
    )
    bar = min(1.0, max(2 * even, largest))
    return decide(errors.estimate, errors.interval, bar=bar, null=even), numbers


def always_missed(outcomes: Outcomes, label: int) -> tuple[Verdict, str]:
    """Judge whether a class is always missed.

    At least 95 % of its crops have to be, with an interval above one half: six sequences, all
    missed, are the least that can show it.

    Raises
    ------
    MissingError : none of its sequences was tested.
    """
    missed = share(1 - _of(outcomes, label)[label])
    return decide(missed.estimate, missed.interval, bar=ALWAYS, null=HALF), f"missed: {missed}"


def among_hardest(outcomes: Outcomes, label: int, *, named: int) -> tuple[Verdict, str]:
    """Judge whether a class is among the hardest.

    The share of its crops that is missed has to be among the largest third of all classes', and
    10 points above the mean of the other classes', with an interval above that mean's.

    Parameters
    ----------
    named : how many classes the paper names: there are at least as many places.

    Raises
    ------
    MissingError : none of its sequences was tested, or no other class was.
    """
    missed = share(1 - _of(outcomes, label)[label])
    others = sorted(1 - outcomes.recalls.drop(label))[::-1]
    if not others:
        raise MissingError("no other class was tested")
    recalled = diagonal(outcomes, without=label)
    mean = 1 - recalled.estimate
    places = max(named, math.ceil((len(others) + 1) / 3))
    last = others[places - 1] if places <= len(others) else 0.0
    bar = min(1.0, max(last, mean + CLEARLY))
    place = 1 + sum(value > missed.estimate for value in others)
    numbers = (
        f"missed: {missed}; place {place} of {len(others) + 1} classes; others {per_cent(mean)} "
        f"on average; needed: {per_cent(bar)}"
    )
    null = 1 - recalled.interval[0]
    return decide(missed.estimate, missed.interval, bar=bar, null=null), numbers


def many_are_hard(outcomes: Outcomes, *, seed: int) -> tuple[Verdict, str]:
    """Judge whether many classes are hard: half or more of the crops of a quarter are missed.

    The interval of the share of such classes, by resampling sequences, has to lie above an eighth.

    Raises
    ------
    MissingError : fewer than two sequences a class.
    """
    hard = _classes(outcomes, 1 - outcomes.recognised, least=HALF, seed=seed)
    return hard.many(), f"misses half or more of {hard}"


class _Classes(NamedTuple):
    """How many classes something holds of."""

    found: int
    classes: int
    interval: Interval  # of the share of classes
    sequences: int

    def many(self) -> Verdict:
        """Judge whether they are many."""
        return decide(self.found / self.classes, self.interval, bar=MANY, null=MANY / 2)

    def __str__(self) -> str:
        low, high = (per_cent(end) for end in self.interval)
        return (
            f"{self.found} of {counted(self.classes, 'class')} ({low} to {high}; "
            f"{counted(self.sequences, 'sequence')})"
        )


def _classes(outcomes: Outcomes, values: pd.Series, *, least: float, seed: int) -> _Classes:
    """Count the classes whose sequences have `least` on average, and resample the count."""
    labels = outcomes.actual[values.index]
    membership = pd.get_dummies(labels).to_numpy(float)
    classes = membership.shape[1]
    if not classes or len(values) < _PER_CLASS * classes:
        raise MissingError(
            f"{counted(len(values), 'sequence')} of {classes} classes: fewer than two a class"
        )

    def share_of_classes(drawn: np.ndarray) -> np.ndarray:
        number = drawn @ membership
        total = drawn @ (membership * values.to_numpy()[:, None])
        present = number > 0
        holds = present & (total >= least * number - 1e-9)
        return holds.sum(axis=1) / present.sum(axis=1)

    interval = resampled_interval(len(values), share_of_classes, seed=seed)
    found = round(float(share_of_classes(np.ones((1, len(values))))[0]) * classes)
    return _Classes(found, classes, interval, len(values))


def _share_of_errors(outcomes: Outcomes, label: int) -> tuple[Share, float]:
    """Share of the other classes' errors that goes to one class, and an even share.

    Each sequence weighs as much as it has errors.
    """
    classes = len(outcomes.shares.columns)
    if classes < 3:
        raise MissingError("errors have only one class to go to")
    others = outcomes.shares[outcomes.actual != label]
    wrong = 1 - outcomes.recognised[others.index].to_numpy()
    erring = wrong > 1e-9
    if not erring.any():
        raise MissingError("no errors in the test sequences of the other classes")
    taken = others.loc[erring, label].to_numpy() / wrong[erring]
    return share(np.clip(taken, 0, 1), wrong[erring]), 1 / (classes - 1)


def _of(outcomes: Outcomes, label: int) -> pd.DataFrame:
    rows = outcomes.of(label)
    if rows.empty:
        raise MissingError("no test sequence of this class")
    return rows
