"""Statements about classes that are missed, judged by sequence.

The missed share of a sequence is the share of its crops that are taken for another class. The
paper gives no thresholds. Those here were fixed before any result was seen, for the few test
sequences of AVIA: 37 of all scenarios and 12 of one, or 42 and 14 in the stratified split.
"""

import numpy as np

from avdistill.evaluation.claims.confusions import HALF
from avdistill.evaluation.claims.results import Outcomes
from avdistill.evaluation.claims.shuffling import P_MOST, chance_of_as_much, too_few
from avdistill.evaluation.claims.uncertainty import (
    fewest_to_rule_out,
    left_out,
    p_in_words,
    per_cent,
    share,
)
from avdistill.evaluation.claims.verdict import MissingError, Verdict, decide

ALWAYS = 0.95  # of crops: a class with one crop in twenty right still counts as always missed
CLEARLY = 0.1  # a difference between shares, 10 percentage points
MANY_HARD = 1 / 3  # of sequences: twelve that are not hard cannot rule out a share of a quarter


def always_missed(outcomes: Outcomes, label: int, *, seed: int) -> tuple[Verdict, str]:
    """Judge whether a class is always missed.

    Supported: at least 95 % of its crops are missed, and at most 5 % of the choices of as many
    test sequences of any class are missed as much (p of at most 0.05). Not supported: half or more
    of one of its sequences is recognised, or the interval of the missed share lies below 95 %. A
    single sequence of the class decides nothing if there are fewer than 20 test sequences.

    Parameters
    ----------
    seed : seed of the shuffling.

    Raises
    ------
    MissingError : no sequence of this class was tested, or none of another class.
    """
    own = 1 - outcomes.of(label)[label]
    missed, values = share(own), 1 - outcomes.recognised.to_numpy()
    if len(own) == len(values):
        raise MissingError("no other class was tested")
    if few := too_few(len(own), len(values)):
        return Verdict.NOT_DECIDABLE, f"missed: {missed}; {few}"
    chosen = (outcomes.actual == label).to_numpy()
    p = chance_of_as_much(values, chosen, seed=seed)
    numbers = (
        f"missed: {missed}, of the sequence best recognised {per_cent(own.min())}; other classes' "
        f"sequences {per_cent(values[~chosen].mean())}; by chance {p_in_words(p)}"
    )
    if missed.interval[1] < ALWAYS or own.min() <= HALF + 1e-9:
        return Verdict.NOT_SUPPORTED, numbers
    shown = missed.estimate >= ALWAYS and p <= P_MOST
    return Verdict.SUPPORTED if shown else Verdict.NOT_DECIDABLE, numbers


def hardest(outcomes: Outcomes, labels: dict[str, int], *, seed: int) -> tuple[Verdict, str]:
    """Judge whether some classes, taken together, are the hardest.

    Supported: their sequences are missed 10 points more than those of the other classes; the
    shuffling test of this difference has p of at most 0.05; and each class is missed 10 points
    more, without a test of its own. Not supported: the same test, in the other direction and with
    10 points taken from their shares, rules out a difference of 10 points. This may be for all of
    these classes or for one of them.

    Parameters
    ----------
    labels : by name. Classes without a test sequence are left out; the numbers name them.
    seed : seed of the shuffling.

    Raises
    ------
    MissingError : none of these classes was tested, or no other class was.
    """
    values, actual = 1 - outcomes.recognised.to_numpy(), outcomes.actual.to_numpy()
    tested = {name: label for name, label in labels.items() if label in actual}
    named = np.isin(actual, list(tested.values()))
    if not named.any() or named.all():
        raise MissingError("no test sequence of these classes, or of no other")
    absent = left_out(labels, tested)
    if few := too_few(int(named.sum()), len(values)):
        return Verdict.NOT_DECIDABLE, few + absent
    more = chance_of_as_much(values, named, seed=seed)
    less = _chance_of_as_little(values, named, seed)
    others = values[~named].mean()
    missed = {name: values[actual == label].mean() for name, label in tested.items()}
    numbers = (
        f"missed: {share(values[named])}, of other classes {per_cent(others)}; so much more by "
        f"chance {p_in_words(more)}, so little if 10 points more {p_in_words(less)}; "
        f"{', '.join(f'{name} {per_cent(value)}' for name, value in missed.items())}{absent}"
    )
    for label in tested.values():
        own = actual == label
        compared = own | ~named
        less = min(less, _chance_of_as_little(values[compared], own[compared], seed))
    if less <= P_MOST:
        return Verdict.NOT_SUPPORTED, numbers
    clear = min(values[named].mean(), *missed.values()) - others >= CLEARLY - 1e-9
    return Verdict.SUPPORTED if clear and more <= P_MOST else Verdict.NOT_DECIDABLE, numbers


def many_are_hard(outcomes: Outcomes) -> tuple[Verdict, str]:
    """Judge whether many classes are hard: half or more is missed of a third of the sequences.

    Each class counts the same. Supported: the interval lies above a sixth. Not supported: it lies
    below a third. With fewer than ten sequences of as many classes nothing is decided: the
    interval reaches a third even if no sequence is hard.
    """
    hard = (1 - outcomes.recognised >= HALF - 1e-9).to_numpy(float)
    weights = (1 / outcomes.actual.map(outcomes.actual.value_counts())).to_numpy(float)
    found = share(hard, weights)
    numbers = f"misses half or more of {found}, each class counting the same"
    if share(np.zeros(len(hard)), weights).interval[1] >= MANY_HARD:
        needed = fewest_to_rule_out(MANY_HARD)
        few = f"; too few, at least {needed} are needed, of as many classes"
        return Verdict.NOT_DECIDABLE, numbers + few
    return decide(found.estimate, found.interval, bar=MANY_HARD, null=MANY_HARD / 2), numbers


def _chance_of_as_little(values: np.ndarray, chosen: np.ndarray, seed: int) -> float:
    """Return the one-sided p of so small a mean, if it were 10 points above that of the others."""
    return chance_of_as_much(CLEARLY * chosen - values, chosen, seed=seed)
