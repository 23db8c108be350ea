"""Whether one network is more accurate than another, on the same sequences."""

from typing import NamedTuple

import pandas as pd

from avdistill.evaluation.claims.results import Outcomes
from avdistill.evaluation.claims.uncertainty import (
    counted,
    largest_unseen,
    p_in_words,
    per_cent,
)
from avdistill.evaluation.claims.verdict import Interval, Verdict
from avdistill.evaluation.intervals import LEVEL, bootstrap_interval
from avdistill.evaluation.mcnemar import sign_test

MARGIN = 0.1  # 37 sequences cannot distinguish a lead below 10 percentage points from none


class Comparison(NamedTuple):
    """The comparison of two networks by their accuracy in sequences.

    Attributes
    ----------
    first, second : accuracies, each sequence judged by its mean logits, averaged over seeds.
    interval : 95 % interval of the first's lead; paired, whole sequences are resampled.
    only_first, only_second : number of sequences that this network has right more often.
    p : exact and two-sided, from the sign test; for one seed this is McNemar's test.
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
        """Return the first network's accuracy minus the second's."""
        return self.first - self.second

    def verdict(self) -> Verdict:
        """Judge whether the first is more accurate.

        Supported: the first leads, with p of at most 0.05. Not supported: the second leads, with
        p of at most 0.05, or the interval rules out a lead of 10 points. With fewer than 36
        sequences nothing is ruled out: an exact interval holds such a lead even if the networks
        never differ.
        """
        if self.p <= 1 - LEVEL and self.lead > 0 and self.only_first > self.only_second:
            return Verdict.SUPPORTED
        if self.p <= 1 - LEVEL and self.lead < 0 and self.only_first < self.only_second:
            return Verdict.NOT_SUPPORTED
        ruled_out = max(self.interval[1], largest_unseen(self.sequences)) < MARGIN
        return Verdict.NOT_SUPPORTED if ruled_out else Verdict.NOT_DECIDABLE

    def __str__(self) -> str:
        """Return the numbers that the verdict rests on."""
        low, high = (f"{100 * end:+.0f}".replace("-", "−") for end in self.interval)
        return (
            f"{per_cent(self.first)} against {per_cent(self.second)} of "
            f"{counted(self.sequences, 'sequence')}; lead {low} to {high} points; "
            f"{self.only_first} against {self.only_second} sequences, {p_in_words(self.p)}"
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
    """Return by sequence how much more often the first is right, between -1 and 1."""
    return (first.right - second.right).round(9)
