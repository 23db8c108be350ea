"""Tables as CSV: one way to write and to read them, and one to say what is wrong with a file.

Numbers are read back exactly as they were written.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from avdistill.errors import InputError
from avdistill.files.atomic import atomic_file

if TYPE_CHECKING:
    import pandas as pd

Kind = Callable[[str], Any]  # turns a cell's text into its value; raises ValueError if it cannot


class CsvTable(NamedTuple):
    """What a CSV file holds, and how messages speak of it.

    Attributes
    ----------
    name : what messages call it, such as `split`: "no such split", "not a split".
    columns : their names, in order, and the kind of each one's values: `str`, `int`, or a function
        such as those below.
    remedy : what to do where the file is missing or wrong, such as `run split-sequences`.
    delimiter : between cells.
    header : whether the first line names the columns.
    """

    name: str
    columns: Mapping[str, Kind]
    remedy: str
    delimiter: str = ","
    header: bool = True

    def error(self, path: Path | str, problem: str) -> InputError:
        """Make the one message that says what is wrong with a file, and what to do."""
        return InputError(f"{path}: not a {self.name} ({problem}); delete it and {self.remedy}")


def filled(text: str) -> str:
    """Take a text that is not empty."""
    if not text:
        raise ValueError("the cell is empty")
    return text


def finite(text: str) -> float:
    """Take a number that is not infinite."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def finite_or_nan(text: str) -> float:
    """Take a finite number, and an empty cell as NaN."""
    return finite(text) if text else math.nan


def empty_or(kind: Kind) -> Kind:
    """Take values of a kind, and an empty cell as None."""
    return lambda text: kind(text) if text else None


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Sequence]) -> None:
    """Write rows below the names of their columns, atomically; None is an empty cell."""
    with atomic_file(path) as partial, partial.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_frame(path: Path, frame: "pd.DataFrame") -> None:
    """Write a data frame without its index, atomically; None and NaN are empty cells."""
    with atomic_file(path) as partial:
        frame.to_csv(partial, index=False, lineterminator="\n")


def read_csv(path: Path, table: CsvTable) -> Iterator[tuple]:
    """Read a file row by row, so that it may be too long for memory.

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
            yield tuple(_values(row, table.columns, reader.line_num))


def read_frame(path: Path, table: CsvTable) -> "pd.DataFrame":
    """Read a whole file as a data frame; raises as `read_csv`."""
    import pandas as pd  # noqa: PLC0415, slow, and not all tables become data frames

    return pd.DataFrame(read_csv(path, table), columns=list(table.columns))


def read_columns(
    path: Path, table: CsvTable, optional: Mapping[str, Kind] | None = None
) -> list[dict[str, Any]]:
    """Read the columns of a table, in any order, from a file that may have others beside them.

    Parameters
    ----------
    optional : columns that are read where the file has them.

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
    places = [(name, place) for place, name in enumerate(header) if name in wanted]
    return [{name: row[place] for name, place in places} for row in rows]


@contextmanager
def _cells(path: Path, table: CsvTable) -> Iterator[Any]:
    """Open a file as a CSV reader; whatever goes wrong while it is open becomes one message."""
    try:
        with Path(path).open(newline="", encoding="utf-8") as handle:
            yield csv.reader(handle, delimiter=table.delimiter, strict=True)
    except FileNotFoundError:
        raise InputError(f"{path}: no such {table.name}; {table.remedy}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); {table.remedy}") from None
    except (ValueError, csv.Error) as error:  # a UnicodeDecodeError is a ValueError
        raise table.error(path, str(error)) from None


def _values(cells: list[str], columns: Mapping[str, Kind], line: int) -> list:
    if len(cells) != len(columns):
        raise ValueError(f"line {line} has {len(cells)} cells, not {len(columns)}")
    values = []
    for cell, (name, kind) in zip(cells, columns.items(), strict=True):
        try:
            values.append(kind(cell))
        except ValueError as error:
            raise ValueError(f"line {line}, {name}: {error}") from None
    return values
