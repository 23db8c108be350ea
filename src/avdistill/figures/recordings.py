"""The supplement's figures of recordings, 1 to 4, and how each is drawn."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from avdistill.avia.dataset import DatasetDescription

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class RecordingFigure(NamedTuple):
    """A figure that shows sequences of the data set.

    Attributes
    ----------
    module : module of `avdistill.figures`. Its `choose` returns rows of sequences, its `read` reads
        one of them, and its `draw` draws all.
    modalities : the modalities that the records must hold.
    shows : words for what the figure shows, for the report.
    """

    module: str
    modalities: frozenset[str]
    shows: str


RECORDING_FIGURES = {
    number: RecordingFigure(module, frozenset(modalities.split()), shows)
    for number, module, modalities, shows in (
        (1, "scenes", "audio video", "three actions in every scenario"),
        (2, "similar_actions", "audio video", "actions that look alike, and their sound"),
        (3, "knocking", "audio", "knocking by three subjects"),
        (4, "actions_by_scenario", "audio", "what three actions sound like in every scenario"),
    )
}


def draw_recordings(
    number: int, records: Path, dataset: DatasetDescription, *, seed: int
) -> "Figure":
    """Choose sequences, read them, and return the figure.

    Parameters
    ----------
    number : number of the figure, a key of `RECORDING_FIGURES`.
    seed : draws the subjects.

    Raises
    ------
    InputError : a record is missing or damaged.
    """
    figure = importlib.import_module(f"avdistill.figures.{RECORDING_FIGURES[number].module}")
    sequences = figure.choose(dataset, seed=seed)
    shown = [[figure.read(records, dataset, one) for one in row] for row in sequences]
    return figure.draw(shown, sequences, dataset)
