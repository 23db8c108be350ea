"""The grid search as a heat map: validation accuracy by T, λ and learning rate."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from avdistill.figures.style import (
    COLOURS,
    VERMILION,
    new_figure,
    readable_on,
    state_title,
    style,
)
from avdistill.results.grid import cell_of, winner

_LEAST_WIDTH = 7.0  # inches that titles need


def draw_grid_map(cells: pd.DataFrame, *, title: str, data_source: str) -> Figure:
    """Draw validation accuracy, with a panel of T × λ for each learning rate, and frame the best.

    Without T and λ (ground truth) there is a single row of learning rates.

    Parameters
    ----------
    cells : from `avdistill.results.grid.read_cells`.
    title : words for the network.
    data_source : the source of its training data.
    """
    chosen = winner(cells)
    accuracy = cells.assign(percent=100 * cells["validation_accuracy"])
    how = "the only cell" if len(cells) == 1 else f"chosen of {len(cells)}"
    title = (
        f"{title}\n{how}: {cell_of(chosen)}, "
        f"validation accuracy {100 * chosen['validation_accuracy']:.1f} %"
    )
    if cells["temperature"].isna().all():
        panels = [("", accuracy.assign(only="").pivot_table("percent", "only", "learning_rate"))]
        place = (0, "", chosen["learning_rate"])
        names = "learning rate", ""
    else:
        rates = list(dict.fromkeys(cells["learning_rate"]))
        panels = [
            (
                f"learning rate {rate:g}",
                accuracy[accuracy["learning_rate"] == rate].pivot_table(
                    "percent", "imitation", "temperature"
                ),
            )
            for rate in rates
        ]
        place = rates.index(chosen["learning_rate"]), chosen["imitation"], chosen["temperature"]
        names = "temperature T", "imitation parameter λ"
    return _draw(panels, place, names, title, data_source)


def _draw(
    panels: list[tuple[str, pd.DataFrame]],
    chosen: tuple[int, float | str, float],
    names: tuple[str, str],
    title: str,
    data_source: str,
) -> Figure:
    columns = sum(values.shape[1] for _, values in panels)
    rows = max(values.shape[0] for _, values in panels)
    lower = min(values.min(axis=None) for _, values in panels)
    upper = max(values.max(axis=None) for _, values in panels)
    # If all cells have one value it gets the middle colour, since the colour bar needs a range.
    limits = (lower, upper) if upper > lower else (lower - 1, upper + 1)
    with style():
        figure = new_figure(
            max(_LEAST_WIDTH, 2 + 0.8 * columns + 0.3 * len(panels)),
            1.4 + 0.6 * rows + 0.18 * len(title.splitlines()),
        )
        axes_of_panels = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
        for number, (axes, (heading, values)) in enumerate(
            zip(axes_of_panels, panels, strict=True)
        ):
            image = _draw_panel(axes, values, limits)
            axes.set_title(heading, fontsize=9)
            axes.set_xlabel(names[0])
            if number == chosen[0]:
                _frame(axes, values.index.get_loc(chosen[1]), values.columns.get_loc(chosen[2]))
        axes_of_panels[0].set_ylabel(names[1])
        figure.colorbar(image, ax=axes_of_panels, label="validation accuracy (%)")
        state_title(figure, title, data_source)
    return figure


def _draw_panel(axes: Axes, values: pd.DataFrame, limits: tuple[float, float]) -> AxesImage:
    image = axes.imshow(
        values, cmap=COLOURS, vmin=limits[0], vmax=limits[1], origin="lower", aspect="auto"
    )
    axes.set_xticks(range(values.shape[1]), [f"{value:g}" for value in values.columns])
    labels = [value if isinstance(value, str) else f"{value:g}" for value in values.index]
    axes.set_yticks(range(values.shape[0]), labels)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            value = values.iat[row, column]
            colour = readable_on(value - limits[0], limits[1] - limits[0])
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=colour)
    return image


def _frame(axes: Axes, row: int, column: int) -> None:
    """Draw a coloured frame with a white edge around a cell, to be visible on any colour."""
    for colour, width in (("white", 5.0), (VERMILION, 2.5)):
        frame = Rectangle((column - 0.42, row - 0.42), 0.84, 0.84, fill=False)
        frame.set(edgecolor=colour, linewidth=width)
        axes.add_patch(frame)
