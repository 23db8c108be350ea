"""What is said of a claim: supported, not supported, or not decidable; and when each."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

Interval = tuple[float, float]


class Verdict(StrEnum):
    """What the results say of a statement."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    NOT_DECIDABLE = "not decidable"


class Item(NamedTuple):
    """One part of a claim.

    Attributes
    ----------
    what : the part, in a few words.
    numbers : what the verdict rests on, or why there is none.
    """

    what: str
    verdict: Verdict
    numbers: str


class Judgement(NamedTuple):
    """A claim's verdict, with those of its parts."""

    verdict: Verdict
    items: tuple[Item, ...]


Judge = Callable[..., Judgement]  # is called with the results


def criterion(text: str) -> Callable[[Judge], Judge]:
    """Attach to a judge what decides, in numbers, as tables and the page of claims show it.

    It is no docstring, since these change no result: where one changes, nothing is made anew.
    """

    def attach(judge: Judge) -> Judge:
        judge.criterion = " ".join(text.split())
        return judge

    return attach


class MissingError(Exception):
    """What a claim needs is not among the results; the message says what."""


def decide(estimate: float, interval: Interval, *, bar: float, null: float) -> Verdict:
    """Judge a quantity that has to be large.

    Supported: the estimate reaches the bar, and the interval lies above what means nothing.
    Not supported: the interval lies below the bar. Anything else is not decidable: with too few
    sequences the interval holds both. With enough of them one of the first two is reached.

    Parameters
    ----------
    interval : of 95 %, over whole sequences.
    bar : what the claim asks for.
    null : what the quantity would be if there were nothing in the claim, at most the bar.
    """
    low, high = interval
    if estimate >= bar and low > null:
        return Verdict.SUPPORTED
    return Verdict.NOT_SUPPORTED if high < bar else Verdict.NOT_DECIDABLE


def together(*verdicts: Verdict) -> Verdict:
    """Put conditions together that all have to hold: one that fails is enough against them."""
    if Verdict.NOT_SUPPORTED in verdicts:
        return Verdict.NOT_SUPPORTED
    return Verdict.NOT_DECIDABLE if Verdict.NOT_DECIDABLE in verdicts else Verdict.SUPPORTED


def judged(what: str, judge: Callable[..., tuple[Verdict, str]], *arguments: Any) -> Item:
    """Judge one part of a claim; what is missing makes it not decidable.

    Parameters
    ----------
    judge : called with the arguments, gives the verdict and the numbers.
    """
    try:
        verdict, numbers = judge(*arguments)
    except MissingError as missing:
        return Item(what, Verdict.NOT_DECIDABLE, str(missing))
    return Item(what, verdict, numbers)


def all_of(items: Sequence[Item]) -> Judgement:
    """Judge a claim that says all of its parts."""
    return Judgement(together(*(item.verdict for item in items)), tuple(items))
