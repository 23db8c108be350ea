"""The accuracy of every network on every scope, its own and others."""

from collections.abc import Sequence
from pathlib import Path

from avdistill.avia.dataset import DatasetDescription
from avdistill.errors import InputError
from avdistill.evaluation.across_scopes.predictions import RunOnScope, read_across_scopes
from avdistill.evaluation.initial_weights import run_columns
from avdistill.evaluation.summary import ACCURACIES, MEASURED, measured
from avdistill.evaluation.tables import Row, with_seeds_summarised
from avdistill.results.metrics import read_metrics
from avdistill.results.predictions import no_predictions, num_classes

_WHICH = ("network", "supervision", "scope", "target", "seed")
_EXTENT = ("chance", "crops", "sequences", "initial_weights", "data_source")
COLUMNS = (*_WHICH, *MEASURED, "initial_weights", "data_source")


def across_scopes_rows(
    paths: Sequence[Path], metrics: Sequence[Path], dataset: DatasetDescription, *, seed: int
) -> list[Row]:
    """Measure the accuracy of predictions on every scope.

    Parameters
    ----------
    paths : files of `predict-across-scopes`, each named after its network.
    metrics : `metrics.json` of the networks in them.
    dataset : the data set whose scopes the networks were tested on.
    seed : of the intervals' bootstrap over sequences.

    Returns
    -------
    Sorted rows with `COLUMNS`, one per network, seed and scope tested on. Means over seeds come
    below. A row has 0 crops and no accuracy if no sequence was left to test on.

    Raises
    ------
    InputError : a file is missing or damaged, has other classes than the data set, or has
        predictions of a network whose metrics are not given.
    """
    networks = read_metrics(metrics)
    rows = []
    for path in paths:
        tables = read_across_scopes(path)
        known = [network for network in networks if network["network"] == path.stem]
        for network in known:
            run = (network["scope"], network["supervision"], network["seed"])
            if RunOnScope(*run, target=network["scope"]) not in tables:
                raise InputError(
                    f"{path}: no predictions of {', '.join(map(str, run))} on its own scope; name "
                    "every model to predict-across-scopes"
                )
            for target in dataset.scopes:
                key = RunOnScope(*run, target)
                predictions = tables.pop(key, None)
                if predictions is None:
                    predictions = no_predictions(len(dataset.classes), frame_wise=False)
                elif num_classes(predictions) != len(dataset.classes):
                    raise InputError(
                        f"{path}: {num_classes(predictions)} classes, but the data set has "
                        f"{len(dataset.classes)}; delete it and run predict-across-scopes again"
                    )
                rows.append(
                    run_columns(network) | {"target": target} | measured(predictions, seed=seed)
                )
        if tables:
            raise InputError(
                f"{path}: predictions of {next(iter(tables))}, but no metrics of that network are "
                "given; name its metrics.json"
            )
    return with_seeds_summarised(rows, _WHICH, ACCURACIES, _EXTENT)
