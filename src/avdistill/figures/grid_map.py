"""The grid search as a heat map: validation accuracy by T, λ and learning rate."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from avdistill.figures.style import (
    COLOURS,
    VERMILION,
    new_figure,
    state_title,
    style,
    write_values,
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
    cells = cells.assign(percent=100 * cells["validation_accuracy"])
    names = "temperature T", "imitation parameter λ"
    if cells["temperature"].isna().all():
        cells = cells.assign(learning_rate="", imitation="", temperature=cells["learning_rate"])
        names = "learning rate", ""
    best = cells.loc[chosen.name]
    panels = {
        rate: group.pivot_table("percent", "imitation", "temperature")
        for rate, group in cells.groupby("learning_rate", sort=False)
    }
    how = "the only cell" if len(cells) == 1 else f"chosen of {len(cells)}"
    title = f"{title}\n{how}: {cell_of(chosen)}, validation accuracy {best['percent']:.1f} %"
    rows = max(len(values) for values in panels.values())
    columns = sum(len(values.columns) for values in panels.values())
    # If all cells have one value it gets the middle colour, since the colour bar needs a range.
    lower, upper = cells["percent"].min(), cells["percent"].max()
    limits = (lower, upper) if upper > lower else (lower - 1, upper + 1)
    with style():
        figure = new_figure(
            max(_LEAST_WIDTH, 2 + 0.8 * columns + 0.3 * len(panels)),
            1.4 + 0.6 * rows + 0.18 * len(title.splitlines()),
        )
        axes_of_panels = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
        for axes, (rate, values) in zip(axes_of_panels, panels.items(), strict=True):
            image = _draw_panel(axes, values, limits)
            axes.set_title(f"learning rate {_short(rate)}" if rate else "", fontsize=9)
            axes.set_xlabel(names[0])
            if rate == best["learning_rate"]:
                row = values.index.get_loc(best["imitation"])
                _frame(axes, row, values.columns.get_loc(best["temperature"]))
        axes_of_panels[0].set_ylabel(names[1])
        figure.colorbar(image, ax=axes_of_panels, label="validation accuracy (%)")
        state_title(figure, title, data_source)
    return figure


def _draw_panel(axes: Axes, values: pd.DataFrame, limits: tuple[float, float]) -> AxesImage:
    image = axes.imshow(
        values, cmap=COLOURS, vmin=limits[0], vmax=limits[1], origin="lower", aspect="auto"
    )
    axes.set_xticks(range(len(values.columns)), map(_short, values.columns))
    axes.set_yticks(range(len(values)), map(_short, values.index))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    write_values(axes, values.to_numpy(), np.ndindex(values.shape), limits, digits=1)
    return image


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _frame(axes: Axes, row: int, column: int) -> None:
    """Draw a coloured frame with a white edge around a cell, to be visible on any colour."""
    for colour, width in (("white", 5.0), (VERMILION, 2.5)):
        frame = Rectangle((column - 0.42, row - 0.42), 0.84, 0.84, fill=False)
        frame.set(edgecolor=colour, linewidth=width)
        axes.add_patch(frame)
