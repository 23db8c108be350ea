"""Captions of the report, rendered as Snakemake renders them."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils.core import publish_parts
from jinja2 import Environment, StrictUndefined

CAPTIONS = sorted((Path(__file__).parents[2] / "workflow/report").glob("*.rst"))
OUTPUTS = (
    "results/figures/students/all/hearnet/ground_truth/seed0/picture.png",
    "results/figures/students/all/hearnet/dualcamnet/seed0/picture.png",
    "results/figures/teachers/all/dualcamnet/seed0/picture.png",
)
STUDENT = "results/students/all/hearnet/dualcamnet/seed0/predictions.parquet"


def render(path, config, output=OUTPUTS[0], first_input=STUDENT):
    snakemake = SimpleNamespace(config=config, output=[output], input=[first_input])
    text = Environment(undefined=StrictUndefined).from_string(path.read_text("utf-8"))
    return " ".join(text.render(snakemake=snakemake).split())


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("config", [{}, {"dataset": {"source": "archive"}}])
@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda path: path.stem)
def test_every_caption_is_sound_text(caption, config, output):
    text = render(caption, config, output)
    assert len(text) > 100
    publish_parts(text, writer="html", settings_overrides={"halt_level": 2, "report_level": 1})


def caption(stem):
    (path,) = [path for path in CAPTIONS if path.stem == stem]
    return path


@pytest.mark.parametrize(
    "stem",
    [
        *("workflow", "overlay", "accuracy", "transfer_esc10", "figure_scenes", "figure_knocking"),
        *("figure_similar_actions", "figure_actions_by_scenario", "figure_confusion"),
        *("spectrograms", "confusion", "learning_curves", "grid", "hyperparameters"),
        "transfer_scopes",
    ],
)
def test_simulated_data_are_called_so_and_real_data_are_not(stem):
    assert "simulated" in render(caption(stem), {})
    assert "simulated" not in render(caption(stem), {"dataset": {"source": "folders"}})


def test_the_report_says_that_difficulty_is_an_input_and_shows_the_runs_note():
    text = render(caption("workflow"), {"report": {"note": "Too small to learn."}})
    assert "is an input of a simulation and not a finding" in text
    assert "**Too small to learn.**" in text
    assert "**" not in render(caption("workflow"), {"dataset": {"source": "archive"}})


def test_the_report_says_which_published_weights_are_missing():
    path = caption("workflow")
    for config in ({}, {"teachers": {"dualcamnet": {}}}, {"vision": {"weights": "random"}}):
        assert "Published weights" not in render(path, config)  # by default nothing needs any
    text = render(path, {"teachers": {"resnet50": {}, "avnet": {}, "dualcamnet": {}}})
    assert "random weights, not ImageNet's (ResNet-50, AVNet):" in text
    assert "OurSoundNet started" not in text
    seeing = {"teachers": {"resnet50": {}}, "vision": {"weights": "imagenet"}}
    assert "Published weights" not in render(path, seeing)
    text = render(path, seeing | {"students": {"soundnet": {}}})
    assert "OurSoundNet started from random weights" in text
    assert "ImageNet" not in text
    given = {"students": {"soundnet": {"weights": {"file": "a.t7", "sha256": "0"}}}}
    assert "Published weights" not in render(path, given)


def test_captions_name_the_loss_that_is_not_the_papers():
    hinton = {"training": {"loss": "hinton"}}
    for stem, words in (("grid", "Hinton et al."), ("learning_curves", "the weight λ T²")):
        assert words in render(caption(stem), hinton, OUTPUTS[1])
        assert words not in render(caption(stem), {"training": {}}, OUTPUTS[1])
        assert words not in render(caption(stem), hinton, OUTPUTS[0])


def test_captions_tell_students_of_ground_truth_from_distilled_ones():
    truth, distilled = (render(caption("grid"), {}, output) for output in OUTPUTS[:2])
    assert "have only the learning rate" in truth
    assert "imitation parameter λ" in distilled
    assert "five seconds" in render(caption("confusion"), {}, OUTPUTS[1])
    assert "one second" in render(caption("confusion"), {}, OUTPUTS[2])


@pytest.mark.parametrize("number", range(5, 14))
def test_captions_of_confusion_matrices_say_what_the_paper_finds_and_decide_nothing(number):
    path = caption("figure_confusion")
    text = render(path, {}, f"results/figures/paper/figure{number:02d}.png")
    assert f"supplement's figure {number}, made with this run" in text
    assert "the paper finds" in text
    assert "The table of claims says whether that holds here" in text
    publish_parts(text, writer="html", settings_overrides={"halt_level": 2, "report_level": 1})


def test_captions_of_confusion_matrices_say_what_a_student_learned_from():
    def text_of(role):
        path = f"results/{role}/seed0/predictions.parquet"
        return render(caption("figure_confusion"), {}, OUTPUTS[0], path)

    assert "this one learned from DualCamNet's soft labels." in text_of("students/all/x/dualcamnet")
    assert "this one learned from ground truth." in text_of("students/all/x/ground_truth")
    assert "the soft labels that the title names." in text_of("students/all/x/both")
    assert "learned from" not in text_of("teachers/all/resnet50")
    assert "one second" in text_of("teachers/all/resnet50")
