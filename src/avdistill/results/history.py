"""Learning curves on disk: `history.csv`, one row per epoch."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from avdistill.errors import InputError
from avdistill.files.atomic import atomic_file

HISTORY = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy")


def write_history(path: Path, history: Sequence[dict[str, float]]) -> None:
    """Write as CSV, atomically: rows with the values of `HISTORY`, in full, and no times."""
    with atomic_file(path) as partial:
        table = pd.DataFrame(history, columns=list(HISTORY))
        table.to_csv(partial, index=False, lineterminator="\n")


def read_history(path: Path) -> pd.DataFrame:
    """Read the `history.csv` of a trained network back, exactly.

    Raises
    ------
    InputError : the file is missing, or not a history of at least one epoch.
    """
    try:
        with path.open(newline="", encoding="utf-8") as handle:
            header, *lines = csv.reader(handle)
        # By float(), which reads back exactly what was written.
        history = pd.DataFrame([[float(text) for text in line] for line in lines], columns=header)
        if tuple(header) != HISTORY or history.empty:
            raise ValueError("other columns, or no epoch")
        if not np.isfinite(history.to_numpy()).all():
            raise ValueError("values that are not finite")
        return history.astype({"epoch": int})
    except FileNotFoundError:
        raise InputError(f"{path}: no such history; run the rule that makes it") from None
    except ValueError as error:
        raise InputError(f"{path}: not a history ({error}); delete it and run again") from None
