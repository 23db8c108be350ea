"""Knocking by three subjects on the terrace (the supplement's figure 3)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.figures.choices import choose_actions, choose_subjects, lacking_note, terrace
from avdistill.figures.spectrograms import add_scale, draw_panel
from avdistill.figures.spectrograms import read_loudest as read
from avdistill.figures.style import new_figure, state_title, style

ACTION = "knocking"
_SUBJECTS = 3

__all__ = ["choose", "draw", "read"]


def choose(dataset: DatasetDescription, *, seed: int) -> list[list[SequenceId]]:
    """Choose sequences of knocking by three subjects in the third scenario, or in the last.

    They are one row. The seed draws the subjects. Without knocking, the first action is taken.
    """
    location = terrace(dataset)
    (label,) = choose_actions(dataset, (ACTION,), [location])
    generator = np.random.default_rng([seed])
    subjects = choose_subjects(dataset, [location], [label], number=_SUBJECTS, generator=generator)
    return [[SequenceId(location, subject, label + 1) for subject in subjects]]


def draw(
    levels: Sequence[Sequence[np.ndarray]],
    sequences: Sequence[Sequence[SequenceId]],
    dataset: DatasetDescription,
) -> Figure:
    """Draw the spectrograms of the subjects side by side.

    Parameters
    ----------
    levels : from `read`, for each of `sequences`.
    sequences : from `choose`.
    """
    (levels,), (sequences,) = levels, sequences
    with style():
        figure = new_figure(1.6 + 2.8 * len(sequences), 3.1)
        panels = figure.subplots(1, len(sequences), squeeze=False, sharey=True)[0]
        for axes, level, sequence in zip(panels, levels, sequences, strict=True):
            image = draw_panel(axes, level)
            axes.set_title(f"subject {sequence.subject}", loc="left")
            axes.set_xlabel("time (s)")
        panels[0].set_ylabel("frequency (kHz)")
        add_scale(figure, image, panels, 1)
        label, location = sequences[0].label, sequences[0].location
        title = f"{dataset.classes[label].capitalize()}, {dataset.scenarios[location - 1]}"
        title += lacking_note(dataset, (ACTION,), [label])
        state_title(figure, title, dataset.source)
    return figure
