"""An example of what each class sounds like: the spectrogram that a student is given."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.errors import InputError
from avdistill.figures.style import COLOURS, GREY, new_figure, state_source, style
from avdistill.records.audio import NETWORK_SAMPLE_RATE, NUM_BINS
from avdistill.records.crops import Crop, CropReader
from avdistill.records.splits import sequences_of

CROP_SECONDS = 5  # a student's input
RANGE_DB = 70.0  # below the crop's maximum; what is fainter is drawn as if it were there
_COLUMNS = 5


def crop_seconds(dataset: DatasetDescription) -> int:
    """Length of the examples: a student's input, or whole sequences where these are shorter."""
    return min(CROP_SECONDS, dataset.sequence_seconds)


def draw_examples(
    dataset: DatasetDescription, split: pd.DataFrame, *, seed: int
) -> list[Crop | None]:
    """Draw one crop per class from the training sequences of the first scenario.

    A class's crop depends on the seed, its label and its own sequences only.

    Parameters
    ----------
    split : from `avdistill.records.splits.read_split`, of the scope `all` or `scenario1`.

    Returns
    -------
    In the order of the labels; None where a class has no such sequence.

    Raises
    ------
    InputError : no class has one.
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
    reader = CropReader(records, modality="spectrogram", length=seconds)
    magnitude = reader.read(crop)
    largest = magnitude.max()
    if largest == 0:  # a silent crop of a sequence that is not silent
        return np.full(magnitude.shape, -RANGE_DB)
    return 20 * np.log10(np.maximum(magnitude / largest, 10 ** (-RANGE_DB / 20)))


def draw_spectrograms(levels: Sequence[np.ndarray | None], dataset: DatasetDescription) -> Figure:
    """Draw one panel per class, up to the highest frequency that was recorded.

    Parameters
    ----------
    levels : from `read_levels`, in the order of the labels; None where a class has no example.
    """
    rows = -(-len(levels) // _COLUMNS)
    with style():
        figure = new_figure(11, 0.9 + 1.75 * rows)
        panels = figure.subplots(rows, _COLUMNS, squeeze=False, sharex=True, sharey=True).ravel()
        for axes, name, level in zip(panels, dataset.classes, levels, strict=False):
            axes.set_title(name, loc="left")
            if level is None:
                place = {"ha": "center", "va": "center", "transform": axes.transAxes}
                axes.text(0.5, 0.5, "no training sequence\nof this scenario", color=GREY, **place)
                continue
            bin_khz = NETWORK_SAMPLE_RATE / 2000 / (NUM_BINS - 1)
            image = axes.imshow(
                level.T,
                origin="lower",
                aspect="auto",
                cmap=COLOURS,
                vmin=-RANGE_DB,
                vmax=0,
                extent=(0, crop_seconds(dataset), -bin_khz / 2, (NUM_BINS - 0.5) * bin_khz),
            )
        # Once per figure: all panels share their axes.
        panels[0].set(
            xlim=(0, crop_seconds(dataset)), ylim=(0, SAMPLE_RATE / 2000), yticks=(0, 2, 4, 6)
        )
        for axes in panels[len(levels) :]:
            axes.remove()
        for axes in panels[-_COLUMNS : len(levels)]:
            axes.set_xlabel("time (s)")
        for axes in panels[len(levels) - _COLUMNS : -_COLUMNS]:  # with nothing below them
            axes.tick_params(labelbottom=True)
        for axes in panels[::_COLUMNS]:
            axes.set_ylabel("frequency (kHz)")
        figure.colorbar(
            image,
            ax=figure.axes,
            shrink=0.6,
            aspect=30,
            label="magnitude (dB relative to the crop's maximum)",
        )
        figure.suptitle(
            f"One training crop of each class, {dataset.scenarios[0]}",
            fontsize=10,
            x=0.01,
            ha="left",
        )
        state_source(figure, dataset.source)
    return figure
