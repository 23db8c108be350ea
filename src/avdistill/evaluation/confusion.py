"""Confusion matrices, made from predictions and nothing else."""

import numpy as np
import pandas as pd

from avdistill.errors import InputError


def confusion_counts(predictions: pd.DataFrame, num_classes: int) -> np.ndarray:
    """Count crops by actual (row) and predicted (column) class.

    Returns
    -------
    (num_classes, num_classes) int64.

    Raises
    ------
    InputError : a label is not below `num_classes`.
    """
    labels = predictions[["actual", "predicted"]].to_numpy(np.int64)
    if labels.size and not (labels.min() >= 0 and labels.max() < num_classes):
        raise InputError(
            f"predictions: labels from {labels.min()} to {labels.max()}, but {num_classes} classes "
            "are named; give the model.json that belongs to these predictions"
        )
    counts = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(counts, (labels[:, 0], labels[:, 1]), 1)
    return counts


def normalise_rows(counts: np.ndarray) -> np.ndarray:
    """Divide each row by its sum, so that the diagonal holds recalls; a row of zeros stays."""
    totals = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
