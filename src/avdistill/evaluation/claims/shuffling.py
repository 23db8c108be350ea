"""Tests that shuffle which sequences belong to a class, or to several (permutation tests)."""

import itertools
import math

import numpy as np

from avdistill.evaluation.claims.uncertainty import counted
from avdistill.evaluation.intervals import LEVEL

P_MOST = 1 - LEVEL
_ENUMERATED = 100_000  # choices of sequences; if there are more, some are drawn at random
_DRAWN = 10_000


def chance_of_as_much(values: np.ndarray, chosen: np.ndarray, *, seed: int) -> float:
    """Return the one-sided p of the mean of some sequences among all choices of as many.

    It is exact if there are at most 100,000 ways to choose as many sequences. Otherwise it is
    estimated from 10,000 random choices and the actual one (reference: Phipson and Smyth,
    Statistical Applications in Genetics and Molecular Biology 9, 2010).

    Parameters
    ----------
    values : (sequences,) one value for each.
    chosen : (sequences,) bool, the sequences whose mean is tested.
    seed : seed of the random choices.

    Returns
    -------
    The share of the choices whose mean is at least as large.
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
    """Return words that say how many sequences are needed to reach p of 0.05; None if enough.

    Parameters
    ----------
    number : number of sequences whose mean is tested.
    sequences : number of all test sequences.
    """
    if 1 / math.comb(sequences, number) <= P_MOST:
        return None
    enough = [n for n in range(1, sequences) if 1 / math.comb(sequences, n) <= P_MOST]
    needed = f"at least {enough[0]} are needed" if enough else "no number of so few is enough"
    return f"{number} of {counted(sequences, 'sequence')}: too few to tell from chance, {needed}"
