"""The exact sign test, which for two networks on the same sequences is McNemar's."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binomtest


class Signs(NamedTuple):
    """The counts that the test uses, and its result.

    Attributes
    ----------
    above, below : number of positive and of negative differences.
    p : two-sided.
    """

    above: int
    below: int
    p: float


def sign_test(differences: np.ndarray | pd.Series) -> Signs:
    """Test whether differences are equally often positive and negative.

    If they are, the number of positive ones among those that are not 0 is binomial with probability
    1/2. For the difference of two networks, 1, 0 or -1 on each sequence, this is McNemar's test
    (reference: McNemar, Psychometrika 12, 1947, with exact probabilities). The unit is the
    sequence, since crops of one sequence are not independent.

    Parameters
    ----------
    differences : such as (sequences,) whether one network has each right minus whether another has.

    Returns
    -------
    The counts and p; p is 1 if no difference is positive or negative.
    """
    above, below = int((differences > 0).sum()), int((differences < 0).sum())
    p = float(binomtest(above, above + below).pvalue) if above + below else 1.0
    return Signs(above, below, p)
