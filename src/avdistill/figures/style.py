"""The common style of figures: type, colours, the source of the data, reproducible bytes."""

from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from avdistill.errors import InputError
from avdistill.evaluation.labels import source_label
from avdistill.files.atomic import atomic_file

# Its lightness has even steps, for print in black and white and for colour-blind readers.
COLOURS = "cividis"
# Blue and vermilion of Okabe and Ito's palette, which colour-blind readers can distinguish.
BLUE, VERMILION = "#0072B2", "#D55E00"
GREY = "0.4"

_STYLE = {
    "font.family": "DejaVu Sans",  # comes with Matplotlib, and has λ
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "savefig.dpi": 150,
    "svg.hashsalt": "avdistill",
}
# No date and no software version: the same results give the same bytes.
_METADATA = {".png": {"Software": None}, ".svg": {"Date": None, "Creator": None}}


def style() -> mpl.rc_context:
    """Return a context with our Matplotlib settings, whatever the user's own settings are."""
    # In `rcParamsDefault` the backend is only a placeholder; these figures need no backend.
    defaults = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
    return mpl.rc_context({**defaults, **_STYLE})


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` x `height` inches; call within `style()`."""
    return Figure(figsize=(width, height), layout="constrained")


def state_title(figure: Figure, title: str, data_source: str) -> None:
    """Write the title above a figure and the source of its data below."""
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    state_source(figure, data_source)


def state_source(figure: Figure, data_source: str) -> None:
    """Write the source of the data below a figure; simulated data are always named."""
    figure.supxlabel(source_label(data_source), fontsize=8, color=GREY, x=0.99, ha="right")


def state_absence(axes: Axes, text: str) -> None:
    """Write in the middle of an empty panel why it is empty."""
    axes.text(0.5, 0.5, text, color=GREY, ha="center", va="center", transform=axes.transAxes)


def readable_on(value: float, upper: float) -> str:
    """Return the colour for type on a cell of `COLOURS`, which is dark for low values."""
    return "black" if value > 0.5 * upper else "white"


def write_values(
    axes: Axes,
    values: np.ndarray,
    cells: Iterable[tuple[int, int]],
    limits: tuple[float, float],
    *,
    digits: int,
) -> None:
    """Write values into cells of an image that has the colours `COLOURS`.

    Parameters
    ----------
    values : (rows, columns), the image's.
    cells : row and column of each cell to write into.
    limits : values of the darkest and the lightest colour.
    digits : number of digits after the point.
    """
    lower, upper = limits
    for row, column in cells:
        value = values[row, column]
        colour = readable_on(value - lower, upper - lower)
        axes.text(column, row, f"{value:.{digits}f}", ha="center", va="center", color=colour)


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG, and as SVG with the same stem in the same folder.

    Raises
    ------
    InputError : `path` does not end in `.png`.
    """
    if path.suffix != ".png":
        raise InputError(f"{path}: figures are written as .png and .svg; name a .png")
    for suffix, metadata in _METADATA.items():
        with style(), atomic_file(path.with_suffix(suffix)) as partial:
            figure.savefig(partial, metadata=metadata)
