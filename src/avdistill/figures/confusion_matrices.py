"""Confusion matrices (the supplement's figures 5 to 13), drawn from predictions alone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from avdistill.errors import InputError
from avdistill.figures.style import COLOURS, new_figure, state_title, style, write_values

_SMALLEST = 5.6  # inches: with few classes the title would not fit otherwise


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
    """Return counts with each row divided by its sum; a row of zeros stays as it is."""
    totals = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)


def draw_confusion_matrices(
    predictions: pd.DataFrame, classes: Sequence[str], *, title: str, data_source: str
) -> tuple[Figure, Figure]:
    """Draw confusion matrices: counts of crops, and percent of each actual class.

    Parameters
    ----------
    predictions : see `avdistill.results.predictions`.
    classes : names, in the order of the labels.
    title : the network, its supervision and its scope; the accuracy is added below.
    data_source : the source of the data, `simulated` or a data set's name.

    Returns
    -------
    The figure of counts and the row-normalised figure; the diagonal of the latter are recalls.

    Raises
    ------
    InputError : there are no predictions, or they have more classes than there are names.
    """
    if predictions.empty:
        raise InputError("predictions: there are none to draw; no test sequence was left")
    counts = confusion_counts(predictions, len(classes))
    accuracy = np.trace(counts) / counts.sum()
    crops = _number(counts.sum(), "test crop")
    sequences = _number(predictions["sequence"].nunique(), "sequence")
    title = f"{title}\naccuracy {100 * accuracy:.1f} % of {crops} from {sequences}"
    percent = 100 * normalise_rows(counts)
    return (
        _draw(counts, counts, classes, unit="test crops", title=title, data_source=data_source),
        _draw(
            percent,
            counts,
            classes,
            unit="% of the actual class",
            title=title,
            data_source=data_source,
        ),
    )


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _draw(
    values: np.ndarray,
    counts: np.ndarray,
    classes: Sequence[str],
    *,
    unit: str,
    title: str,
    data_source: str,
) -> Figure:
    side = max(_SMALLEST, 2.6 + 0.42 * len(classes))
    with style():
        figure = new_figure(side + 0.9, side)
        axes = figure.add_subplot()
        upper = values.max() if values is counts else 100
        image = axes.imshow(values, cmap=COLOURS, vmin=0, vmax=upper)
        figure.colorbar(image, ax=axes, shrink=0.8, label=unit)
        ticks = range(len(classes))
        axes.set_xticks(ticks, classes, rotation=50, ha="right", rotation_mode="anchor")
        axes.set_yticks(ticks, classes)
        axes.tick_params(length=0)
        axes.set(xlabel="predicted class", ylabel="actual class")
        write_values(axes, values, zip(*np.nonzero(counts), strict=True), (0, upper), digits=0)
        for row in np.flatnonzero(counts.sum(axis=1) == 0):
            axes.text(
                (len(classes) - 1) / 2, row, "no test crop", ha="center", va="center", color="white"
            )
        state_title(figure, title, data_source)
    return figure
