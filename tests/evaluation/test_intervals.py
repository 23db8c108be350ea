import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.evaluation.intervals import bootstrap_interval, resampled_interval


def test_independent_crops_give_the_binomial_interval():
    correct = np.repeat([1, 0], [60, 40])
    lower, upper = bootstrap_interval(correct, np.arange(100).astype(str), seed=0)
    half = 1.96 * np.sqrt(0.6 * 0.4 / 100)
    assert lower == pytest.approx(0.6 - half, abs=0.015)
    assert upper == pytest.approx(0.6 + half, abs=0.015)


def test_crops_of_one_sequence_count_as_one_observation():
    correct = np.repeat([1, 0], [60, 40])
    by_crop = bootstrap_interval(correct, np.arange(100).astype(str), seed=0)
    by_sequence = bootstrap_interval(correct, (np.arange(100) // 10).astype(str), seed=0)
    widths = by_crop[1] - by_crop[0], by_sequence[1] - by_sequence[0]
    assert widths[1] / widths[0] == pytest.approx(np.sqrt(10), rel=0.15)


def test_a_single_sequence_says_nothing_about_others():
    assert bootstrap_interval([1, 1, 1], ["a", "a", "a"], seed=0) == (0.0, 1.0)
    difference = bootstrap_interval([0, 1], ["a", "a"], seed=0, bounds=(-1.0, 1.0))
    assert difference == (-1.0, 1.0)


def test_blocks_of_resamples_do_not_run_out_of_memory_or_of_resamples():
    names = np.arange(20_000).astype(str)
    lower, upper = bootstrap_interval(np.arange(20_000) % 2, names, seed=0, resamples=400)
    assert 0.49 < lower < 0.5 < upper < 0.51


def test_resampling_gives_the_spread_of_a_mean_and_the_same_each_time():
    values = np.random.default_rng(1).normal(size=200)
    low, high = resampled_interval(200, lambda drawn: drawn @ values / 200, seed=3)
    assert (low, high) == resampled_interval(200, lambda drawn: drawn @ values / 200, seed=3)
    spread = 1.96 * values.std() / np.sqrt(200)
    assert (low, high) == pytest.approx((values.mean() - spread, values.mean() + spread), abs=0.01)


def test_a_mean_of_scores_has_the_numbers_that_it_always_had():
    correct, names = np.arange(40) % 3 > 0, (np.arange(40) // 4).astype(str)
    assert bootstrap_interval(correct, names, seed=7) == pytest.approx((0.575, 0.725))


@settings(deadline=None, max_examples=30, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from("abcde")), min_size=1, max_size=40),
    st.randoms(use_true_random=False),
)
def test_bounds_are_ordered_within_0_and_1_and_ignore_the_order_of_rows(rows, random):
    first = bootstrap_interval([r[0] for r in rows], [r[1] for r in rows], seed=5, resamples=200)
    assert 0 <= first[0] <= first[1] <= 1
    random.shuffle(rows)
    again = bootstrap_interval([r[0] for r in rows], [r[1] for r in rows], seed=5, resamples=200)
    assert first == again
