"""Small tables for `dvc plots`: learning curves, confusion and grid of each network, as CSV."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from avdistill.errors import InputError
from avdistill.evaluation.labels import file_stem
from avdistill.files.atomic import atomic_directory
from avdistill.files.csv_tables import write_frame
from avdistill.networks.registry import network_spec
from avdistill.results.grid import read_cells, winner
from avdistill.results.history import read_history
from avdistill.results.metrics import read_metrics
from avdistill.results.predictions import read_predictions

LEARNING_CURVES, CONFUSION, GRID = "learning_curves", "confusion", "grid"

_CURVES = {
    "loss": "training_loss",
    "validation_loss": "validation_loss",
    "accuracy": "training_accuracy",
    "validation_accuracy": "validation_accuracy",
}
_CELL = [
    "learning_rate", "temperature", "imitation", "validation_loss", "validation_accuracy",
]  # fmt: skip


def table_name(metrics: dict[str, Any]) -> str:
    """Return the name of a run's tables: `all-dualcamnet-seed0`, `all-hearnet-dualcamnet-seed0`.

    Parameters
    ----------
    metrics : from `avdistill.results.metrics.read_metrics`.
    """
    return f"{metrics['scope']}-{file_stem(metrics)}"


def learning_curves_table(history: pd.DataFrame) -> pd.DataFrame:
    """Return epoch, loss and accuracy, with like names for training and validation.

    Parameters
    ----------
    history : from `avdistill.results.history.read_history`.
    """
    return history[["epoch", *_CURVES]].rename(columns=_CURVES)


def confusion_table(predictions: pd.DataFrame, classes: Sequence[str]) -> pd.DataFrame:
    """Return the names of the actual and the predicted class of each test crop.

    Parameters
    ----------
    predictions : from `avdistill.results.predictions.read_predictions`.
    classes : names, in the order of the labels.

    Raises
    ------
    InputError : a label has no name.
    """
    names = dict(enumerate(classes))
    table = predictions[["actual", "predicted"]].apply(lambda labels: labels.map(names))
    if table.isna().to_numpy().any():
        raise InputError(
            f"predictions: they have labels beyond the {len(classes)} classes that are named; "
            "give the dataset.json that they were made with"
        )
    return table


def grid_table(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a grid in its order; `chosen` is yes for the cell that was kept.

    Temperature and imitation are empty without soft labels.

    Parameters
    ----------
    cells : from `avdistill.results.grid.read_cells`.
    """
    best = winner(cells)["cell"]
    chosen = ["yes" if cell == best else "no" for cell in cells["cell"]]
    return cells[_CELL].assign(chosen=chosen)


def write_plot_tables(
    paths: Sequence[Path], classes: Sequence[str], folder: Path, *, searched_on: str | None
) -> None:
    """Write the tables of networks below a folder, each kind into a folder of its own.

    These folders are replaced, so that they keep no table of a network that no longer exists.

    Parameters
    ----------
    paths : `metrics.json` of each network; history, predictions and a student's grid are in the
        same folder.
    classes : names, in the order of the labels.
    searched_on : the only scope whose students searched a grid; None if those of each scope did.

    Raises
    ------
    InputError : a file is missing or damaged, or a label has no name.
    """
    tables: dict[str, dict[str, pd.DataFrame]] = {LEARNING_CURVES: {}, CONFUSION: {}, GRID: {}}
    for metrics, path in zip(read_metrics(paths), paths, strict=True):
        name = table_name(metrics)
        history = read_history(path.with_name("history.csv"))
        predictions = read_predictions(path.with_name("predictions.parquet"))
        tables[LEARNING_CURVES][name] = learning_curves_table(history)
        tables[CONFUSION][name] = confusion_table(predictions, classes)
        is_student = network_spec(metrics["network"]).role == "student"
        if is_student and searched_on in (None, metrics["scope"]):
            tables[GRID][name] = grid_table(read_cells(path.with_name("grid.csv")))
    for kind, of_networks in tables.items():
        with atomic_directory(folder / kind) as partial:
            for name, table in of_networks.items():
                write_frame(partial / f"{name}.csv", table)
