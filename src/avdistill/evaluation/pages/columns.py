"""Columns of the pages' tables: a heading, and how a row's value is shown."""

from collections.abc import Callable
from typing import NamedTuple

from avdistill.evaluation.labels import network_label, scope_words, supervision_label
from avdistill.evaluation.tables import DEVIATION, Row

EMPTY = "–"

_SOFT_LABELS = "soft labels of "  # left out, since the column's heading says it


class Column(NamedTuple):
    """One column of a page's table.

    Attributes
    ----------
    heading : plain text; its line breaks are kept.
    cell : function from a row to the cell's plain text.
    kind : `text` is aligned to the left, `text long` may take several lines; empty for numbers.
    """

    heading: str
    cell: Callable[[Row], str]
    kind: str = ""


def words(name: str, heading: str, label: Callable[[str], str] = str) -> Column:
    """Return a column of words; `label` gives the words for each value."""
    return Column(heading, _or_empty(name, lambda value: label(str(value))), "text")


def number(name: str, heading: str) -> Column:
    """Return a column of numbers with four digits; words in it stay as they are."""
    return Column(heading, _or_empty(name, _number))


def scaled(name: str, heading: str, *, digits: int, unit: float = 1) -> Column:
    """Return a column of numbers in multiples of a unit, with thousands separated."""
    return Column(heading, _or_empty(name, lambda value: f"{value / unit:,.{digits}f}"))


def per_cent(name: str, heading: str) -> Column:
    """Return a column of shares between 0 and 1, in per cent."""
    return Column(heading, _or_empty(name, lambda value: f"{100 * value:.1f} %"))


def points(name: str, heading: str) -> Column:
    """Return a column of differences of two shares, in percentage points and with signs.

    A standard deviation of such differences has no sign.
    """

    def cell(row: Row) -> str:
        value = row.get(name)
        if value is None:
            return EMPTY
        return f"{100 * value:.1f}" if row.get("seed") == DEVIATION else _signed(value)

    return Column(heading, cell)


def interval(heading: str, *, signed: bool = False) -> Column:
    """Return a column of 95 % intervals, in per cent or, if `signed`, in percentage points."""

    def cell(row: Row) -> str:
        low, high = row.get("interval_95_low"), row.get("interval_95_high")
        if low is None:
            return EMPTY
        if signed:
            return f"{_signed(low)} to {_signed(high)}"
        return f"{100 * low:.1f} to {100 * high:.1f} %"

    return Column(heading, cell)


def _or_empty(name: str, show: Callable) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        value = row.get(name)
        return EMPTY if value is None else show(value)

    return cell


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def _signed(value: float) -> str:
    text = f"{100 * value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


NETWORK = words("network", "network", network_label)
SUPERVISION = words(
    "supervision", "supervision", lambda name: supervision_label(name).removeprefix(_SOFT_LABELS)
)
SCOPE = words("scope", "trained on", scope_words)
TESTED_ON = words("tested_on", "tested on", scope_words)
SEED = words("seed", "seed", lambda name: "deviation" if name == DEVIATION else name)
WHICH = (NETWORK, SUPERVISION, SCOPE, SEED)  # the columns that identify most rows
LOSS = words("loss", "loss of\ndistillation")
INITIAL_WEIGHTS = words("initial_weights", "initial weights")._replace(kind="text long")
