"""Reading and drawing sequences as panels: the loudest frame, and the sound around it."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import FRAMES_PER_SECOND, SAMPLES_PER_FRAME, SequenceId
from avdistill.figures.choices import lacking_note
from avdistill.figures.recordings import FRAME, RECORDING_FIGURES, SPECTROGRAM
from avdistill.figures.spectrograms import add_scale, crop_seconds, draw_panel, read_levels
from avdistill.figures.style import VERMILION, new_figure, state_absence, state_title, style
from avdistill.records import schema
from avdistill.records.crops import Crop

_HEIGHTS = {FRAME: 2.2, SPECTROGRAM: 1.5}  # relative to each other


class Example(NamedTuple):
    """The loudest moment of a sequence, in picture and sound.

    Attributes
    ----------
    frame : (480, 640, 3) uint8, RGB; None in figures without frames.
    level : (frames, 257) dB, the spectrogram of the crop around that frame; None in figures
        without spectrograms.
    moment : seconds from the start of the crop to the middle of that frame.
    """

    frame: np.ndarray | None
    level: np.ndarray | None
    moment: float


def draw_recordings(
    number: int, records: Path, dataset: DatasetDescription, *, seed: int
) -> Figure:
    """Choose sequences, read them, and return the figure.

    Parameters
    ----------
    number : number of the figure, a key of `RECORDING_FIGURES`.
    seed : draws the subjects.

    Raises
    ------
    InputError : a record is missing or damaged.
    """
    form = RECORDING_FIGURES[number]
    sequences = form.choose(dataset, form.actions, seed)
    examples = [
        [read_example(records, dataset, one, form.row_labels) for one in row] for row in sequences
    ]
    return draw_panels(number, examples, sequences, dataset)


def read_example(
    records: Path, dataset: DatasetDescription, sequence: SequenceId, kinds: Collection[str]
) -> Example | None:
    """Read the loudest moment of a sequence; None if the data set lacks the sequence.

    Parameters
    ----------
    kinds : what to read, `FRAME`, `SPECTROGRAM` or both.

    Raises
    ------
    InputError : as `loudest_frame`, `read_frame` and `read_levels`.
    """
    if sequence.name in dataset.missing:
        return None
    frame = loudest_frame(records, sequence, dataset.sequence_seconds)
    seconds = crop_seconds(dataset)
    # The frame is as near to the crop's middle as possible.
    earliest = max(0, frame // FRAMES_PER_SECOND - seconds // 2)
    crop = Crop(sequence.name, min(earliest, dataset.sequence_seconds - seconds))
    return Example(
        read_frame(records, sequence, frame) if FRAME in kinds else None,
        read_levels(records, crop, seconds) if SPECTROGRAM in kinds else None,
        (frame + 0.5) / FRAMES_PER_SECOND - crop.start,
    )


def loudest_frame(records: Path, sequence: SequenceId, seconds: int) -> int:
    """Find the frame during which a sequence is loudest, when the action happens.

    Parameters
    ----------
    seconds : length of the sequence.

    Returns
    -------
    The frame's number in the sequence, from 0, at 12 per second; the first of equally loud ones.

    Raises
    ------
    InputError : a record is missing, damaged, without audio or of another sequence.
    """
    audio = [
        schema.read_audio(records / schema.record_path(sequence.name, second), sequence=sequence)
        for second in range(seconds)
    ]
    samples = np.concatenate(audio).astype(np.float64).reshape(-1, SAMPLES_PER_FRAME)
    # The standard deviation ignores a microphone's constant offset.
    return int(np.argmax(samples.std(axis=1)))


def read_frame(records: Path, sequence: SequenceId, frame: int) -> np.ndarray:
    """Return one frame of a sequence: (480, 640, 3) uint8, RGB.

    Parameters
    ----------
    frame : number of the frame, from `loudest_frame`.

    Raises
    ------
    InputError : as `avdistill.records.schema.read_video`.
    """
    second, number = divmod(frame, FRAMES_PER_SECOND)
    path = records / schema.record_path(sequence.name, second)
    return schema.read_video(path, (number,), sequence=sequence)[0]


def draw_panels(
    number: int,
    examples: Sequence[Sequence[Example | None]],
    sequences: Sequence[Sequence[SequenceId]],
    dataset: DatasetDescription,
) -> Figure:
    """Draw the panels of a figure: its rows, each of one kind of panel or of two.

    Parameters
    ----------
    number : number of the figure, a key of `RECORDING_FIGURES`.
    examples : from `read_example`, for each of `sequences`.
    sequences : from the figure's `choose`.
    """
    form = RECORDING_FIGURES[number]
    rows, columns = len(sequences), max(map(len, sequences))
    shared = FRAME not in form.row_labels  # spectrograms alone share their axes
    with style():
        figure = new_figure(
            max(form.least_width, form.width[0] + form.width[1] * columns),
            form.height[0] + form.height[1] * rows,
        )
        panels = figure.subplots(
            rows * len(form.row_labels),
            columns,
            squeeze=False,
            sharex=shared,
            sharey=shared,
            height_ratios=[_HEIGHTS[kind] for kind in form.row_labels] * rows,
        ).reshape(rows, -1, columns)
        heard: list[Axes] = []
        for row, (row_examples, row_sequences) in enumerate(zip(examples, sequences, strict=True)):
            for (kind, label), line in zip(form.row_labels.items(), panels[row], strict=True):
                line[0].set_ylabel(label.format(**words_of(row_sequences[0], dataset)))
                _draw_line(line, kind, row_examples, marked=not shared)
                if kind == SPECTROGRAM:
                    heard += line[: len(row_examples)].tolist()
            if form.rows_differ or row == 0:
                place = "left" if shared else "center"
                for axes, sequence in zip(panels[row, 0], row_sequences, strict=False):
                    axes.set_title(form.heading.format(**words_of(sequence, dataset)), loc=place)
        for axes in heard if form.rows_differ else heard[-columns:]:
            axes.set_xlabel("time (s)")
        if heard:
            add_scale(figure, heard, rows)
        shown = [sequence.label for row in sequences for sequence in row]
        title = form.title.format(**words_of(sequences[0][0], dataset))
        title += lacking_note(dataset, form.actions, shown)
        state_title(figure, title, dataset.source)
    return figure


def words_of(sequence: SequenceId, dataset: DatasetDescription) -> dict[str, str | int]:
    """Return the words about a sequence for the formats of a `RecordingFigure`."""
    action, scenario = dataset.classes[sequence.label], dataset.scenarios[sequence.location - 1]
    return {
        "subject": sequence.subject,
        "location": sequence.location,
        "action": action,
        "Action": action.capitalize(),
        "scenario": scenario,
        "Scenario": scenario.capitalize(),
        "scenarios": "every scenario" if len(dataset.scenarios) > 1 else "the only scenario",
    }


def draw_frame(axes: Axes, frame: np.ndarray | None) -> None:
    """Draw a frame without axes; for None, draw a note that the data set lacks it."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if frame is None:
        axes.set_aspect(0.75, adjustable="box")
        state_absence(axes, "not in the data set")
    else:
        axes.imshow(frame, interpolation="antialiased")


def _draw_line(
    panels: Sequence[Axes], kind: str, examples: Sequence[Example | None], *, marked: bool
) -> None:
    """Draw one kind of panel of a row's examples, and remove the panels that are left over.

    Parameters
    ----------
    marked : whether to mark the moment of the frame above its spectrogram.
    """
    for axes in panels[len(examples) :]:
        axes.remove()
    for axes, example in zip(panels, examples, strict=False):
        if kind == FRAME:
            draw_frame(axes, example and example.frame)
        elif example is None:
            state_absence(axes, "not in the data set")
        else:
            draw_panel(axes, example.level)
            if marked:
                above = {"clip_on": False, "transform": axes.get_xaxis_transform()}
                axes.plot(example.moment, 1.05, marker="v", color=VERMILION, **above)
