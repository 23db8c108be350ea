"""An example spectrogram of each class, as a student takes it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.errors import InputError
from avdistill.figures.style import COLOURS, new_figure, state_absence, state_title, style
from avdistill.networks.registry import STUDENT_SECONDS
from avdistill.records import audio
from avdistill.records.crops import Crop, CropReader
from avdistill.records.splits import sequences_of

RANGE_DB = 70.0  # below the crop's maximum; lower values are drawn at this limit
_COLUMNS = 5


def crop_seconds(dataset: DatasetDescription) -> int:
    """Return the length of the examples: a student's input, or a sequence if this is shorter."""
    return min(STUDENT_SECONDS, dataset.sequence_seconds)


def draw_examples(
    dataset: DatasetDescription, split: pd.DataFrame, *, seed: int
) -> list[Crop | None]:
    """Draw one crop per class from the training sequences of the first scenario.

    A class's crop depends on the seed, its label and its own sequences only.

    Parameters
    ----------
    split : from `avdistill.records.splits.read_split`, for the scope `all` or `scenario1`.

    Returns
    -------
    Crops in the order of the labels; None for a class without such a sequence.

    Raises
    ------
    InputError : no class has such a sequence.
    """
    length = crop_seconds(dataset)
    first_scenario = split[split["scenario"] == 1]
    crops: list[Crop | None] = []
    for label in range(len(dataset.classes)):
        sequences = sequences_of(first_scenario[first_scenario["action"] == label + 1], "training")
        generator = np.random.default_rng([seed, label])
        start = int(generator.integers(dataset.sequence_seconds - length, endpoint=True))
        crops.append(Crop(str(generator.choice(sequences)), start) if sequences else None)
    if not any(crops):
        raise InputError("the split has no training sequence of scenario 1; give the split of all")
    return crops


def read_levels(records: Path, crop: Crop, seconds: int) -> np.ndarray:
    """Read a crop's spectrogram.

    Returns
    -------
    (100 * seconds, 257) float, dB relative to the crop's maximum, from `-RANGE_DB` to 0.

    Raises
    ------
    InputError : as `CropReader.read`.
    """
    magnitude = CropReader(records, modality="spectrogram", length=seconds).read(crop)
    largest = magnitude.max()
    if largest == 0:  # the crop is silent, though the sequence is not
        return np.full(magnitude.shape, -RANGE_DB)
    return 20 * np.log10(np.maximum(magnitude / largest, 10 ** (-RANGE_DB / 20)))


def draw_panel(axes: Axes, level: np.ndarray) -> None:
    """Draw one spectrogram, up to the highest frequency that was recorded.

    Parameters
    ----------
    level : from `read_levels`.
    """
    bin_khz = audio.NETWORK_SAMPLE_RATE / 2000 / (audio.NUM_BINS - 1)
    seconds = len(level) / audio.SPECTRA_PER_SECOND
    axes.imshow(
        level.T,
        origin="lower",
        aspect="auto",
        cmap=COLOURS,
        vmin=-RANGE_DB,
        vmax=0,
        extent=(0, seconds, -bin_khz / 2, (audio.NUM_BINS - 0.5) * bin_khz),
    )
    axes.set(xlim=(0, seconds), ylim=(0, SAMPLE_RATE / 2000), yticks=(0, 2, 4, 6))


def add_scale(figure: Figure, panels: Sequence[Axes], rows: int) -> None:
    """Add a colour bar for panels from `draw_panel` that are in `rows` rows."""
    options = {"shrink": 0.7, "aspect": 30} if rows > 1 else {}
    levels = ScalarMappable(Normalize(-RANGE_DB, 0), COLOURS)
    label = "magnitude (dB relative\nto the crop's maximum)"
    figure.colorbar(levels, ax=panels, label=label, fraction=0.04, **options)


def draw_spectrograms(levels: Sequence[np.ndarray | None], dataset: DatasetDescription) -> Figure:
    """Draw one panel per class.

    Parameters
    ----------
    levels : from `read_levels`, in the order of the labels; None for a class without an example.
    """
    rows = -(-len(levels) // _COLUMNS)
    with style():
        figure = new_figure(11, 0.9 + 1.75 * rows)
        panels = figure.subplots(rows, _COLUMNS, squeeze=False, sharex=True, sharey=True).ravel()
        for axes, name, level in zip(panels, dataset.classes, levels, strict=False):
            axes.set_title(name, loc="left")
            if level is None:
                state_absence(axes, "no training sequence\nof this scenario")
            else:
                draw_panel(axes, level)
        for axes in panels[len(levels) :]:
            axes.remove()
        for axes in panels[-_COLUMNS : len(levels)]:
            axes.set_xlabel("time (s)")
        for axes in panels[len(levels) - _COLUMNS : -_COLUMNS]:  # those with no panel below
            axes.tick_params(labelbottom=True)
        for axes in panels[::_COLUMNS]:
            axes.set_ylabel("frequency (kHz)")
        add_scale(figure, figure.axes, rows)
        title = f"One training crop of each class, {dataset.scenarios[0]}"
        state_title(figure, title, dataset.source)
    return figure
