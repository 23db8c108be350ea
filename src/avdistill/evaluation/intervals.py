"""Confidence intervals that respect that crops of one sequence are not independent."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

LEVEL = 0.95
# Resamples are drawn in blocks of at most this many counts, so that memory stays small.
_COUNTS_PER_BLOCK = 4_000_000


def resampled_interval(
    count: int,
    statistic: Callable[[np.ndarray], np.ndarray],
    *,
    seed: int,
    resamples: int = 10_000,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a statistic over resampled whole sequences.

    Each resample draws as many sequences as there are, with replacement (reference: Efron and
    Tibshirani, An Introduction to the Bootstrap, chapter 13, with the sequence as the unit).

    Parameters
    ----------
    count : number of sequences.
    statistic : function from (resamples, count), how often each sequence was drawn, to
        (resamples,).
    seed : seed of the resampling.
    resamples : number of resamples.
    """
    random = np.random.default_rng(seed)
    block = max(1, _COUNTS_PER_BLOCK // count)
    values = []
    for first in range(0, resamples, block):
        size = min(block, resamples - first)
        values.append(statistic(random.multinomial(count, np.full(count, 1 / count), size=size)))
    lower, upper = np.quantile(np.concatenate(values), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(lower), float(upper)


def bootstrap_interval(
    correct: Sequence[float] | np.ndarray,
    sequences: Sequence[str] | np.ndarray,
    *,
    seed: int,
    resamples: int = 10_000,
    bounds: tuple[float, float] = (0.0, 1.0),
) -> tuple[float, float]:
    """Return the 95 % percentile interval of the mean of `correct` over resampled sequences.

    All crops of a drawn sequence are taken; see `resampled_interval`. Rows may come in any
    order.

    Parameters
    ----------
    correct : (crops,) 0 or 1 for each crop, or any other score; to compare two networks in pairs,
        the difference of their scores.
    sequences : (crops,) name of the sequence that each crop was cut from.
    seed : seed of the resampling.
    resamples : number of resamples.
    bounds : the smallest and the largest possible mean of these scores.

    Returns
    -------
    Lower and upper end; `bounds` for a single sequence, which says nothing about others.
    """
    names, membership = np.unique(np.asarray(sequences, dtype=str), return_inverse=True)
    crops = np.bincount(membership)
    right = np.bincount(membership, weights=np.asarray(correct, dtype=float))
    if len(names) == 1:
        return bounds

    def mean(drawn: np.ndarray) -> np.ndarray:
        return (drawn @ right) / (drawn @ crops)

    return resampled_interval(len(names), mean, seed=seed, resamples=resamples)


def crop_interval(predictions: pd.DataFrame, *, seed: int) -> tuple[float, float] | None:
    """Return the 95 % interval of `accuracy_crop`; None without a crop.

    Parameters
    ----------
    seed : seed of the bootstrap over sequences.
    """
    if predictions.empty:
        return None
    correct = predictions["actual"] == predictions["predicted"]
    return bootstrap_interval(correct.to_numpy(), predictions["sequence"].to_numpy(), seed=seed)
