import numpy as np

from avdistill.avia.vocabulary import ACTIONS, SequenceId
from avdistill.figures.recording_panels import Example, draw_panels
from avdistill.figures.recordings import RECORDING_FIGURES


def choose(dataset, *, seed):
    form = RECORDING_FIGURES[4]
    return form.choose(dataset, form.actions, seed)


def test_one_subject_does_three_actions_in_every_scenario(describe):
    dataset = describe(classes=ACTIONS)
    choices = [choose(dataset, seed=seed) for seed in range(30)]
    for rows in choices:
        names = [[dataset.classes[one.label] for one in row] for row in rows]
        assert names == [["clapping", "whistling", "paper shaking"]] * 2
        assert [{one.location for one in row} for row in rows] == [{1}, {2}]
        assert len({one.subject for row in rows for one in row}) == 1
    assert {rows[0][0].subject for rows in choices} == {1, 2, 3}


def test_a_lacking_sequence_leaves_its_panel_empty(describe, texts_of):
    names = tuple(SequenceId(2, subject, 3).name for subject in (1, 2, 3))
    dataset = describe(missing=names)
    rows = choose(dataset, seed=0)
    example = Example(None, np.zeros((500, 257)), 2.5)
    figure = draw_panels(4, [[example] * 3, [example, None, example]], rows, dataset)
    *panels, scale = figure.axes
    assert [axes.get_title("left") for axes in panels[:3]] == [
        "clapping",
        "whistling",
        "paper shaking",
    ]
    assert [axes.get_ylabel() for axes in panels[::3]] == [
        "scenario 1\nanechoic chamber\nfrequency (kHz)",
        "scenario 2\nopen-space office\nfrequency (kHz)",
    ]
    assert [axes.get_xlabel() for axes in panels] == [""] * 3 + ["time (s)"] * 3
    assert [bool(axes.images) for axes in panels] == [True, True, True, True, False, True]
    assert scale.get_ylabel() == "magnitude (dB relative\nto the crop's maximum)"
    texts = texts_of(figure)
    assert texts.count("not in the data set") == 1
    subject = rows[0][0].subject
    assert f"What subject {subject}'s actions sound like in each scenario" in texts
    assert "simulated data" in texts


def test_verb_draws_the_chosen_sequences(describe, draw_figure):
    dataset = describe(subjects=1)
    draw_figure(4, dataset, dataset.sequences())
