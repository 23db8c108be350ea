"""Learning curves: loss and accuracy of each epoch, in training and validation."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from avdistill.figures.style import BLUE, VERMILION, new_figure, state_source, style
from avdistill.results.history import best_epoch


class Curve(NamedTuple):
    """One network's training.

    Attributes
    ----------
    title : words for the network.
    history : losses and accuracies by epoch; see `avdistill.results.history`.
    """

    title: str
    history: pd.DataFrame


def draw_learning_curves(curves: Sequence[Curve], data_source: str) -> Figure:
    """Draw one row per network, with its loss on the left and its accuracy on the right.

    Parameters
    ----------
    data_source : the source of the data that all were trained on.
    """
    with style():
        figure = new_figure(8, 0.4 + 2.6 * len(curves))
        for row, curve in zip(figure.subplots(len(curves), 2, squeeze=False), curves, strict=True):
            _draw_row(row, curve)
        state_source(figure, data_source)
    return figure


def _draw_row(row: Sequence[Axes], curve: Curve) -> None:
    history = curve.history
    best = best_epoch(history.to_dict("records"))
    kept = history.loc[history["epoch"] == best].iloc[0]
    # A single epoch needs a marker, since its line has no length.
    marker = "." if len(history) <= 20 else ""
    for axes, quantity, factor in ((row[0], "loss", 1), (row[1], "accuracy", 100)):
        for column, label, colour, line in (
            (quantity, "training", BLUE, "--"),
            (f"validation_{quantity}", "validation", VERMILION, "-"),
        ):
            axes.plot(
                history["epoch"],
                factor * history[column],
                linestyle=line,
                marker=marker,
                color=colour,
                label=label,
            )
        axes.plot(
            best,
            factor * kept[f"validation_{quantity}"],
            linestyle="",
            marker="o",
            markersize=7,
            markerfacecolor="none",
            color=VERMILION,
            label=f"kept: epoch {best}, {100 * kept['validation_accuracy']:.1f} %",
        )
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.margins(x=0.03)
    row[0].set_ylabel("loss (nats)")
    row[0].set_ylim(bottom=0)
    row[1].set_ylabel("accuracy (% of crops)")
    row[1].set_ylim(0, 102)
    row[1].legend()
    row[0].set_title(curve.title, loc="left")
