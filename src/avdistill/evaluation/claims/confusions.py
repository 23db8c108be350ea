"""Statements about confusion matrices, judged by sequence.

Every rate is a mean over sequences of the share of a sequence's crops, each class counting the
same. The paper gives no thresholds; those here were fixed before any result was seen.
"""

import itertools

import numpy as np
import pandas as pd

from avdistill.evaluation.claims.results import Outcomes
from avdistill.evaluation.claims.uncertainty import (
    Share,
    counted,
    fewest_to_rule_out,
    left_out,
    per_cent,
    share,
)
from avdistill.evaluation.claims.verdict import MissingError, Verdict, decide, together
from avdistill.evaluation.intervals import resampled_interval

OFTEN = 0.1  # of a class's crops: a rarer confusion is not counted
MANY = 0.25  # of all classes in question
MAIN = 1 / 3  # of errors
HALF = 0.5

_PER_CLASS = 2  # sequences that resampling needs to estimate how a class varies


def recall(outcomes: Outcomes, label: int) -> Share:
    """Return the share of a class's crops that are recognised, averaged over its sequences.

    Raises
    ------
    MissingError : none of its sequences was tested.
    """
    return share(outcomes.of(label)[label])


def diagonal(outcomes: Outcomes) -> Share:
    """Return the mean of the row-normalised diagonal, each class counting the same."""
    weights = 1 / outcomes.actual.map(outcomes.actual.value_counts())
    return share(outcomes.recognised, weights.to_numpy(float))


def confused_pairs(outcomes: Outcomes, pairs: dict[str, tuple[int, int]]) -> tuple[Verdict, str]:
    """Judge whether some pairs of classes, taken together, are the main confusions.

    Supported: a third of the errors in these classes' sequences go to the other class of the
    pair, with an interval above an even share; the rate at which they are taken for each other
    (both directions averaged, then pairs) reaches 10 % and twice the mean of all other pairs; and
    each pair's is above this mean. Not supported: the interval of the share of errors lies below a
    third, or that of a pair's rate below 10 %. A pair alone has too few sequences for a verdict:
    fewer than ten of these classes decide nothing.

    Parameters
    ----------
    pairs : labels, by name. Pairs with an untested class are left out; the numbers name them.

    Raises
    ------
    MissingError : no pair was tested, or there is no other.
    """
    matrix = outcomes.shares.groupby(outcomes.actual).mean()
    tested = {name: pair for name, pair in pairs.items() if set(pair) <= set(matrix.index)}
    if not tested:
        raise MissingError("of no pair was there a test sequence of both classes")
    others = [
        (matrix.at[i, j] + matrix.at[j, i]) / 2
        for i, j in itertools.combinations(matrix.index, 2)
        if not any({i, j} == set(pair) for pair in tested.values())
    ]
    if not others:
        raise MissingError("only these two classes were tested: there is no other pair")
    partner = {a: b for pair in tested.values() for a, b in (pair, pair[::-1])}
    chosen = outcomes.actual[outcomes.actual.isin(list(partner))]
    rates = {name: _rate(outcomes, *pair) for name, pair in tested.items()}
    each = [rate.estimate for rate in rates.values()]
    rate, mean = float(np.mean(each)), float(np.mean(others))
    rated = ", ".join(f"{name} {per_cent(one.estimate)}" for name, one in rates.items())
    numbers = (
        f"taken for each other: {per_cent(rate)} ({rated}), other pairs {per_cent(mean)} on average"
        f"{left_out(pairs, tested)}"
    )
    needed = fewest_to_rule_out(MAIN)
    if len(chosen) < needed:
        few = f"; {counted(len(chosen), 'sequence')}: too few, at least {needed} are needed"
        return Verdict.NOT_DECIDABLE, numbers + few
    if any(one.interval[1] < OFTEN for one in rates.values()):
        return Verdict.NOT_SUPPORTED, numbers
    taken = [outcomes.shares.at[name, partner[own]] for name, own in chosen.items()]
    errors = _of_errors(np.array(taken), 1 - outcomes.recognised[chosen.index].to_numpy())
    if errors is None:
        return Verdict.NOT_DECIDABLE, f"{numbers}; no errors in these classes"
    even = 1 / (len(outcomes.shares.columns) - 1)
    often = rate >= max(OFTEN, 2 * mean) - 1e-9 and min(each) > mean
    verdict = decide(errors.estimate, errors.interval, bar=MAIN, null=even)
    return (
        verdict if often or verdict is Verdict.NOT_SUPPORTED else Verdict.NOT_DECIDABLE,
        f"{numbers}; {errors} of these classes' errors, an even share is {per_cent(even)}",
    )


def _rate(outcomes: Outcomes, first: int, second: int) -> Share:
    """Return the rate at which two classes are taken for each other, averaged over directions."""
    one, other = outcomes.of(first)[second], outcomes.of(second)[first]
    return share([*one, *other], np.repeat([1 / len(one), 1 / len(other)], [len(one), len(other)]))


def draws_many_classes(outcomes: Outcomes, label: int, *, seed: int) -> tuple[Verdict, str]:
    """Judge whether many classes are taken for one.

    The class has to draw at least 10 % of the crops of a quarter of the other classes; the
    interval, from resampled sequences, lies above an eighth. It also has to take at least twice
    an even share of these classes' errors, with an interval above an even share.

    Raises
    ------
    MissingError : there are no errors, fewer than three classes, or fewer than two sequences per
        class.
    """
    errors, even = _share_of_errors(outcomes, label)
    is_drawn, drawn = _draws_many(outcomes, label, seed=seed)
    takes_errors = decide(errors.estimate, errors.interval, bar=min(1.0, 2 * even), null=even)
    return together(takes_errors, is_drawn), (
        f"draws 10 % or more of {drawn}; takes {errors} of these classes' errors, an even share "
        f"is {per_cent(even)}"
    )


def errors_go_to(outcomes: Outcomes, label: int) -> tuple[Verdict, str]:
    """Judge whether one class takes more errors than any other.

    Its share of the other classes' errors has to be the largest that any class has (each class's
    counted among the errors of all others), and twice an even share, with an interval above an
    even share.

    Raises
    ------
    MissingError : there are no errors, or fewer than three classes.
    """
    errors, even = _share_of_errors(outcomes, label)
    rivals = {}
    for other in set(outcomes.shares.columns) - {label}:
        try:
            rivals[other] = _share_of_errors(outcomes, other)[0].estimate
        except MissingError:  # only this class's own sequences have errors
            rivals[other] = 0.0
    largest = max(rivals.values())
    numbers = (
        f"{errors} of errors, an even share is {per_cent(even)}; the largest share of another "
        f"class is {per_cent(largest)}"
    )
    bar = min(1.0, max(2 * even, largest))
    return decide(errors.estimate, errors.interval, bar=bar, null=even), numbers


def _draws_many(outcomes: Outcomes, label: int, *, seed: int) -> tuple[Verdict, str]:
    """Judge whether many of the other classes have at least 10 % of their crops taken for one."""
    values = outcomes.shares.loc[outcomes.actual != label, label]
    membership = pd.get_dummies(outcomes.actual[values.index]).to_numpy(float)
    sequences, classes = membership.shape
    if not classes or sequences < _PER_CLASS * classes:
        raise MissingError(
            f"{counted(sequences, 'sequence')} of {classes} classes: fewer than two a class"
        )

    def share_of_classes(drawn: np.ndarray) -> np.ndarray:
        number = drawn @ membership
        total = drawn @ (membership * values.to_numpy()[:, None])
        present = number > 0
        holds = present & (total >= OFTEN * number - 1e-9)
        return holds.sum(axis=1) / present.sum(axis=1)

    interval = resampled_interval(sequences, share_of_classes, seed=seed)
    found = round(float(share_of_classes(np.ones((1, sequences)))[0]) * classes)
    low, high = map(per_cent, interval)
    return decide(found / classes, interval, bar=MANY, null=MANY / 2), (
        f"{found} of {counted(classes, 'class')} ({low} to {high}; "
        f"{counted(sequences, 'sequence')})"
    )


def _share_of_errors(outcomes: Outcomes, label: int) -> tuple[Share, float]:
    """Return the share of the other classes' errors that goes to one class, and an even share.

    Each sequence is weighted by its errors.
    """
    classes = len(outcomes.shares.columns)
    if classes < 3:
        raise MissingError("errors have only one class to go to")
    others = outcomes.shares[outcomes.actual != label]
    wrong = 1 - outcomes.recognised[others.index].to_numpy()
    errors = _of_errors(others[label].to_numpy(), wrong)
    if errors is None:
        raise MissingError("no errors in the test sequences of the other classes")
    return errors, 1 / (classes - 1)


def _of_errors(taken: np.ndarray, wrong: np.ndarray) -> Share | None:
    """Return the share of errors, from shares of each sequence's crops; None without errors."""
    erring = wrong > 1e-9
    if not erring.any():
        return None
    return share(np.clip(taken[erring] / wrong[erring], 0, 1), wrong[erring])
