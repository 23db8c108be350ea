"""Tables of results: CSV for programs and spreadsheets, with the same bytes every time."""

import itertools
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from avdistill.errors import InputError
from avdistill.files.csv_tables import write_csv
from avdistill.networks.registry import GROUND_TRUTH, NETWORKS

Row = dict[str, Any]  # values by column; None or a missing key is an empty cell

# Teachers before students, ground truth before soft labels; ensembles come last.
_ORDER = {name: number for number, name in enumerate((GROUND_TRUTH, *NETWORKS))}

MEAN, DEVIATION = "mean", "standard deviation"


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as CSV, atomically."""
    write_csv(path, columns, (_cells(row, columns) for row in rows))


def _cells(row: Row, columns: Sequence[str]) -> list[Any]:
    if unknown := row.keys() - {*columns}:
        raise ValueError(f"the table has no column {', '.join(sorted(unknown))}")
    return [row.get(column) for column in columns]


def is_of_own_scope(row: Row) -> bool:
    """Return whether a row is of all of a network's test sequences, not of one scenario's."""
    return row["tested_on"] == row["scope"]


def in_order(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """Return rows sorted by key columns, networks and supervision in the paper's order.

    Raises
    ------
    InputError : two rows have the same keys.
    """
    rows = sorted(rows, key=lambda row: [_position(row[key]) for key in keys])
    for one, other in itertools.pairwise(rows):
        if all(one[key] == other[key] for key in keys):
            name = ", ".join(f"{key} {one[key]}" for key in keys)
            raise InputError(f"two results of {name}; name each file once")
    return rows


def with_seeds_summarised(
    rows: Sequence[Row], keys: Sequence[str], measures: Sequence[str], kept: Sequence[str]
) -> list[Row]:
    """Return rows sorted by keys, the seed last, with means over seeds below each group.

    Parameters
    ----------
    keys : columns that identify a row.
    measures, kept : see `with_mean_and_deviation`.

    Raises
    ------
    InputError : two rows have the same keys.
    """
    return with_mean_and_deviation(
        in_order(rows, keys), by=keys[:-1], over=keys[-1], measures=measures, kept=kept
    )


def _position(value: str | int) -> tuple:
    return (_ORDER.get(value, len(_ORDER)), value)


def with_mean_and_deviation(
    rows: Sequence[Row],
    *,
    by: Sequence[str],
    over: str,
    measures: Sequence[str],
    kept: Sequence[str],
) -> list[Row]:
    """Return rows with a mean and a standard deviation below each group of two rows or more.

    Parameters
    ----------
    by : columns that a group's rows have in common.
    over : column in which a group's rows differ; the added rows have `mean` and
        `standard deviation` (with n - 1) there.
    measures : columns to summarise; the summary is empty if one of the group's cells is empty.
    kept : other columns, repeated if all rows of the group have the same value.
    """
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in by), []).append(row)
    table = []
    for group in groups.values():
        table += group
        if len(group) < 2:
            continue
        common = {
            column: group[0].get(column)
            for column in (*by, *kept)
            if all(row.get(column) == group[0].get(column) for row in group)
        }
        for name, summary in ((MEAN, statistics.fmean), (DEVIATION, statistics.stdev)):
            columns = {measure: [row.get(measure) for row in group] for measure in measures}
            added = {
                measure: None if None in values else summary(values)
                for measure, values in columns.items()
            }
            table.append(common | {over: name} | added)
    return table
