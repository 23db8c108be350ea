"""The learning curves of a run: `history.csv`, one row per epoch."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from avdistill.files.csv_tables import CsvTable, finite, read_frame, write_frame

HISTORY = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy")

_TABLE = CsvTable(
    "history",
    {"epoch": int, **dict.fromkeys(HISTORY[1:], finite)},
    "run the rule that makes it",
)


def best_epoch(history: Iterable[Mapping[str, float]]) -> int:
    """Return the epoch whose weights are kept: the one with the best validation accuracy.

    Of several equally accurate epochs it is the last.

    Parameters
    ----------
    history : one row per epoch, at least one, each with the values of `HISTORY`.
    """
    best = max(history, key=lambda row: (row["validation_accuracy"], row["epoch"]))
    return int(best["epoch"])


def write_history(path: Path, history: Sequence[dict[str, float]]) -> None:
    """Write the values of `HISTORY` as CSV, atomically and at full precision, without times."""
    write_frame(path, pd.DataFrame(history, columns=list(HISTORY)))


def read_history(path: Path) -> pd.DataFrame:
    """Return the `history.csv` of a trained network with the exact values.

    Raises
    ------
    InputError : the file is missing, or not a history of at least one epoch.
    """
    history = read_frame(path, _TABLE)
    if history.empty:
        raise _TABLE.error(path, "it has no epoch")
    return history
