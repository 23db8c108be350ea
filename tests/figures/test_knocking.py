import numpy as np

from avdistill.cli import main
from avdistill.figures.recording_panels import Example, draw_panels
from avdistill.figures.recordings import RECORDING_FIGURES
from avdistill.files.manifest import write_manifest


def choose(dataset, *, seed):
    form = RECORDING_FIGURES[3]
    return form.choose(dataset, form.actions, seed)


THREE = ("anechoic chamber", "open-space office", "outdoor terrace")
CLASSES = ("typing", "knocking")
EXAMPLE = Example(None, np.zeros((500, 257)), 2.5)


def test_three_subjects_knock_on_the_terrace(describe):
    dataset = describe(classes=CLASSES, scenarios=THREE, subjects=5)
    choices = [choose(dataset, seed=seed)[0] for seed in range(30)]
    for sequences in choices:
        assert {(one.location, one.label) for one in sequences} == {(3, 1)}
        subjects = [one.subject for one in sequences]
        assert len(set(subjects)) == 3
        assert subjects == sorted(subjects)
    assert {one.subject for sequences in choices for one in sequences} == {1, 2, 3, 4, 5}


def test_without_knocking_or_terrace_the_title_says_what_is_shown(describe, texts_of):
    dataset = describe(subjects=2)
    sequences = choose(dataset, seed=0)
    assert [(one.location, one.subject, one.label) for one in sequences[0]] == [
        (2, 1, 0),
        (2, 2, 0),
    ]
    texts = texts_of(draw_panels(3, [[EXAMPLE] * 2], sequences, dataset))
    assert "Clapping, open-space office\nthe data set has no knocking" in texts


def test_panels_share_one_scale_and_have_units(describe, texts_of):
    dataset = describe("AVIA", classes=CLASSES, scenarios=THREE)
    figure = draw_panels(3, [[EXAMPLE] * 3], choose(dataset, seed=0), dataset)
    *panels, scale = figure.axes
    assert [axes.get_title("left") for axes in panels] == ["subject 1", "subject 2", "subject 3"]
    assert [axes.get_xlabel() for axes in panels] == ["time (s)"] * 3
    assert panels[0].get_ylabel() == "frequency (kHz)"
    assert scale.get_ylabel() == "magnitude (dB relative\nto the crop's maximum)"
    assert {axes.images[0].get_clim() for axes in panels} == {(-70, 0)}
    assert {"Knocking, outdoor terrace", "data: AVIA"} <= set(texts_of(figure))


def test_verb_draws_the_loudest_part_and_names_what_is_missing(
    describe, draw_figure, tmp_path, capsys
):
    dataset = describe(subjects=2, classes=CLASSES, scenarios=THREE[:1])
    draw_figure(3, dataset, choose(dataset, seed=3)[0])
    arguments = ["draw-recordings", "--figure", "3", "--seed", "3"]
    arguments += ["--dataset", str(tmp_path / "dataset.json")]
    manifest, output = tmp_path / "none/manifest.csv", tmp_path / "third.png"
    arguments += ["--records", str(manifest), "--output", str(output)]
    assert main(arguments) == 1
    assert f"{manifest}: no such manifest" in capsys.readouterr().err
    write_manifest(manifest, [])
    assert main(arguments) == 1
    assert "no such record" in capsys.readouterr().err
    assert not output.exists()
