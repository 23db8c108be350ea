"""Learning curves on disk: `history.csv`, one row per epoch."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from avdistill.files.csv_tables import CsvTable, finite, read_frame, write_frame

HISTORY = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy")

_TABLE = CsvTable(
    "history",
    {"epoch": int, **dict.fromkeys(HISTORY[1:], finite)},
    "run the rule that makes it",
)


def write_history(path: Path, history: Sequence[dict[str, float]]) -> None:
    """Write as CSV, atomically: rows with the values of `HISTORY`, in full, and no times."""
    write_frame(path, pd.DataFrame(history, columns=list(HISTORY)))


def read_history(path: Path) -> pd.DataFrame:
    """Read the `history.csv` of a trained network back, exactly.

    Raises
    ------
    InputError : the file is missing, or not a history of at least one epoch.
    """
    history = read_frame(path, _TABLE)
    if history.empty:
        raise _TABLE.error(path, "it has no epoch")
    return history
