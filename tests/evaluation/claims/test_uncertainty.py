import numpy as np
import pytest
from scipy.stats import binomtest

from avdistill.evaluation.claims.uncertainty import (
    counted,
    fewest_to_rule_out,
    largest_unseen,
    share,
)
from avdistill.evaluation.claims.verdict import Verdict, decide, together


@pytest.mark.parametrize(("hits", "trials"), [(0, 5), (3, 3), (1, 1), (7, 20), (19, 37)])
def test_of_whole_sequences_the_interval_is_clopper_and_pearsons(hits, trials):
    found = share([1.0] * hits + [0.0] * (trials - hits))
    exact = binomtest(hits, trials).proportion_ci(0.95)
    assert found.estimate == pytest.approx(hits / trials)
    assert found.interval == pytest.approx((exact.low, exact.high))


def test_crops_add_nothing_to_the_sequences_that_they_are_cut_from():
    assert share([0.5, 0.5, 0.5, 0.5]).interval == pytest.approx(share([1, 1, 0, 0]).interval)


def test_unequal_weights_cost_trials():
    even, uneven = share([1, 0] * 5), share([1, 0] * 5, np.array([9, 9] + [1] * 8))
    assert uneven.estimate == pytest.approx(0.5)
    assert uneven.interval[0] < even.interval[0]
    assert uneven.interval[1] > even.interval[1]
    assert share([1, 0] * 5, np.full(10, 7.0)).interval == pytest.approx(even.interval)


def test_thirds_that_add_up_are_whole():
    assert share([1 / 3 + 1 / 3 + 1 / 3] * 6).interval[1] == 1
    assert share([1 - 0.1 * 3 - 0.7] * 6).interval[0] == 0


def test_thirty_six_sequences_are_the_least_that_rule_out_ten_points():
    assert largest_unseen(36) < 0.1 <= largest_unseen(35)
    assert (fewest_to_rule_out(0.1), fewest_to_rule_out(1 / 3)) == (36, 10)
    assert largest_unseen(5) == pytest.approx(share([0.0] * 5).interval[1])


def test_numbers_are_counted_in_words():
    assert [counted(1, "class"), counted(2, "class"), counted(0, "sequence")] == [
        "1 class",
        "2 classes",
        "0 sequences",
    ]


@pytest.mark.parametrize(
    ("estimate", "interval", "verdict"),
    [
        (0.5, (0.3, 0.7), Verdict.SUPPORTED),
        (0.5, (0.05, 0.7), Verdict.NOT_DECIDABLE),  # holds what means nothing
        (0.3, (0.2, 0.5), Verdict.NOT_DECIDABLE),  # holds the bar
        (0.3, (0.2, 0.39), Verdict.NOT_SUPPORTED),
        (0.0, (0.0, 0.0), Verdict.NOT_SUPPORTED),
    ],
)
def test_a_verdict_follows_from_the_interval(estimate, interval, verdict):
    assert decide(estimate, interval, bar=0.4, null=0.1) is verdict


def test_one_part_that_fails_is_enough_and_one_open_part_leaves_the_rest_open():
    yes, no, undecided = Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Verdict.NOT_DECIDABLE
    assert together(yes, yes) is yes
    assert together(yes, undecided) is undecided
    assert together(yes, undecided, no) is no
    assert together(undecided, yes) is undecided
