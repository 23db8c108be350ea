import numpy as np
import pandas as pd
import pytest

from avdistill.avia.vocabulary import SAMPLE_RATE, SequenceId
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.figures.spectrograms import (
    RANGE_DB,
    draw_examples,
    draw_spectrograms,
    read_levels,
)
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import write_manifest
from avdistill.records.crops import Crop
from avdistill.records.schema import encode_second, record_path
from avdistill.records.splits import split_sequences
from avdistill.records.tfrecord import compress_record


def write_tones(records, sequences, seconds=6, silent=()):
    """Write records in which class n sounds at (n + 1) kHz."""
    for name in sequences:
        sequence = SequenceId.parse(name)
        time = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
        tone = 1e6 * np.sin(2 * np.pi * 1000 * (sequence.label + 1) * time)
        audio = tone.astype(np.int32).reshape(seconds, 12, 1, 1024)
        (records / name).mkdir(parents=True)
        for second in range(seconds):
            data = encode_second(sequence, audio=audio[second] * (second not in silent))
            (records / record_path(name, second)).write_bytes(compress_record(data))


@pytest.fixture
def split(describe):
    return split_sequences(describe(subjects=5), "all", "stratified", 42)


def test_examples_are_training_crops_of_the_first_scenario(describe, split):
    examples = {tuple(draw_examples(describe(subjects=5), split, seed=n)) for n in range(20)}
    training = set(split.loc[split["split"] == "training", "sequence"])
    for crops in examples:
        assert [SequenceId.parse(crop.sequence).label for crop in crops] == [0, 1, 2]
        assert {crop.sequence for crop in crops} <= training
        assert {SequenceId.parse(crop.sequence).location for crop in crops} == {1}
        assert {crop.start for crop in crops} <= {0, 1}
    assert len(examples) > 5


def test_a_class_without_training_sequence_has_no_example(describe, split):
    rest = split[~((split["action"] == 2) & (split["split"] == "training"))]
    crops = draw_examples(describe(), rest, seed=0)
    assert [crop is None for crop in crops] == [False, True, False]
    assert crops[::2] == draw_examples(describe(), split, seed=0)[::2]


def test_no_example_at_all_is_refused(describe, split):
    with pytest.raises(InputError, match="scenario 1"):
        draw_examples(describe(), split[split["scenario"] == 2], seed=0)


def test_short_sequences_are_drawn_whole(describe, split):
    dataset = describe(sequence_seconds=4)
    assert {crop.start for crop in draw_examples(dataset, split, seed=0)} == {0}
    figure = draw_spectrograms([np.zeros((400, 257))] * 3, dataset)
    assert figure.axes[0].get_xlim() == (0, 4)
    assert figure.axes[0].images[0].get_extent()[:2] == [0, 4]


def test_a_tone_is_loudest_at_its_frequency(tmp_path):
    name = "Location_01/Subject_01/Action_002"
    write_tones(tmp_path, [name])
    levels = read_levels(tmp_path, Crop(name, 1), 5)
    assert levels.shape == (500, 257)
    assert levels.max() == 0
    assert levels.min() >= -RANGE_DB
    assert abs(levels[250].argmax() * 22050 / 512 - 2000) < 22050 / 512


@pytest.mark.filterwarnings("ignore::avdistill.records.audio.SilentCropWarning")
def test_a_silent_crop_is_as_faint_as_can_be(tmp_path):
    name = "Location_01/Subject_01/Action_001"
    write_tones(tmp_path, [name], silent=range(5))
    assert np.all(read_levels(tmp_path, Crop(name, 0), 5) == -RANGE_DB)


def test_every_class_has_a_named_panel_with_units(describe, texts_of):
    names = tuple(f"class {n}" for n in range(7))  # the second row is not full
    levels = [np.zeros((500, 257))] * 6 + [None]
    figure = draw_spectrograms(levels, describe("AVIA", classes=names))
    panels = [axes for axes in figure.axes if axes.get_title("left")]
    assert [axes.get_title("left") for axes in panels] == list(names)
    labelled = [axes.get_title("left") for axes in panels if axes.get_ylabel() == "frequency (kHz)"]
    assert labelled == ["class 0", "class 5"]
    assert [axes.get_xlabel() for axes in panels] == 5 * [""] + 2 * ["time (s)"]
    texts = texts_of(figure)
    assert "data: AVIA" in texts
    assert "One training crop of each class, anechoic chamber" in texts
    assert sum("no training sequence" in text for text in texts) == 1
    assert "magnitude (dB relative\nto the crop's maximum)" in texts
    low, high = panels[0].get_ylim()
    assert (low, high) == (0, SAMPLE_RATE / 2000)


def test_verb_draws_what_the_split_says(describe, split, tmp_path):
    dataset = describe(subjects=5)
    dataset.write(tmp_path / "dataset.json")
    write_frame(tmp_path / "all.csv", pd.DataFrame(split))
    crops = draw_examples(dataset, split, seed=3)
    write_tones(tmp_path / "records", [crop.sequence for crop in crops])
    arguments = ["draw-spectrograms", "--dataset", str(tmp_path / "dataset.json")]
    write_manifest(tmp_path / "records/manifest.csv", [])
    arguments += ["--records", str(tmp_path / "records/manifest.csv")]
    arguments += ["--split", str(tmp_path / "all.csv")]
    for name in ("first.png", "second.png"):
        assert main([*arguments, "--seed", "3", "--output", str(tmp_path / name)]) == 0
    for suffix in (".png", ".svg"):
        first, second = (tmp_path / f"{name}{suffix}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
