"""Learning curves: loss and accuracy of each epoch, in training and validation."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from avdistill.figures.style import BLUE, VERMILION, new_figure, state_source, style
from avdistill.results.history import best_epoch

# Quantity, factor, words on the left, and limits.
_PANELS = (
    ("loss", 1, "loss (nats)", (0, None)),
    ("accuracy", 100, "accuracy (% of crops)", (0, 102)),
)


def draw_learning_curves(
    titles: Sequence[str], histories: Sequence[pd.DataFrame], data_source: str
) -> Figure:
    """Draw one row per network, with its loss on the left and its accuracy on the right.

    Parameters
    ----------
    titles : words for each network.
    histories : its losses and accuracies by epoch; see `avdistill.results.history`.
    data_source : the source of the data that all were trained on.
    """
    with style():
        figure = new_figure(8, 0.4 + 2.6 * len(titles))
        rows = figure.subplots(len(titles), 2, squeeze=False)
        for row, title, history in zip(rows, titles, histories, strict=True):
            row[0].set_title(title, loc="left")
            _draw_row(row, history)
        state_source(figure, data_source)
    return figure


def _draw_row(row: Sequence[Axes], history: pd.DataFrame) -> None:
    best = best_epoch(history.to_dict("records"))
    kept = history.loc[history["epoch"] == best].iloc[0]
    # A single epoch needs a marker, since its line has no length.
    marker = "." if len(history) <= 20 else ""
    for axes, (quantity, factor, label, limits) in zip(row, _PANELS, strict=True):
        for column, part, colour, line in (
            (quantity, "training", BLUE, "--"),
            (f"validation_{quantity}", "validation", VERMILION, "-"),
        ):
            axes.plot(
                history["epoch"],
                factor * history[column],
                linestyle=line,
                marker=marker,
                color=colour,
                label=part,
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
        axes.set(xlabel="epoch", ylabel=label, ylim=limits)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.margins(x=0.03)
    row[1].legend()
