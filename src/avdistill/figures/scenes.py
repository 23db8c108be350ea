"""Frames of three actions in every scenario (the supplement's figure 1)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.figures.choices import choose_actions, choose_subjects, is_present, lacking_note
from avdistill.figures.frames import draw_frame, loudest_frame, read_frame
from avdistill.figures.style import new_figure, state_title, style

ACTIONS = ("stick dropping", "clicking", "plastic crumpling")


def choose(dataset: DatasetDescription, *, seed: int) -> list[list[SequenceId]]:
    """Choose a sequence for each scenario (rows) and action (columns).

    The actions are those of `ACTIONS` that the data set has. Each is shown with one subject in all
    scenarios, drawn by the seed. Some of the sequences may be missing from the data set.
    """
    locations = range(1, len(dataset.scenarios) + 1)
    columns = []
    for label in choose_actions(dataset, ACTIONS, locations):
        generator = np.random.default_rng([seed, label])
        (subject,) = choose_subjects(dataset, locations, [label], number=1, generator=generator)
        columns.append([SequenceId(location, subject, label + 1) for location in locations])
    return [list(row) for row in zip(*columns, strict=True)]


def read(records: Path, dataset: DatasetDescription, sequence: SequenceId) -> np.ndarray | None:
    """Read the loudest frame of a sequence; None if the data set lacks the sequence.

    Returns
    -------
    (480, 640, 3) uint8, RGB.

    Raises
    ------
    InputError : as `loudest_frame` and `read_frame`.
    """
    if not is_present(dataset, sequence):
        return None
    frame = loudest_frame(records, sequence, dataset.sequence_seconds)
    return read_frame(records, sequence, frame)


def draw(
    frames: Sequence[Sequence[np.ndarray | None]],
    scenes: Sequence[Sequence[SequenceId]],
    dataset: DatasetDescription,
) -> Figure:
    """Draw frames; rows are scenarios, columns are actions.

    Parameters
    ----------
    frames : from `read`, for each of `scenes`.
    scenes : from `choose`.
    """
    rows, columns = len(scenes), len(scenes[0])
    with style():
        figure = new_figure(0.3 + 3.1 * columns, 0.8 + 2.25 * rows)
        panels = figure.subplots(rows, columns, squeeze=False)
        for axes, sequence in zip(panels[0], scenes[0], strict=True):
            axes.set_title(f"{dataset.classes[sequence.label]} (subject {sequence.subject})")
        for row, row_frames, row_scenes in zip(panels, frames, scenes, strict=True):
            location = row_scenes[0].location
            row[0].set_ylabel(f"scenario {location}\n{dataset.scenarios[location - 1]}")
            for axes, frame in zip(row, row_frames, strict=True):
                draw_frame(axes, frame)
        scenarios = "every scenario" if rows > 1 else "the only scenario"
        title = f"The loudest moment of each sequence, in {scenarios}"
        title += lacking_note(dataset, ACTIONS, [sequence.label for sequence in scenes[0]])
        state_title(figure, title, dataset.source)
    return figure
