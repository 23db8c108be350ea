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


def render(path, config, output=OUTPUTS[0]):
    snakemake = SimpleNamespace(config=config, output=[output])
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


@pytest.mark.parametrize("stem", ["workflow", "overlay", "accuracy", "transfer_esc10"])
def test_simulated_data_are_called_so_and_real_data_are_not(stem):
    assert "simulated" in render(caption(stem), {})
    assert "simulated" not in render(caption(stem), {"dataset": {"source": "folders"}})


def test_the_report_says_that_difficulty_is_an_input_and_shows_the_runs_note():
    text = render(caption("workflow"), {"report": {"note": "Too small to learn."}})
    assert "is an input of a simulation and not a finding" in text
    assert "**Too small to learn.**" in text
    assert "**" not in render(caption("workflow"), {"dataset": {"source": "archive"}})


def test_captions_tell_students_of_ground_truth_from_distilled_ones():
    truth, distilled = (render(caption("grid"), {}, output) for output in OUTPUTS[:2])
    assert "only the learning rate" in truth
    assert "imitation parameter λ" in distilled
    assert "five seconds" in render(caption("confusion"), {}, OUTPUTS[1])
    assert "one second" in render(caption("confusion"), {}, OUTPUTS[2])
