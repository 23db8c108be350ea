"""Test accuracy in the units of the paper's supplement: crop, frame, five seconds, sequence."""

import numpy as np
import pandas as pd

from avdistill.networks.registry import STUDENT_SECONDS
from avdistill.results.predictions import check_predictions, logits_of, num_classes


def measure_accuracy(predictions: pd.DataFrame) -> dict:
    """Return every test accuracy of one network, from its predictions.

    Parameters
    ----------
    predictions : see `avdistill.results.predictions`.

    Returns
    -------
    `accuracy_crop` (the paper's unit: 1 s for teachers, 5 s for students), `accuracy_sequence`
    (mean logits of a sequence's crops), `accuracy_frame` (only of networks that classify
    single frames), `accuracy_5s` (only if crops are single seconds: mean logits of five
    consecutive ones), `crops`, `sequences` and `chance` (1 / classes). Without a crop every
    accuracy is None.

    Raises
    ------
    InputError : the table is not one of predictions.
    """
    check_predictions(predictions, "predictions")
    size = {
        "crops": len(predictions),
        "sequences": int(predictions["sequence"].nunique()),
        "chance": 1 / num_classes(predictions),
    }
    if predictions.empty:
        return {"accuracy_crop": None, "accuracy_sequence": None, **size}
    metrics = {
        "accuracy_crop": float((predictions["actual"] == predictions["predicted"]).mean()),
        "accuracy_sequence": float(sequences_right(predictions).mean()),
    }
    if "frames" in predictions.columns:
        metrics["accuracy_frame"] = float(
            predictions["frames_correct"].sum() / predictions["frames"].sum()
        )
    if (five_seconds := five_second_accuracy(predictions)) is not None:
        metrics["accuracy_5s"] = five_seconds
    return metrics | size


def sequences_right(predictions: pd.DataFrame) -> pd.Series:
    """Return for each sequence whether its mean logits are largest at the actual class.

    Returns
    -------
    Sorted by name of the sequence, bool.
    """
    return _groups_right(predictions, [predictions["sequence"]])


def five_second_accuracy(predictions: pd.DataFrame) -> float | None:
    """Return the accuracy of mean logits over consecutive, not overlapping, five seconds.

    Teachers classify single seconds; five of them correspond to one crop of a student. None if
    crops are longer than a second, or if no sequence has five whole seconds.
    """
    starts = predictions.sort_values(["sequence", "start"]).groupby("sequence")["start"]
    if starts.diff().min() != 1:
        return None
    window = predictions["start"] // STUDENT_SECONDS
    seconds = predictions.groupby([predictions["sequence"], window])["start"].transform("size")
    whole = predictions[seconds == STUDENT_SECONDS]
    if whole.empty:
        return None
    return float(_groups_right(whole, [whole["sequence"], window[whole.index]]).mean())


def _groups_right(predictions: pd.DataFrame, keys: list[pd.Series]) -> pd.Series:
    """Return for each group of rows whether its mean logits are largest at the actual class."""
    logits = pd.DataFrame(logits_of(predictions).astype(float), index=predictions.index)
    mean_logits = logits.groupby(keys).mean()
    actual = predictions["actual"].groupby(keys).first()
    return pd.Series(np.argmax(mean_logits.to_numpy(), axis=1), actual.index) == actual
