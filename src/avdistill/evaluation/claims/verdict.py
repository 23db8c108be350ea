"""The verdict on a claim, supported, not supported or not decidable, and the rules for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

Interval = tuple[float, float]


class Verdict(StrEnum):
    """Whether the results support a statement."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    NOT_DECIDABLE = "not decidable"


class Item(NamedTuple):
    """One part of a claim.

    Attributes
    ----------
    what : the part in a few words.
    numbers : the numbers that the verdict rests on, or why it cannot be decided.
    """

    what: str
    verdict: Verdict
    numbers: str


class MissingError(Exception):
    """The results lack something that a claim needs; the message says what."""


def decide(estimate: float, interval: Interval, *, bar: float, null: float) -> Verdict:
    """Return the verdict on a quantity that has to be large.

    Supported: the estimate reaches the bar, and the interval lies above `null`.
    Not supported: the interval lies below the bar. Anything else is not decidable: with too few
    sequences the interval holds both values.

    Parameters
    ----------
    interval : the 95 % interval over whole sequences.
    bar : the value that the claim asks for.
    null : the value of the quantity if the claim had no ground; at most the bar.
    """
    low, high = interval
    if estimate >= bar and low > null:
        return Verdict.SUPPORTED
    return Verdict.NOT_SUPPORTED if high < bar else Verdict.NOT_DECIDABLE


def together(*verdicts: Verdict) -> Verdict:
    """Return the verdict on conditions that all have to hold; one that fails decides."""
    if Verdict.NOT_SUPPORTED in verdicts:
        return Verdict.NOT_SUPPORTED
    return Verdict.NOT_DECIDABLE if Verdict.NOT_DECIDABLE in verdicts else Verdict.SUPPORTED


def judged(what: str, judge: Callable[..., tuple[Verdict, str]], *arguments: Any) -> Item:
    """Judge one part of a claim; it is not decidable if results are missing.

    Parameters
    ----------
    judge : the function that, called with the arguments, returns the verdict and the numbers.
    """
    try:
        return Item(what, *judge(*arguments))
    except MissingError as missing:
        return Item(what, Verdict.NOT_DECIDABLE, str(missing))
