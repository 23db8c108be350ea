import math

import numpy as np
import pytest

from avdistill.evaluation.claims.shuffling import chance_of_as_much, too_few

LAST_TWO = np.arange(12) >= 10


def test_p_counts_the_choices_that_do_as_much():
    assert chance_of_as_much(np.arange(12.0), LAST_TWO, seed=0) == pytest.approx(1 / 66)
    assert chance_of_as_much(-np.arange(12.0), LAST_TWO, seed=0) == 1
    # Two of the three that are alike: three ways.
    values = np.array([0.0] * 9 + [0.1 + 0.2, 0.3, 0.3])
    assert chance_of_as_much(values, LAST_TWO, seed=0) == pytest.approx(3 / 66)
    assert chance_of_as_much(np.full(12, 0.1), LAST_TWO, seed=0) == 1


def test_many_choices_are_drawn_at_random_and_the_same_each_time():
    values = np.random.default_rng(1).normal(size=60)
    chosen = np.arange(60) < 20
    values[chosen] += 0.5
    found = chance_of_as_much(values, chosen, seed=3)
    assert found == chance_of_as_much(values, chosen, seed=3)
    lead = values[chosen].mean() - values[~chosen].mean()
    z = lead / values.std(ddof=1) / math.sqrt(1 / 20 + 1 / 40)
    assert found == pytest.approx(math.erfc(z / math.sqrt(2)) / 2, abs=0.01)
    assert chance_of_as_much(np.arange(60.0), np.arange(60) >= 40, seed=0) == 1 / 10_001


def test_what_cannot_reach_p_says_how_many_it_needs():
    assert too_few(2, 12) is too_few(1, 37) is too_few(3, 6) is None
    assert too_few(1, 14) == (
        "1 of 14 sequences: too few to tell from chance, at least 2 are needed"
    )
    assert too_few(1, 20) is None
    assert "1 of 19 sequences" in too_few(1, 19)
    assert "no number" in too_few(2, 5)
