"""The accuracy of all networks in one table."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError
from avdistill.evaluation.initial_weights import run_columns
from avdistill.evaluation.intervals import crop_interval
from avdistill.evaluation.labels import file_stem
from avdistill.evaluation.tables import (
    DEVIATION,
    MEAN,
    Row,
    is_of_own_scope,
    with_seeds_summarised,
)
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
_WHICH = (*RUN_KEYS[:-1], "tested_on", "seed")
COLUMNS = (*_WHICH, *MEASURED, *TRAINING, "initial_weights", "data_source")

_LEARNING = ("validation_accuracy", "validation_loss", "training_loss_first", "training_loss_last")
_KEPT = ("chance", "crops", "sequences", "loss", "initial_weights", "data_source")


def accuracy_rows(paths: Sequence[Path], *, seed: int) -> list[Row]:
    """Measure the accuracy of each network's test predictions, and of each scenario's among them.

    Parameters
    ----------
    paths : `metrics.json` of each network, with `predictions.parquet` in the same folder.
    seed : seed of the intervals' bootstrap over sequences.

    Returns
    -------
    Sorted rows with `COLUMNS`, one per network and seed, with means over seeds below. `tested_on`
    is the network's scope. Where its test sequences are of several scenarios, a row for each of
    these follows, in which `tested_on` is the scenario and columns of the training are empty.

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
        run = run_columns(metrics)
        rows.append(
            {name: metrics.get(name) for name in TRAINING}
            | run
            | {"tested_on": metrics["scope"]}
            | measured(predictions, seed=seed)
            | {
                "validation_accuracy": metrics["validation"]["accuracy"],
                "validation_loss": metrics["validation"]["loss"],
            }
        )
        rows += [
            run | {"tested_on": scenario} | measured(part, seed=seed)
            for scenario, part in _by_scenario(predictions)
        ]
    return with_seeds_summarised(rows, _WHICH, (*ACCURACIES, *_LEARNING), _KEPT)


def _by_scenario(predictions: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return each scenario's part of the predictions; nothing if there is only one."""
    locations = [SequenceId.parse(name).location for name in predictions["sequence"]]
    parts = list(predictions.groupby(locations))
    if len(parts) < 2:
        return []
    return [(f"scenario{number}", part.reset_index(drop=True)) for number, part in parts]


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
        if row["seed"] in (MEAN, DEVIATION) or not is_of_own_scope(row):
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
