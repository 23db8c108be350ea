"""Writing and reading tables as CSV, with one message about what is wrong with a file.

Reading gives exactly the numbers that were written.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from avdistill.errors import InputError, explain_errors
from avdistill.files.atomic import atomic_file

if TYPE_CHECKING:
    import pandas as pd

Kind = Callable[[str], Any]  # converts a cell's text to its value, or raises ValueError


class CsvTable(NamedTuple):
    """The format of a CSV file, and words for messages about it.

    Attributes
    ----------
    name : its name in messages, such as `split`: "no such split", "not a split".
    columns : names of the columns, in order, and the kind of their values: `str`, `int`, or a
        function such as those below.
    remedy : what to do where the file is missing or wrong, such as `run split-sequences`.
    delimiter : character between cells.
    header : whether the first line names the columns.
    """

    name: str
    columns: Mapping[str, Kind]
    remedy: str
    delimiter: str = ","
    header: bool = True

    def error(self, path: Path | str, problem: str) -> InputError:
        """Return the message that says what is wrong with a file, and what to do."""
        return InputError(f"{path}: {self.wrong(problem)}")

    def wrong(self, problem: str) -> str:
        """Return that message without the file's path."""
        return f"not a {self.name} ({problem}); delete it and {self.remedy}"


def filled(text: str) -> str:
    """Return a cell's text, which must not be empty."""
    if not text:
        raise ValueError("the cell is empty")
    return text


def finite(text: str) -> float:
    """Convert a cell to a number, which must be finite."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def finite_or_nan(text: str) -> float:
    """Convert a cell to a finite number, an empty cell to NaN."""
    return finite(text) if text else math.nan


def empty_or(kind: Kind) -> Kind:
    """Return a function that converts a cell as `kind` does, but an empty cell to None."""
    return lambda text: kind(text) if text else None


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Sequence]) -> None:
    """Write the names of columns, then rows, atomically; None becomes an empty cell."""
    with atomic_file(path) as partial, partial.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_frame(path: Path, frame: "pd.DataFrame") -> None:
    """Write a data frame without its index, atomically; None and NaN become empty cells."""
    with atomic_file(path) as partial:
        frame.to_csv(partial, index=False, lineterminator="\n")


def read_csv(path: Path, table: CsvTable) -> Iterator[tuple]:
    """Read a file row by row; it may be longer than memory.

    Yields
    ------
    The values of each row, in the order of the table's columns.

    Raises
    ------
    InputError : the file is missing, is not UTF-8 or not CSV, has other columns, or a row has too
        few cells, too many, or one whose text is not of its column's kind.
    """
    with _cells(path, table) as reader:
        if table.header and next(reader, []) != list(table.columns):
            raise ValueError(f"its columns are not {', '.join(table.columns)}")
        for row in filter(None, reader):
            yield tuple(_values(row, table.columns, reader.line_num).values())


def read_frame(path: Path, table: CsvTable) -> "pd.DataFrame":
    """Read a whole file as a data frame; raises as `read_csv`."""
    import pandas as pd  # noqa: PLC0415, slow, and not all tables become data frames

    return pd.DataFrame(read_csv(path, table), columns=list(table.columns))


def read_columns(
    path: Path, table: CsvTable, optional: Mapping[str, Kind] | None = None
) -> list[dict[str, Any]]:
    """Read a table's columns from a file that may have them in any order, and others.

    Parameters
    ----------
    optional : columns that the file may lack, and their kinds.

    Raises
    ------
    InputError : as `read_csv`, but for other columns: one of the table's is missing.
    """
    wanted = {**table.columns, **(optional or {})}
    with _cells(path, table) as reader:
        header = next(reader, [])
        if missing := [name for name in table.columns if name not in header]:
            raise ValueError(f"no column {missing[0]}")
        kinds = {name: wanted.get(name, str) for name in header}
        rows = [_values(row, kinds, reader.line_num) for row in filter(None, reader)]
    return [{name: row[name] for name in header if name in wanted} for row in rows]


@contextmanager
def _cells(path: Path, table: CsvTable) -> Iterator[Any]:
    """Open a file as a CSV reader; an error while it is open becomes an `InputError`."""
    problems = {
        FileNotFoundError: f"no such {table.name}; {table.remedy}",
        OSError: f"cannot be read ({{error.strerror}}); {table.remedy}",
        (ValueError, csv.Error): table.wrong("{error}"),  # a UnicodeDecodeError is a ValueError
    }
    with (
        explain_errors(path, problems),
        Path(path).open(newline="", encoding="utf-8") as handle,
    ):
        yield csv.reader(handle, delimiter=table.delimiter, strict=True)


def _values(cells: list[str], columns: Mapping[str, Kind], line: int) -> dict[str, Any]:
    """Return the values of a row, by column."""
    if len(cells) != len(columns):
        raise ValueError(f"line {line} has {len(cells)} cells, not {len(columns)}")
    values = {}
    for cell, (name, kind) in zip(cells, columns.items(), strict=True):
        try:
            values[name] = kind(cell)
        except ValueError as error:
            raise ValueError(f"line {line}, {name}: {error}") from None
    return values
