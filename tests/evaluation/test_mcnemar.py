import math

import pytest
from scipy.stats import binomtest

from avdistill.evaluation.mcnemar import exact_mcnemar, sign_test


def right(both, only_first, only_second, neither):
    """Build both networks' verdicts from the four counts."""
    first = [True] * (both + only_first) + [False] * (only_second + neither)
    second = [True] * both + [False] * only_first + [True] * only_second + [False] * neither
    return first, second


@pytest.mark.parametrize(("only_first", "only_second"), [(5, 0), (0, 5), (6, 2), (3, 3), (1, 0)])
@pytest.mark.parametrize("agreeing", [0, 20])
def test_p_is_the_two_sided_binomial_tail_of_the_differing_sequences(
    only_first, only_second, agreeing
):
    found = exact_mcnemar(*right(agreeing, only_first, only_second, agreeing))
    assert (found.only_first, found.only_second) == (only_first, only_second)
    n, least = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(n, k) for k in range(least + 1)) / 2**n
    assert found.p == pytest.approx(min(1.0, 2 * tail))


def test_networks_that_never_differ_are_not_told_apart():
    assert exact_mcnemar(*right(4, 0, 0, 3)) == (0, 0, 1.0)
    assert exact_mcnemar([], []).p == 1.0


def test_it_is_symmetric():
    first, second = right(2, 7, 1, 4)
    assert exact_mcnemar(first, second).p == exact_mcnemar(second, first).p
    assert exact_mcnemar(first, second).p == pytest.approx(2 * 9 / 2**8)


def test_different_numbers_of_sequences_are_refused():
    with pytest.raises(ValueError, match="sequences"):
        exact_mcnemar([True], [True, False])


def test_six_sequences_are_the_least_that_a_sign_test_can_tell_from_chance():
    assert sign_test(6, 0) <= 0.05 < sign_test(5, 0)
    assert sign_test(0, 0) == 1
    assert sign_test(2, 9) == sign_test(9, 2) == pytest.approx(binomtest(2, 11).pvalue)
