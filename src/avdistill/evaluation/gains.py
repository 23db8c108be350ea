"""The gain of students of soft labels over the same students of ground truth (G)."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from avdistill.errors import explain_errors
from avdistill.evaluation.initial_weights import run_columns
from avdistill.evaluation.intervals import bootstrap_interval
from avdistill.evaluation.sign_test import sign_test
from avdistill.evaluation.tables import Row, with_seeds_summarised
from avdistill.networks.registry import GROUND_TRUTH, network_spec
from avdistill.results.accuracy import sequences_right
from avdistill.results.metrics import RUN_KEYS, read_metrics, run_of
from avdistill.results.predictions import read_predictions

COLUMNS = (
    *RUN_KEYS,
    "accuracy",
    "accuracy_ground_truth",
    "difference",
    "interval_95_low",
    "interval_95_high",
    "only_this_right",
    "only_ground_truth_right",
    "mcnemar_p",
    "sequences",
    "crops",
    "initial_weights",
    "data_source",
)
_MEASURES = ("accuracy", "accuracy_ground_truth", "difference")
_KEPT = ("sequences", "crops", "initial_weights", "data_source")
_KEYS = ["sequence", "start"]


def gain_rows(paths: Sequence[Path], *, seed: int) -> list[Row]:
    """Compare every student of soft labels with the student of ground truth.

    Both have the same network, scope and seed. A student without such a counterpart has no row.

    Parameters
    ----------
    paths : `metrics.json` of students, each with `predictions.parquet` in the same folder;
        those of teachers are ignored.
    seed : seed of the intervals' bootstrap over sequences.

    Returns
    -------
    Sorted rows with `COLUMNS`, one per student. Below the rows of several seeds come their mean
    and standard deviation.

    Raises
    ------
    InputError : a file is missing or damaged, or two students were not tested on the same crops.
    """
    networks = read_metrics(paths)
    students = {
        run_of(metrics): (metrics, path.with_name("predictions.parquet"))
        for metrics, path in zip(networks, paths, strict=True)
        if network_spec(metrics["network"]).role == "student"
    }
    rows = []
    for (network, supervision, *run), (metrics, path) in students.items():
        counterpart = students.get((network, GROUND_TRUTH, *run))
        if supervision == GROUND_TRUTH or counterpart is None:
            continue
        with explain_errors(f"{path}, {counterpart[1]}", {ValueError: "{error}; run both again"}):
            compared = gain(read_predictions(path), read_predictions(counterpart[1]), seed=seed)
        rows.append(run_columns(metrics) | compared)
    return with_seeds_summarised(rows, RUN_KEYS, _MEASURES, _KEPT)


def gain(predictions: pd.DataFrame, ground_truth: pd.DataFrame, *, seed: int) -> Row:
    """Compare two students' predictions of the same crops.

    Parameters
    ----------
    predictions, ground_truth : predictions of the student of soft labels, and of the student of
        ground truth.
    seed : seed of the interval's bootstrap over sequences.

    Returns
    -------
    Both accuracies of crops, their difference (between -1 and 1) and its 95 % interval. The
    interval is paired: whole sequences are resampled, with both students' predictions. Also the
    numbers of sequences that only one of the students has right by the sequence's mean logits,
    and McNemar's exact p.

    Raises
    ------
    ValueError : the students were tested on different crops.
    """
    one, other = (table.set_index(_KEYS).sort_index() for table in (predictions, ground_truth))
    if not one.index.equals(other.index) or not one["actual"].equals(other["actual"]):
        raise ValueError("not tested on the same crops")
    right, right_of_truth = (
        (table["actual"] == table["predicted"]).astype(float) for table in (one, other)
    )
    names = one.index.get_level_values("sequence")
    difference = (right - right_of_truth).to_numpy()
    low, high = bootstrap_interval(difference, names, seed=seed, bounds=(-1.0, 1.0))
    lead = sequences_right(predictions).astype(int) - sequences_right(ground_truth).astype(int)
    test = sign_test(lead)
    return {
        "accuracy": float(right.mean()),
        "accuracy_ground_truth": float(right_of_truth.mean()),
        "difference": float(difference.mean()),
        "interval_95_low": low,
        "interval_95_high": high,
        "only_this_right": test.above,
        "only_ground_truth_right": test.below,
        "mcnemar_p": test.p,
        "sequences": names.nunique(),
        "crops": len(names),
    }
