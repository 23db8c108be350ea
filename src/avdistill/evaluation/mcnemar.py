"""McNemar's exact test of two networks on the same sequences, and the sign test under it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest


class McNemar(NamedTuple):
    """What the test rests on and what it gives.

    Attributes
    ----------
    only_first, only_second : sequences that only one of the two networks has right.
    p : two-sided.
    """

    only_first: int
    only_second: int
    p: float


def exact_mcnemar(
    first: Sequence[bool] | np.ndarray, second: Sequence[bool] | np.ndarray
) -> McNemar:
    """Test whether two networks are right equally often.

    Were they, a sequence on which they differ would be as likely to be the one's as the other's:
    the number of either is binomial with 1/2 among those on which they differ (reference:
    McNemar, Psychometrika 12, 1947, with exact probabilities). The unit is the sequence, since
    crops of one sequence are not independent.

    Parameters
    ----------
    first, second : (sequences,) whether each network has each sequence right, in the same order.

    Returns
    -------
    p is 1 where no sequence tells the networks apart.

    Raises
    ------
    ValueError : the networks were not tested on as many sequences.
    """
    first, second = (np.asarray(right, dtype=bool) for right in (first, second))
    if first.shape != second.shape:
        raise ValueError(f"{first.shape} against {second.shape} sequences")
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    return McNemar(only_first, only_second, sign_test(only_first, only_second))


def sign_test(above: int, below: int) -> float:
    """Two-sided exact p of as many signs on either side; 1 where there is none."""
    return float(binomtest(above, above + below).pvalue) if above + below else 1.0
