"""Spectrograms of three actions in every scenario (the supplement's figure 4)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.figures.choices import choose_actions, choose_subjects, lacking_note
from avdistill.figures.spectrograms import add_scale, draw_panel
from avdistill.figures.spectrograms import read_loudest as read
from avdistill.figures.style import new_figure, state_absence, state_title, style

# The supplement does not name its three actions. These differ clearly in sound: short strokes, a
# tone, and a rustle.
ACTIONS = ("clapping", "whistling", "paper shaking")

__all__ = ["choose", "draw", "read"]


def choose(dataset: DatasetDescription, *, seed: int) -> list[list[SequenceId]]:
    """Choose the sequences of one subject, for each scenario (rows) and action (columns).

    The actions are those of `ACTIONS` that the data set has; the seed draws the subject. Some of
    the sequences may be missing from the data set.
    """
    locations = range(1, len(dataset.scenarios) + 1)
    labels = choose_actions(dataset, ACTIONS, locations)
    (subject,) = choose_subjects(
        dataset, locations, labels, number=1, generator=np.random.default_rng([seed])
    )
    return [
        [SequenceId(location, subject, label + 1) for label in labels] for location in locations
    ]


def draw(
    levels: Sequence[Sequence[np.ndarray | None]],
    sequences: Sequence[Sequence[SequenceId]],
    dataset: DatasetDescription,
) -> Figure:
    """Draw spectrograms; rows are scenarios, columns are actions.

    Parameters
    ----------
    levels : from `read`, for each of `sequences`.
    sequences : from `choose`.
    """
    rows, columns = len(sequences), len(sequences[0])
    with style():
        figure = new_figure(1.9 + 2.8 * columns, 0.9 + 1.9 * rows)
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axes, sequence in zip(panels[0], sequences[0], strict=True):
            axes.set_title(dataset.classes[sequence.label], loc="left")
        for row, row_levels, row_sequences in zip(panels, levels, sequences, strict=True):
            location = row_sequences[0].location
            name = f"scenario {location}\n{dataset.scenarios[location - 1]}"
            row[0].set_ylabel(f"{name}\nfrequency (kHz)")
            for axes, level in zip(row, row_levels, strict=True):
                if level is None:
                    state_absence(axes, "not in the data set")
                else:
                    image = draw_panel(axes, level)
        for axes in panels[-1]:
            axes.set_xlabel("time (s)")
        add_scale(figure, image, panels.ravel().tolist(), rows)
        title = f"What subject {sequences[0][0].subject}'s actions sound like in each scenario"
        title += lacking_note(dataset, ACTIONS, [sequence.label for sequence in sequences[0]])
        state_title(figure, title, dataset.source)
    return figure
