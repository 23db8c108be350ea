"""Exact intervals whose unit is the sequence, and how numbers are written."""

import itertools
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import beta

from avdistill.evaluation.claims.verdict import Interval
from avdistill.evaluation.intervals import LEVEL

_TAIL = (1 - LEVEL) / 2


class Share(NamedTuple):
    """A share with its interval.

    Attributes
    ----------
    estimate : the share, between 0 and 1.
    interval : the exact 95 % interval.
    sequences : how many sequences it is the mean of.
    """

    estimate: float
    interval: Interval
    sequences: int

    def __str__(self) -> str:
        """Return the share and its interval in per cent."""
        low, high = self.interval
        return (
            f"{per_cent(self.estimate)} ({100 * low:.0f} to {per_cent(high)}; "
            f"{counted(self.sequences, 'sequence')})"
        )


def share(values: Sequence[float] | np.ndarray, weights: np.ndarray | None = None) -> Share:
    """Return the mean of one share per sequence, with an exact binomial interval.

    The interval is Clopper and Pearson's. Trials are sequences; the number of successes is
    fractional if crops of a sequence differ. With weights the number of trials is Kish's effective
    number (reference: Korn and Graubard, Survey Methodology 24, 1998). Few sequences give a wide
    interval, 29 to 100 % for 3 of 3, so that no verdict rests on a handful of recordings.

    Parameters
    ----------
    values : (sequences,) between 0 and 1.
    weights : (sequences,) not negative, some positive; equal by default.
    """
    values = np.asarray(values, dtype=float)
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
    trials = weights.sum() ** 2 / (weights**2).sum()
    estimate = float(np.clip(values @ weights / weights.sum(), 0, 1))
    # Rounded, so that three thirds make exactly 1.
    hits = round(estimate * trials, 9)
    low = beta.ppf(_TAIL, hits, trials - hits + 1) if hits > 0 else 0.0
    high = beta.ppf(1 - _TAIL, hits + 1, trials - hits) if hits < round(trials, 9) else 1.0
    return Share(estimate, (float(low), float(high)), len(values))


def largest_unseen(sequences: int) -> float:
    """Return the upper end of the exact interval if none of so many sequences is a success."""
    return 1 - _TAIL ** (1 / sequences)


def fewest_to_rule_out(bar: float) -> int:
    """Return the fewest sequences that, without a success, have an interval below the bar."""
    return next(number for number in itertools.count(1) if largest_unseen(number) < bar)


def per_cent(value: float) -> str:
    """Return a share or a difference of shares in per cent."""
    return f"{100 * value:.0f} %".replace("-", "−")


def p_in_words(p: float) -> str:
    """Return the p of a test in words."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the singular or plural."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}{'es' if noun.endswith('s') else 's'}"


def left_out(names: Iterable[str], tested: Container[str]) -> str:
    """Return a clause that lists the names not tested; empty if all were tested."""
    missing = [name for name in names if name not in tested]
    return f"; not tested: {', '.join(missing)}" if missing else ""
