"""Actions on the terrace that look alike and sound different (the supplement's figure 2)."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import FRAMES_PER_SECOND, SequenceId
from avdistill.figures.choices import (
    choose_actions,
    choose_subjects,
    is_present,
    lacking_note,
    terrace,
)
from avdistill.figures.frames import draw_frame, loudest_frame, read_frame
from avdistill.figures.spectrograms import (
    add_scale,
    crop_around,
    crop_seconds,
    draw_panel,
    read_levels,
)
from avdistill.figures.style import VERMILION, new_figure, state_absence, state_title, style

# Of its six actions the supplement names only clapping and snapping fingers. For these three both
# hands are before the chest; for the next three a hand is on the table.
BEFORE_THE_CHEST = ("clapping", "snapping fingers", "peanut breaking")
ON_THE_TABLE = ("clicking", "typing", "knocking")


class Example(NamedTuple):
    """The loudest moment of a sequence, in picture and sound.

    Attributes
    ----------
    frame : (480, 640, 3) uint8, RGB.
    level : (frames, 257) dB, the spectrogram of the crop around that frame.
    moment : seconds from the start of the crop to the middle of that frame.
    """

    frame: np.ndarray
    level: np.ndarray
    moment: float


def choose(dataset: DatasetDescription, *, seed: int) -> list[list[SequenceId]]:
    """Choose sequences of the third scenario, or of the last: a row for each of two subjects.

    Each subject shows one of the two groups of actions, as far as the data set has them. No action
    is shown twice. The seed draws the subjects, two different ones if possible.
    """
    location = terrace(dataset)
    reserved = [dataset.classes.index(name) for name in ON_THE_TABLE if name in dataset.classes]
    first = choose_actions(dataset, BEFORE_THE_CHEST, [location], but_not=reserved)
    second = choose_actions(dataset, ON_THE_TABLE, [location], but_not=first)
    rows: list[list[SequenceId]] = []
    for number, labels in enumerate(group for group in (first, second) if group):
        (subject,) = choose_subjects(
            dataset,
            [location],
            labels,
            number=1,
            generator=np.random.default_rng([seed, number]),
            but_not=[row[0].subject for row in rows],
        )
        rows.append([SequenceId(location, subject, label + 1) for label in labels])
    return rows


def read(records: Path, dataset: DatasetDescription, sequence: SequenceId) -> Example | None:
    """Read the loudest moment of a sequence; None if the data set lacks the sequence.

    Raises
    ------
    InputError : as `loudest_frame`, `read_frame` and `read_levels`.
    """
    if not is_present(dataset, sequence):
        return None
    frame = loudest_frame(records, sequence, dataset.sequence_seconds)
    crop = crop_around(dataset, sequence, frame)
    return Example(
        read_frame(records, sequence, frame),
        read_levels(records, crop, crop_seconds(dataset)),
        (frame + 0.5) / FRAMES_PER_SECOND - crop.start,
    )


def draw(
    examples: Sequence[Sequence[Example | None]],
    sequences: Sequence[Sequence[SequenceId]],
    dataset: DatasetDescription,
) -> Figure:
    """Draw each frame above its spectrogram, two rows of panels for each subject.

    Parameters
    ----------
    examples : from `read`, for each of `sequences`.
    sequences : from `choose`.
    """
    columns = max(map(len, sequences))
    with style():
        figure = new_figure(max(6.5, 1.2 + 2.8 * columns), 0.9 + 4.0 * len(sequences))
        panels = figure.subplots(
            2 * len(sequences),
            columns,
            squeeze=False,
            height_ratios=[2.2, 1.5] * len(sequences),
        )
        sound_panels: list[Axes] = []
        for number, (row, row_sequences) in enumerate(zip(examples, sequences, strict=True)):
            above, below = panels[2 * number : 2 * number + 2]
            above[0].set_ylabel(f"subject {row_sequences[0].subject}")
            below[0].set_ylabel("frequency (kHz)")
            for axes in [*above[len(row) :], *below[len(row) :]]:
                axes.remove()
            for axes, example, sequence in zip(above, row, row_sequences, strict=False):
                axes.set_title(dataset.classes[sequence.label])
                draw_frame(axes, example and example.frame)
            for axes, example in zip(below, row, strict=False):
                axes.set_xlabel("time (s)")
                if example:
                    image = _draw_sound(axes, example)
                else:
                    state_absence(axes, "not in the data set")
                sound_panels.append(axes)
        add_scale(figure, image, sound_panels, len(panels) // 2)
        title = (
            f"{dataset.scenarios[terrace(dataset) - 1].capitalize()}: the loudest frame of each "
            "sequence, and the sound around it\n(the triangle marks the frame)"
        )
        shown = [sequence.label for row in sequences for sequence in row]
        title += lacking_note(dataset, BEFORE_THE_CHEST + ON_THE_TABLE, shown)
        state_title(figure, title, dataset.source)
    return figure


def _draw_sound(axes: Axes, example: Example) -> AxesImage:
    image = draw_panel(axes, example.level)
    axes.plot(
        example.moment,
        1.05,
        marker="v",
        color=VERMILION,
        clip_on=False,
        transform=axes.get_xaxis_transform(),
    )
    return image
