"""The supplement's figures of recordings, 1 to 4: the sequences, panels and words of each."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.figures.choices import (
    choose_actions_by_scenario,
    choose_one_action,
    choose_scenes,
    choose_similar_actions,
)

FRAME, SPECTROGRAM = "frame", "spectrogram"  # the kinds of panels

_SCENARIO = "scenario {location}\n{scenario}"
_FREQUENCY = "frequency (kHz)"


class RecordingFigure(NamedTuple):
    """A figure that shows sequences of the data set: its rows, and a column for each action.

    Words are formats: `words_of` in `avdistill.figures.recording_panels` fills them in.

    Attributes
    ----------
    name : name of the file with its caption, after `figure_`.
    shows : what the figure shows, for the report.
    choose : function of `avdistill.figures.choices` that chooses rows of sequences.
    actions : names of the actions to show; the data set may lack some.
    row_labels : the kinds of a sequence's panels, from top to bottom, with the words on the left.
    heading : words above each panel of the first row.
    title : words above the figure, about its first sequence.
    width, height : inches of the margins, and of each column or row.
    least_width : inches that the title needs.
    rows_differ : whether each row shows other actions, and has headings and a time axis of its own.
    """

    name: str
    shows: str
    choose: Callable[[DatasetDescription, tuple[str, ...], int], list[list[SequenceId]]]
    actions: tuple[str, ...]
    row_labels: Mapping[str, str]
    heading: str
    title: str
    width: tuple[float, float]
    height: tuple[float, float]
    least_width: float = 0
    rows_differ: bool = False

    @property
    def modalities(self) -> set[str]:
        """Return the modalities that the records must hold; the loudest moment needs audio."""
        return {"audio", "video"} if FRAME in self.row_labels else {"audio"}


RECORDING_FIGURES = {
    1: RecordingFigure(
        "scenes",
        "three actions in every scenario",
        choose_scenes,
        ("stick dropping", "clicking", "plastic crumpling"),
        {FRAME: _SCENARIO},
        heading="{action} (subject {subject})",
        title="The loudest moment of each sequence, in {scenarios}",
        width=(0.3, 3.1),
        height=(0.8, 2.25),
    ),
    2: RecordingFigure(
        "similar_actions",
        "actions that look alike, and their sound",
        choose_similar_actions,
        # Of its six actions the supplement names only clapping and snapping fingers. For these
        # three both hands are before the chest; for the next three a hand is on the table.
        ("clapping", "snapping fingers", "peanut breaking", "clicking", "typing", "knocking"),
        {FRAME: "subject {subject}", SPECTROGRAM: _FREQUENCY},
        heading="{action}",
        title="{Scenario}: the loudest frame of each sequence, and the sound around it\n"
        "(the triangle marks the frame)",
        width=(1.2, 2.8),
        height=(0.9, 4.0),
        least_width=6.5,
        rows_differ=True,
    ),
    3: RecordingFigure(
        "knocking",
        "knocking by three subjects",
        choose_one_action,
        ("knocking",),
        {SPECTROGRAM: _FREQUENCY},
        heading="subject {subject}",
        title="{Action}, {scenario}",
        width=(1.6, 2.8),
        height=(0.9, 2.2),
    ),
    4: RecordingFigure(
        "actions_by_scenario",
        "what three actions sound like in every scenario",
        choose_actions_by_scenario,
        # The supplement does not name its three actions. These differ clearly in sound: short
        # strokes, a tone, and a rustle.
        ("clapping", "whistling", "paper shaking"),
        {SPECTROGRAM: f"{_SCENARIO}\n{_FREQUENCY}"},
        heading="{action}",
        title="What subject {subject}'s actions sound like in each scenario",
        width=(1.9, 2.8),
        height=(0.9, 1.9),
    ),
}
