"""The results of all transfers of the students' features in one table."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from avdistill.evaluation.tables import DEVIATION, MEAN, Row, with_seeds_summarised
from avdistill.files.csv_tables import CsvTable, empty_or, filled, read_columns

_WHICH = ("network", "supervision", "scope", "tested_on", "seed")
_ACCURACIES = ("validation_accuracy", "accuracy", "untrained_accuracy")
_EXTENT = ("chance", "sequences", "crops", "clips", "initial_weights", "data_source")
COLUMNS = (
    *_WHICH,
    "k",
    "validation_accuracy",
    "accuracy",
    "interval_95_low",
    "interval_95_high",
    "deviation_over_folds",
    "untrained_k",
    "untrained_accuracy",
    *_EXTENT,
)


def _fold(text: str) -> int | str:
    return text if text in (MEAN, DEVIATION) else int(text)


_TABLE = CsvTable(
    "table of transfer",
    {
        **dict.fromkeys(("network", "supervision", "scope"), filled),
        **dict.fromkeys(("initial_weights", "data_source"), filled),
        "seed": int,
    },
    "run the rule that makes it",
)
_OPTIONAL = {
    "fold": _fold,
    **dict.fromkeys(("tested_on", "target"), str),
    **dict.fromkeys(("k", "untrained_k", "sequences", "crops", "clips"), empty_or(int)),
    **dict.fromkeys((*_ACCURACIES, "interval_95_low", "interval_95_high"), empty_or(float)),
    "chance": empty_or(float),
}
_ALWAYS = ("tested_on", "k", "untrained_k", "chance")
_OF_FOLDS = (*_ACCURACIES, "clips")  # every fold has a test part; a scope may have none


def transfer_rows(tables: Sequence[Path]) -> list[Row]:
    """Merge the tables of transfer.

    Parameters
    ----------
    tables : CSV files of `transfer-scopes`, `transfer-esc10` and `transfer-dcase2018`.

    Returns
    -------
    Sorted rows with `COLUMNS`, one per student, seed and data tested on, with means over seeds
    below. If there are folds, k lists the k of each fold in order, and accuracies are means over
    folds.

    Raises
    ------
    InputError : a file is missing or damaged.
    """
    rows = [row for path in tables for row in _merged_folds(_read(path))]
    return with_seeds_summarised(rows, _WHICH, _ACCURACIES, _EXTENT)


def _read(path: Path) -> list[Row]:
    """Read the rows of single seeds and folds, without a table's means, computed again here."""
    rows = []
    for row in read_columns(path, _TABLE, _OPTIONAL):
        if row.get("fold") in (MEAN, DEVIATION):
            continue
        row["tested_on"] = row.get("tested_on") or row.pop("target", None)
        demanded = _ALWAYS + _OF_FOLDS if "fold" in row else _ALWAYS
        if empty := [name for name in demanded if row.get(name) in (None, "")]:
            raise _TABLE.error(path, f"no {', '.join(empty)}")
        rows.append({name: value for name, value in row.items() if value is not None})
    return rows


def _merged_folds(rows: Sequence[Row]) -> list[Row]:
    """Return rows in which the folds of each student and seed are one; other rows stay."""
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in _WHICH)
        groups.setdefault(key if "fold" in row else (*key, len(groups)), []).append(row)
    return [_merged(group) if "fold" in group[0] else group[0] for group in groups.values()]


def _merged(folds: list[Row]) -> Row:
    folds = sorted(folds, key=lambda row: row["fold"])
    row = folds[0] | {
        name: ", ".join(str(fold[name]) for fold in folds) for name in ("k", "untrained_k")
    }
    row |= {name: statistics.fmean(fold[name] for fold in folds) for name in _ACCURACIES}
    row["clips"] = sum(fold["clips"] for fold in folds)
    if len(folds) > 1:
        row["deviation_over_folds"] = statistics.stdev(fold["accuracy"] for fold in folds)
    return {name: value for name, value in row.items() if name != "fold"}
