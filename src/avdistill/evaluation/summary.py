"""Every network's accuracy in one table."""

from collections.abc import Sequence
from pathlib import Path

from avdistill.evaluation.initial_weights import initial_weights
from avdistill.evaluation.metrics import IDENTITY, identity_of, read_metrics
from avdistill.evaluation.tables import Row, with_seeds_summarised

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
    "validation_accuracy",
    "validation_loss",
    "epochs",
    "best_epoch",
    "training_loss_first",
    "training_loss_last",
)
COLUMNS = (*IDENTITY, *MEASURED, *TRAINING, "initial_weights", "data_source")

_LEARNING = ("validation_accuracy", "validation_loss", "training_loss_first", "training_loss_last")
_EXTENT = ("chance", "crops", "sequences", "initial_weights", "data_source")


def accuracy_rows(paths: Sequence[Path]) -> list[Row]:
    """Read `metrics.json` of each network: `COLUMNS`, sorted; means over seeds below.

    Raises
    ------
    InputError : see `avdistill.evaluation.metrics.read_metrics`.
    """
    networks = read_metrics(paths)
    weights = initial_weights(networks)
    rows = []
    for metrics in networks:
        row = {name: metrics.get(name) for name in COLUMNS} | measured(metrics["test"])
        row["validation_accuracy"] = metrics["validation"]["accuracy"]
        row["validation_loss"] = metrics["validation"]["loss"]
        row["initial_weights"] = weights[identity_of(metrics)]
        rows.append(row)
    return with_seeds_summarised(rows, IDENTITY, (*ACCURACIES, *_LEARNING), _EXTENT)


def measured(test: Row) -> Row:
    """`MEASURED` columns, from what `avdistill.evaluation.accuracy.test_metrics` gives."""
    low, high = test["interval_95"] or (None, None)
    row = {name: test.get(name) for name in MEASURED}
    return row | {"interval_95_low": low, "interval_95_high": high}
