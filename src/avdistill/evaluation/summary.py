"""The accuracy of all networks in one table."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from avdistill.errors import InputError
from avdistill.evaluation.initial_weights import initial_weights
from avdistill.evaluation.intervals import crop_interval
from avdistill.evaluation.labels import file_stem
from avdistill.evaluation.tables import DEVIATION, MEAN, Row, with_seeds_summarised
from avdistill.results.accuracy import measure_accuracy
from avdistill.results.metrics import RUN_KEYS, read_metrics
from avdistill.results.predictions import read_predictions

MEASURED = (
    "accuracy_crop",
    "interval_95_low",
    "interval_95_high",
    "accuracy_sequence",
    "accuracy_frame",
    "accuracy_5s",
    "chance",
    "crops",
    "sequences",
)
ACCURACIES = ("accuracy_crop", "accuracy_sequence", "accuracy_frame", "accuracy_5s")
TRAINING = (
    "learning_rate",
    "temperature",
    "imitation",
    "loss",
    "validation_accuracy",
    "validation_loss",
    "epochs",
    "best_epoch",
    "training_loss_first",
    "training_loss_last",
)
COLUMNS = (*RUN_KEYS, *MEASURED, *TRAINING, "initial_weights", "data_source")

_LEARNING = ("validation_accuracy", "validation_loss", "training_loss_first", "training_loss_last")
_KEPT = ("chance", "crops", "sequences", "loss", "initial_weights", "data_source")


def accuracy_rows(paths: Sequence[Path], *, seed: int) -> list[Row]:
    """Measure the accuracy of each network's test predictions.

    Parameters
    ----------
    paths : `metrics.json` of each network, with `predictions.parquet` in the same folder.
    seed : seed of the intervals' bootstrap over sequences.

    Returns
    -------
    Sorted rows with `COLUMNS`, one per network and seed, with means over seeds below.

    Raises
    ------
    InputError : a file is missing or damaged, or metrics are not of the predictions.
    """
    networks = read_metrics(paths)
    rows = []
    for metrics, path in zip(networks, paths, strict=True):
        predictions = read_predictions(path.with_name("predictions.parquet"))
        if measure_accuracy(predictions) != metrics["test"]:
            raise InputError(f"{path}: does not fit predictions.parquet; delete both and run again")
        rows.append(
            {name: metrics.get(name) for name in COLUMNS}
            | measured(predictions, seed=seed)
            | {
                "validation_accuracy": metrics["validation"]["accuracy"],
                "validation_loss": metrics["validation"]["loss"],
                "initial_weights": initial_weights(metrics),
            }
        )
    return with_seeds_summarised(rows, RUN_KEYS, (*ACCURACIES, *_LEARNING), _KEPT)


def headlines(rows: Sequence[Row]) -> dict[str, Row]:
    """Return a few numbers of every network for `dvc metrics`, which shows a file per line.

    Parameters
    ----------
    rows : from `accuracy_rows`.

    Returns
    -------
    By name, `{network}[-{supervision}]-seed{seed}`: `data` (their source), `chance`, and by
    scope the test accuracy of crops (None without a test crop), all rounded to four digits.
    """
    found: dict[str, Row] = {}
    for row in rows:
        if row["seed"] in (MEAN, DEVIATION):
            continue
        headline = found.setdefault(
            file_stem(row), {"data": row["data_source"], "chance": round(row["chance"], 4)}
        )
        accuracy = row["accuracy_crop"]
        headline[row["scope"]] = None if accuracy is None else round(accuracy, 4)
    return found


def measured(predictions: pd.DataFrame, *, seed: int) -> Row:
    """Return the `MEASURED` columns of one network's predictions; `seed` is the bootstrap's."""
    test = measure_accuracy(predictions)
    low, high = crop_interval(predictions, seed=seed) or (None, None)
    row = {name: test.get(name) for name in MEASURED}
    return row | {"interval_95_low": low, "interval_95_high": high}
