"""Tests that shuffle which sequences belong to a class, or to several (permutation tests)."""

import itertools
import math

import numpy as np

from avdistill.evaluation.claims.uncertainty import counted
from avdistill.evaluation.intervals import LEVEL

P_MOST = 1 - LEVEL
_ENUMERATED = 100_000  # choices of sequences; of more than these, some at random
_DRAWN = 10_000


def chance_of_as_much(values: np.ndarray, chosen: np.ndarray, *, seed: int) -> float:
    """One-sided p of the mean of some sequences, if any others could as well have been theirs.

    Exact where there are at most 100,000 ways to choose as many sequences, else of 10,000 random
    ones and the one that is (reference: Phipson and Smyth, Statistical Applications in Genetics
    and Molecular Biology 9, 2010).

    Parameters
    ----------
    values : (sequences,) one for each.
    chosen : (sequences,) bool, whose mean is tested.
    seed : of the random choices.

    Returns
    -------
    Share of the choices whose mean is at least as large.
    """
    total, number = values[chosen].sum() - 1e-9, int(chosen.sum())
    if math.comb(len(values), number) <= _ENUMERATED:
        places = itertools.combinations(range(len(values)), number)
        return float((values[np.array(list(places))].sum(axis=1) >= total).mean())
    random = np.random.default_rng(seed)
    drawn = sum(
        random.choice(values, number, replace=False, shuffle=False).sum() >= total
        for _ in range(_DRAWN)
    )
    return (1 + drawn) / (1 + _DRAWN)


def too_few(number: int, sequences: int) -> str | None:
    """Say how many sequences a shuffle would need, where so many cannot reach p of 0.05.

    Parameters
    ----------
    number : of the sequences whose mean is tested.
    sequences : all that are tested.
    """
    if 1 / math.comb(sequences, number) <= P_MOST:
        return None
    enough = [n for n in range(1, sequences) if 1 / math.comb(sequences, n) <= P_MOST]
    needed = f"at least {enough[0]} are needed" if enough else "no number of so few is enough"
    return f"{number} of {counted(sequences, 'sequence')}: too few to tell from chance, {needed}"
