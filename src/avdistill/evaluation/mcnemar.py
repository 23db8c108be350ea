"""McNemar's exact test of two networks on the same sequences, and the sign test under it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest


class McNemar(NamedTuple):
    """The counts that the test uses, and its result.

    Attributes
    ----------
    only_first, only_second : number of sequences that only this network has right.
    p : two-sided.
    """

    only_first: int
    only_second: int
    p: float


def exact_mcnemar(
    first: Sequence[bool] | np.ndarray, second: Sequence[bool] | np.ndarray
) -> McNemar:
    """Test whether two networks are right equally often.

    If they are, either network is equally likely to be the one that is right on a sequence on
    which they differ. The number of these sequences that one network has right is then binomial
    with probability 1/2 (reference: McNemar, Psychometrika 12, 1947, with exact probabilities).
    The unit is the sequence, since crops of one sequence are not independent.

    Parameters
    ----------
    first, second : (sequences,) whether each network has each sequence right, in the same order.

    Returns
    -------
    The counts and p; p is 1 if the networks differ on no sequence.

    Raises
    ------
    ValueError : the networks were tested on different numbers of sequences.
    """
    first, second = (np.asarray(right, dtype=bool) for right in (first, second))
    if first.shape != second.shape:
        raise ValueError(f"{first.shape} against {second.shape} sequences")
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    return McNemar(only_first, only_second, sign_test(only_first, only_second))


def sign_test(above: int, below: int) -> float:
    """Return the two-sided exact p of the numbers of positive and negative signs; 1 without any."""
    return float(binomtest(above, above + below).pvalue) if above + below else 1.0
