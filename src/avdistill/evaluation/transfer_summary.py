"""How useful the students' features are elsewhere, all of it in one table."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from avdistill.errors import InputError
from avdistill.evaluation.tables import DEVIATION, MEAN, Row, read_table, with_seeds_summarised

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

_WORDS = ("network", "supervision", "scope", "initial_weights", "data_source")
_NUMBERS = {
    "seed": int,
    "k": int,
    "untrained_k": int,
    "sequences": int,
    "crops": int,
    "clips": int,
    "validation_accuracy": float,
    "accuracy": float,
    "interval_95_low": float,
    "interval_95_high": float,
    "untrained_accuracy": float,
    "chance": float,
}

_ALWAYS = ("tested_on", *_WORDS, "seed", "k", "untrained_k", "chance")
_OF_FOLDS = (*_ACCURACIES, "clips")  # a fold has a test part, a scope may have none left


def transfer_rows(tables: Sequence[Path]) -> list[Row]:
    """Put the tables of transfer together: `COLUMNS`, sorted; means over seeds below.

    Parameters
    ----------
    tables : CSV files of `transfer-scopes`, `transfer-esc10` and `transfer-dcase2018`.

    Returns
    -------
    A row per student, what it was tested on, and seed. Where there are folds, each of which chose
    a k of its own, k lists them in the folds' order and accuracies are means over folds.

    Raises
    ------
    InputError : a file is missing or damaged.
    """
    rows = [row for path in tables for row in _merged_folds(_read(path))]
    return with_seeds_summarised(rows, _WHICH, _ACCURACIES, _EXTENT)


def _read(path: Path) -> list[Row]:
    """Read rows of single seeds and folds; a table's own means are made anew here."""
    rows = []
    for line in read_table(path, _WORDS):
        if line.get("fold") in (MEAN, DEVIATION):
            continue
        try:
            row: Row = {"tested_on": line.get("tested_on") or line["target"]}
            row |= {name: line[name] for name in _WORDS}
            row |= {name: kind(line[name]) for name, kind in _NUMBERS.items() if line.get(name)}
            row |= {"fold": int(line["fold"])} if "fold" in line else {}
            demanded = _ALWAYS + _OF_FOLDS if "fold" in line else _ALWAYS
            if empty := [name for name in demanded if row.get(name) in (None, "")]:
                raise ValueError(f"no {', '.join(empty)}")
        except (KeyError, ValueError) as error:
            raise InputError(
                f"{path}: not a table of transfer ({error}); delete it and run again"
            ) from error
        rows.append(row)
    return rows


def _merged_folds(rows: Sequence[Row]) -> list[Row]:
    """Put the folds of each student and seed into one row; others stay."""
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
