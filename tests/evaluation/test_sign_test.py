import math

import numpy as np
import pytest
from scipy.stats import binomtest

from avdistill.evaluation.sign_test import sign_test


def lead(both, only_first, only_second, neither):
    """Build the difference of two networks' verdicts from the four counts."""
    return np.repeat([0, 1, -1, 0], [both, only_first, only_second, neither])


@pytest.mark.parametrize(("only_first", "only_second"), [(5, 0), (0, 5), (6, 2), (3, 3), (1, 0)])
@pytest.mark.parametrize("agreeing", [0, 20])
def test_p_is_the_two_sided_binomial_tail_of_the_differing_sequences(
    only_first, only_second, agreeing
):
    found = sign_test(lead(agreeing, only_first, only_second, agreeing))
    assert (found.above, found.below) == (only_first, only_second)
    n, least = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(n, k) for k in range(least + 1)) / 2**n
    assert found.p == pytest.approx(min(1.0, 2 * tail))


def test_networks_that_never_differ_are_not_told_apart():
    assert sign_test(lead(4, 0, 0, 3)) == (0, 0, 1.0)
    assert sign_test(np.empty(0)).p == 1.0


def test_it_is_symmetric():
    difference = lead(2, 7, 1, 4)
    assert sign_test(difference).p == sign_test(-difference).p
    assert sign_test(difference).p == pytest.approx(2 * 9 / 2**8)


def test_six_sequences_are_the_least_that_a_sign_test_can_tell_from_chance():
    assert sign_test(lead(0, 6, 0, 0)).p <= 0.05 < sign_test(lead(0, 5, 0, 0)).p
    assert sign_test(lead(0, 2, 9, 0)).p == sign_test(lead(0, 9, 2, 0)).p
    assert sign_test(lead(0, 2, 9, 0)).p == pytest.approx(binomtest(2, 11).pvalue)


def test_what_is_not_a_number_has_no_sign():
    assert sign_test(np.array([0.5, np.nan, -1e-9])) == (1, 1, 1.0)
