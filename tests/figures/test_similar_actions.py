import numpy as np
import pytest

from avdistill.avia.vocabulary import ACTIONS, SequenceId
from avdistill.figures.recording_panels import Example, draw_panels, read_example
from avdistill.figures.recordings import FRAME, RECORDING_FIGURES, SPECTROGRAM


def choose(dataset, *, seed):
    form = RECORDING_FIGURES[2]
    return form.choose(dataset, form.actions, seed)


THREE = ("anechoic chamber", "open-space office", "outdoor terrace")


def names_of(dataset, rows) -> list[list[str]]:
    return [[dataset.classes[one.label] for one in row] for row in rows]


def test_two_subjects_show_three_actions_each_on_the_terrace(describe):
    dataset = describe(classes=ACTIONS, scenarios=THREE)
    choices = [choose(dataset, seed=seed) for seed in range(30)]
    for rows in choices:
        assert names_of(dataset, rows) == [
            ["clapping", "snapping fingers", "peanut breaking"],
            ["clicking", "typing", "knocking"],
        ]
        assert {one.location for row in rows for one in row} == {3}
        first, second = ({one.subject for one in row} for row in rows)
        assert len(first) == len(second) == 1
        assert first != second
    assert {row[0].subject for row, _ in choices} == {1, 2, 3}


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        # Nothing that the second subject shows stands in for the first's.
        (("clapping", "whistling", "typing", "knocking"), [["clapping", "whistling"], [*"tk"]]),
        (("whistling", "knocking"), [["whistling"], ["knocking"]]),
        (("typing", "knocking"), [["typing", "knocking"]]),
        (ACTIONS[:5], [["clapping", "snapping fingers", "speaking"], [*ACTIONS[3:5]]]),
    ],
)
def test_small_data_sets_show_no_action_twice(describe, classes, expected):
    short = {"t": "typing", "k": "knocking"}
    expected = [[short.get(name, name) for name in row] for row in expected]
    dataset = describe(classes=classes)
    assert names_of(dataset, choose(dataset, seed=0)) == expected


def test_a_frame_goes_with_the_sound_around_it(describe, write_records):
    sequence = SequenceId(2, 1, 3)
    records = write_records([sequence], seconds=8, loudest=66)
    example = read_example(records, describe(sequence_seconds=8), sequence, {FRAME, SPECTROGRAM})
    assert abs(example.frame.mean() - 66) <= 1
    assert example.level.shape == (500, 257)
    assert example.moment == pytest.approx(66.5 / 12 - 3)  # second 5 is in the middle of 3 to 8
    assert abs(example.level.max(axis=1).argmax() / 100 - example.moment) < 1 / 12
    lacking = describe(sequence_seconds=8, missing=(sequence.name,))
    assert read_example(records, lacking, sequence, {FRAME, SPECTROGRAM}) is None


def test_each_frame_stands_above_its_spectrogram_with_units(describe, texts_of):
    dataset = describe(classes=("clapping", "whistling", "typing"), scenarios=THREE)
    rows = choose(dataset, seed=0)
    assert [len(row) for row in rows] == [2, 1]
    example = Example(np.zeros((480, 640, 3), np.uint8), np.zeros((500, 257)), 2.5)
    figure = draw_panels(2, [[example, None], [example]], rows, dataset)
    heard = [axes for axes in figure.axes if axes.get_xlabel() == "time (s)"]
    seen = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in seen] == ["clapping", "whistling", "typing"]
    assert len(heard) == 3
    assert [axes.get_ylabel() for axes in heard] == ["frequency (kHz)", "", "frequency (kHz)"]
    assert heard[0].lines[0].get_xdata() == [2.5]
    assert not heard[1].lines
    texts = texts_of(figure)
    assert texts.count("not in the data set") == 2  # seen and heard
    assert "magnitude (dB relative\nto the crop's maximum)" in texts
    assert "simulated data" in texts
    title = next(text for text in texts if text.startswith("Outdoor terrace: the loudest frame"))
    note = "the data set has no snapping fingers, peanut breaking, clicking or knocking"
    assert title.endswith(note)


def test_verb_draws_the_chosen_actions(describe, draw_figure):
    dataset = describe(subjects=1, classes=("clapping", "knocking"), scenarios=THREE[:1])
    draw_figure(2, dataset, dataset.sequences())
