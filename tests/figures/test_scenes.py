import numpy as np

from avdistill.avia.vocabulary import SequenceId
from avdistill.figures.recording_panels import Example, draw_panels, read_example
from avdistill.figures.recordings import FRAME, RECORDING_FIGURES


def choose(dataset, *, seed):
    form = RECORDING_FIGURES[1]
    return form.choose(dataset, form.actions, seed)


CLASSES = ("typing", "clicking", "plastic crumpling", "stick dropping")


def test_rows_are_scenarios_and_columns_the_papers_actions(describe):
    dataset = describe(classes=CLASSES)
    choices = [choose(dataset, seed=seed) for seed in range(30)]
    for rows in choices:
        assert [[one.location for one in row] for row in rows] == [[1, 1, 1], [2, 2, 2]]
        assert [[one.label for one in row] for row in rows] == [[3, 1, 2]] * 2
        first, second = ([one.subject for one in row] for row in rows)
        assert first == second
    assert {row[0].subject for row, _ in choices} == {1, 2, 3}
    assert choices[0] == choose(dataset, seed=0)


def test_every_action_has_a_title_every_scenario_a_name(describe, texts_of):
    dataset = describe("AVIA")
    scenes = choose(dataset, seed=0)
    frames = [[np.full((480, 640, 3), 9 * i + j, np.uint8) for j in range(3)] for i in range(2)]
    examples = [[Example(frame, None, 2.5) for frame in row] for row in frames]
    examples[1][2] = None
    figure = draw_panels(1, examples, scenes, dataset)
    subjects = [one.subject for one in scenes[0]]
    assert [axes.get_title() for axes in figure.axes[:3]] == [
        f"{name} (subject {subject})"
        for name, subject in zip(dataset.classes, subjects, strict=True)
    ]
    assert [axes.get_ylabel() for axes in figure.axes[::3]] == [
        "scenario 1\nanechoic chamber",
        "scenario 2\nopen-space office",
    ]
    shown = [axes.images[0].get_array().max() for axes in figure.axes if axes.images]
    assert shown == [0, 1, 2, 9, 10]
    texts = texts_of(figure)
    assert "data: AVIA" in texts
    assert (
        "The loudest moment of each sequence, in every scenario\n"
        "the data set has no stick dropping, clicking or plastic crumpling"
    ) in texts


def test_the_frame_is_the_loudest_and_a_lacking_sequence_has_none(describe, write_records):
    one, other = SequenceId(1, 1, 1), SequenceId(1, 1, 2)
    records = write_records([one], loudest=50)
    dataset = describe(missing=(other.name,))
    example = read_example(records, dataset, one, {FRAME})
    assert abs(example.frame.mean() - 50) <= 1
    assert example.level is None
    assert read_example(records, dataset, other, {FRAME}) is None


def test_verb_draws_the_chosen_scenes(describe, draw_figure):
    dataset = describe(subjects=1, scenarios=("anechoic chamber",))
    draw_figure(1, dataset, dataset.sequences())
