"""Video frames as panels of a figure, taken at the loudest moment of a sequence."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from avdistill.avia.vocabulary import FRAMES_PER_SECOND, SAMPLES_PER_FRAME, SequenceId
from avdistill.figures.style import state_absence
from avdistill.records import schema


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


def draw_frame(axes: Axes, frame: np.ndarray | None) -> None:
    """Draw a frame without axes; for None, draw a note that the data set lacks it."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    if frame is None:
        axes.set_aspect(0.75, adjustable="box")
        state_absence(axes, "not in the data set")
    else:
        axes.imshow(frame, interpolation="antialiased")
