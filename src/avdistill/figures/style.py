"""What all figures share: size of type, the colour map, the source of the data, same bytes."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from avdistill.errors import InputError
from avdistill.evaluation.labels import source_label
from avdistill.files.atomic import atomic_file

# Even steps in lightness, so it reads in black and white and to colour-blind eyes.
COLOURS = "cividis"
# Blue and vermilion of Okabe and Ito's palette, made to be told apart by colour-blind readers.
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
# Nothing about when or with what a figure was drawn: the same results give the same bytes.
_METADATA = {".png": {"Software": None}, ".svg": {"Date": None, "Creator": None}}


def style() -> mpl.rc_context:
    """Matplotlib's settings for drawing a figure, whatever the user's own are."""
    # `rcParamsDefault` holds the backend as a placeholder; figures here never need one.
    defaults = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
    return mpl.rc_context({**defaults, **_STYLE})


def new_figure(width: float, height: float) -> Figure:
    """Make an empty figure of `width` x `height` inches; call within `style()`."""
    return Figure(figsize=(width, height), layout="constrained")


def state_title(figure: Figure, title: str, data_source: str) -> None:
    """Write what a figure shows above it, and what its data are below."""
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    state_source(figure, data_source)


def state_source(figure: Figure, data_source: str) -> None:
    """Write below a figure what its data are; simulated data are never left unsaid."""
    figure.supxlabel(source_label(data_source), fontsize=8, color=GREY, x=0.99, ha="right")


def state_absence(axes: Axes, text: str) -> None:
    """Say in the middle of an empty panel why there is nothing in it."""
    axes.text(0.5, 0.5, text, color=GREY, ha="center", va="center", transform=axes.transAxes)


def readable_on(value: float, upper: float) -> str:
    """Colour of type on a cell of `COLOURS`, which is dark for values far below `upper`."""
    return "black" if value > 0.5 * upper else "white"


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG, and as SVG of the same stem beside it.

    Raises
    ------
    InputError : `path` does not end in `.png`.
    """
    if path.suffix != ".png":
        raise InputError(f"{path}: figures are written as .png, with an .svg beside; name a .png")
    for suffix, metadata in _METADATA.items():
        with style(), atomic_file(path.with_suffix(suffix)) as partial:
            figure.savefig(partial, metadata=metadata)
