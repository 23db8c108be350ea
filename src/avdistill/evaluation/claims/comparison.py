"""Whether one network is more accurate than another, on the same sequences."""

from typing import NamedTuple

import pandas as pd

from avdistill.evaluation.claims.results import Outcomes
from avdistill.evaluation.claims.uncertainty import (
    counted,
    largest_unseen,
    p_told,
    per_cent,
)
from avdistill.evaluation.claims.verdict import Interval, Verdict
from avdistill.evaluation.intervals import LEVEL, bootstrap_interval
from avdistill.evaluation.mcnemar import sign_test

MARGIN = 0.1  # a lead below 10 percentage points is not one that 37 sequences could tell from none


class Comparison(NamedTuple):
    """Two networks' accuracies in sequences, compared.

    Attributes
    ----------
    first, second : accuracies, each sequence judged by its mean logits, averaged over seeds.
    interval : 95 %, of the first's lead; paired, whole sequences resampled.
    only_first, only_second : sequences that one of them has right more often than the other.
    p : exact and two-sided: McNemar's; of several seeds the sign test, which is the same for one.
    """

    first: float
    second: float
    interval: Interval
    only_first: int
    only_second: int
    p: float
    sequences: int

    @property
    def lead(self) -> float:
        """How much more accurate the first is."""
        return self.first - self.second

    def verdict(self) -> Verdict:
        """Judge whether the first is more accurate.

        Supported: it leads, and the test tells them apart (p of at most 0.05). Not supported: the
        other leads so, or a lead of 10 points can be ruled out, by the interval and by number
        (with fewer than 36 sequences an exact interval holds it even if they never differ).
        """
        if self.p <= 1 - LEVEL and self.lead > 0 and self.only_first > self.only_second:
            return Verdict.SUPPORTED
        if self.p <= 1 - LEVEL and self.lead < 0 and self.only_first < self.only_second:
            return Verdict.NOT_SUPPORTED
        ruled_out = max(self.interval[1], largest_unseen(self.sequences)) < MARGIN
        return Verdict.NOT_SUPPORTED if ruled_out else Verdict.NOT_DECIDABLE

    def __str__(self) -> str:
        """Tell the numbers."""
        low, high = (f"{100 * end:+.0f}".replace("-", "−") for end in self.interval)
        return (
            f"{per_cent(self.first)} against {per_cent(self.second)} of "
            f"{counted(self.sequences, 'sequence')}; lead {low} to {high} points; "
            f"{self.only_first} against {self.only_second} sequences, {p_told(self.p)}"
        )


def compare(first: Outcomes, second: Outcomes, *, seed: int) -> Comparison:
    """Compare two networks tested on the same sequences; `seed` is the bootstrap's."""
    lead = leads(first, second)
    only_first, only_second = int((lead > 0).sum()), int((lead < 0).sum())
    return Comparison(
        float(first.right.mean()),
        float(second.right.mean()),
        bootstrap_interval(lead.to_numpy(), lead.index, seed=seed, bounds=(-1.0, 1.0)),
        only_first,
        only_second,
        sign_test(only_first, only_second),
        len(lead),
    )


def leads(first: Outcomes, second: Outcomes) -> pd.Series:
    """By sequence, how much more often the first is right, between -1 and 1."""
    return (first.right - second.right).round(9)
