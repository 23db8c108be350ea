"""Every network's accuracy in one table, and in another its accuracy on other scopes."""

import itertools
import re
from collections.abc import Sequence
from pathlib import Path

from avdistill.atomic import read_json
from avdistill.errors import InputError
from avdistill.evaluation.accuracy import test_metrics
from avdistill.evaluation.predictions import num_classes, read_predictions
from avdistill.evaluation.tables import Row, with_mean_and_deviation
from avdistill.networks.model_directory import read_model_card

_NETWORK = ("network", "supervision", "scope")
_MEASURED = (
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
TEST_COLUMNS = (*_NETWORK, "seed", *_MEASURED)
TRAINING_COLUMNS = (
    *_NETWORK,
    "seed",
    "learning_rate",
    "temperature",
    "imitation",
    "validation_accuracy",
    "validation_loss",
    "epochs",
    "best_epoch",
    "training_loss_first",
    "training_loss_last",
)
COLUMNS = (*TEST_COLUMNS, *TRAINING_COLUMNS[4:], "data_source")
CROSSING_COLUMNS = (*_NETWORK, "target", "seed", *_MEASURED, "data_source")

_ACCURACIES = ("accuracy_crop", "accuracy_sequence", "accuracy_frame", "accuracy_5s")
_LEARNING = ("validation_accuracy", "validation_loss", "training_loss_first", "training_loss_last")
_EXTENT = ("chance", "crops", "sequences", "data_source")
_CROSSING = re.compile(r"predictions_(\w+)\.parquet")


def accuracy_rows(paths: Sequence[Path]) -> list[Row]:
    """Read `metrics.json` of each network: `COLUMNS`, sorted; means over seeds below.

    Raises
    ------
    InputError : a file is missing or not such metrics, or two are of the same network and seed.
    """
    rows = []
    for path in paths:
        metrics = read_json(path)
        try:
            row = {name: metrics.get(name) for name in COLUMNS} | _measured(metrics["test"])
            row["validation_accuracy"] = metrics["validation"]["accuracy"]
            row["validation_loss"] = metrics["validation"]["loss"]
            missing = [name for name in (*_NETWORK, "seed", "data_source") if row[name] is None]
        except (KeyError, TypeError, ValueError, AttributeError):
            missing = ["accuracies"]
        if missing:
            raise InputError(
                f"{path}: not metrics of a network, lacks {missing[0]}; delete it and run again"
            )
        rows.append(row)
    return _arranged(rows, (*_NETWORK, "seed"), (*_ACCURACIES, *_LEARNING))


def crossing_rows(paths: Sequence[Path], *, seed: int) -> list[Row]:
    """Measure predictions on other scopes: `CROSSING_COLUMNS`, sorted; means over seeds below.

    Parameters
    ----------
    paths : files `predictions_TARGET.parquet`, each in its network's folder.
    seed : of the intervals' bootstrap over sequences.

    Raises
    ------
    InputError : a file has another name, is missing or damaged, or has other classes than the
        network's card beside it.
    """
    rows = []
    for path in paths:
        name = _CROSSING.fullmatch(path.name)
        if not name:
            raise InputError(f"{path}: not named predictions_TARGET.parquet; run evaluate-scope")
        card = read_model_card(path.parent)
        predictions = read_predictions(path)
        if num_classes(predictions) != len(card["classes"]):
            raise InputError(
                f"{path}: {num_classes(predictions)} classes, but the network beside it knows "
                f"{len(card['classes'])}; delete it and run evaluate-scope again"
            )
        row = {column: card[column] for column in (*_NETWORK, "seed", "data_source")}
        row |= {"target": name.group(1)} | _measured(test_metrics(predictions, seed=seed))
        rows.append(row)
    return _arranged(rows, (*_NETWORK, "target", "seed"), _ACCURACIES)


def _measured(test: Row) -> Row:
    low, high = test["interval_95"] or (None, None)
    row = {name: test.get(name) for name in _MEASURED}
    if row["crops"] is None:
        raise KeyError("crops")
    return row | {"interval_95_low": low, "interval_95_high": high}


def _arranged(rows: list[Row], keys: Sequence[str], measures: Sequence[str]) -> list[Row]:
    """Sort rows by keys of which seed is the last; add means over seeds."""
    rows = sorted(rows, key=lambda row: [row[key] for key in keys])
    for one, other in itertools.pairwise(rows):
        if all(one[key] == other[key] for key in keys):
            name = ", ".join(f"{key} {one[key]}" for key in keys)
            raise InputError(f"two results of {name}; name each file once")
    return with_mean_and_deviation(
        rows, by=keys[:-1], over=keys[-1], measures=measures, kept=_EXTENT
    )
