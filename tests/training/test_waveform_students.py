"""OurSoundNet through the students' verbs: waveforms, weights to start from, Hinton's loss."""

import csv
import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from avdistill.cli import main
from avdistill.networks.soundnet import PRETRAINED, PUBLISHED_KERNELS
from avdistill.records.schema import read_audio, record_path
from avdistill.results.model_folder import open_model_directory
from avdistill.results.predictions import logits_of, read_predictions
from avdistill.results.soft_labels import KEYS, Teacher, write_soft_labels

CLASSES = ("hum", "buzz", "hiss")


def data(root):
    names = ("dataset.json", "records", "records/manifest.csv", "all.csv")
    keys = ("--dataset", "--records", "--manifest", "--split")
    return [part for key, name in zip(keys, names, strict=True) for part in (key, str(root / name))]


def search(root, output, *options, student="soundnet"):
    fixed = ["--student", student, "--scope", "all", "--seed", "0", "--epochs", "2"]
    fixed += ["--batch-size", "4", "--learning-rates", "1e-3", "--output", str(output)]
    return main(["search-grid", *data(root), *fixed, *map(str, options)])


def select(root, search_folder, output, supervision):
    fixed = ["--student", "soundnet", "--scope", "all", "--seed", "0", "--output", str(output)]
    fixed += ["--slices", str(search_folder), "--supervision", supervision]
    return main(["select-student", *data(root), *fixed])


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Path and digest of made-up weights in SoundNet's form."""
    generator = np.random.default_rng(5)
    layers = {}
    for name in PRETRAINED:
        shape = PUBLISHED_KERNELS[name]
        layers[f"{name}/weights"] = generator.normal(0, 0.1, shape).astype(np.float32)
        for key in ("biases", "beta", "mean"):
            layers[f"{name}/{key}"] = generator.normal(0, 0.1, shape[-1]).astype(np.float32)
        for key in ("gamma", "var"):
            layers[f"{name}/{key}"] = generator.uniform(1, 2, shape[-1]).astype(np.float32)
    path = tmp_path_factory.mktemp("weights") / "soundnet5.npz"
    np.savez(path, **layers)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def soft_labels(tiny, tmp_path_factory):
    """Path of the soft labels of an ensemble, all of one mind."""
    import pandas as pd

    split = pd.read_csv(tiny / "all.csv")
    rows = [
        (row.sequence, second, row.split, *(3.0 * np.eye(3)[row.action - 1]))
        for row in split.itertuples()
        for second in range(5)
    ]
    path = tmp_path_factory.mktemp("soft") / "soft.parquet"
    table = pd.DataFrame(rows, columns=[*KEYS, "logit_0", "logit_1", "logit_2"])
    write_soft_labels(path, table, Teacher("dualcamnet, resnet50", "random and random backbone"))
    return path


@pytest.fixture(scope="module")
def trained(tiny, published, tmp_path_factory):
    """Folder of a student on ground truth that started from the published weights."""
    root = tmp_path_factory.mktemp("soundnet")
    start = ["--initial-weights-file", published[0], "--initial-weights-sha256", published[1]]
    start += ["--batch-norm-decay", 0.5]
    assert search(tiny, root / "slice0", "--supervision", "ground_truth", *start) == 0
    assert select(tiny, root / "slice0", root / "student", "ground_truth") == 0
    return root / "student"


def test_it_says_what_it_hears_and_what_it_started_from(trained):
    _, _, card = open_model_directory(trained)
    assert card["input"] == "waveform"
    assert card["statistics"] is None
    assert card["frames"] is None
    assert card["initial_weights"] == "SoundNet (soundnet5.npz)"
    metrics = json.loads((trained / "metrics.json").read_text())
    assert metrics["initial_weights"] == "SoundNet (soundnet5.npz)"
    assert card["teacher_initial_weights"] is metrics["teacher_initial_weights"] is None
    assert "loss" not in metrics  # of distillation, that is
    assert len(read_predictions(trained / "predictions.parquet")) == 3


def test_training_goes_on_from_the_published_weights_with_its_own_decay(trained, published):
    model, _, _ = open_model_directory(trained)
    with np.load(published[0], allow_pickle=False) as layers:
        published_kernel = layers["conv1/weights"]
    kernel = model.get_layer("conv1").get_weights()[0]
    # One epoch of a learning rate of 1e-3 later.
    np.testing.assert_allclose(kernel.reshape(64, 32), published_kernel.reshape(64, 32), atol=0.02)
    assert model.get_layer("conv1_norm").get_config()["momentum"] == 0.5


def test_an_ensembles_soft_labels_with_hintons_loss(tiny, soft_labels, tmp_path):
    soft = ["--supervision", "everyone", "--soft-labels", soft_labels]
    soft += ["--temperatures", 2, "--imitations", 0.5, "--loss", "hinton"]
    assert search(tiny, tmp_path / "slice0", *soft) == 0
    assert select(tiny, tmp_path / "slice0", tmp_path / "student", "everyone") == 0
    metrics = json.loads((tmp_path / "student" / "metrics.json").read_text())
    assert metrics["loss"] == "hinton"
    _, _, description = open_model_directory(tmp_path / "student")
    for told in (metrics, description):
        assert told["initial_weights"] == "random"
        assert told["teacher_initial_weights"] == "random and random backbone"
    assert (metrics["supervision"], metrics["temperature"]) == ("everyone", 2)


def test_it_hears_in_a_file_what_it_heard_in_the_records(trained, tiny, tmp_path):
    predictions = read_predictions(trained / "predictions.parquet")
    sequence = predictions["sequence"][0]
    audio = [read_audio(tiny / "records" / record_path(sequence, second)) for second in range(5)]
    wav = tmp_path / "sequence.wav"
    soundfile.write(wav, np.concatenate(audio) / 2**15, 12288, subtype="FLOAT")
    # In a process of its own: nothing but the folder says how the network is built.
    program = [sys.executable, "-m", "avdistill.cli", "predict", "--model", trained, wav]
    done = subprocess.run(list(map(str, program)), capture_output=True, text=True, check=True)
    (row,) = csv.DictReader(done.stdout.splitlines())
    logits = logits_of(predictions)[0].astype(float)
    expected = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose([float(row[name]) for name in CLASSES], expected, atol=2e-3)


@pytest.mark.parametrize(
    "case",
    [
        ("soundnet", ["--statistics", "all.npz"], "takes waveform input; leave out --statistics"),
        ("hearnet", [], "takes spectrogram input; give its --statistics"),
        ("soundnet", ["--initial-weights-file", "a.t7"], "belong together"),
        (
            "hearnet",
            ["--statistics", "all.npz", "--batch-norm-decay", "0.9"],
            "are soundnet's; hearnet has neither",
        ),
    ],
)
def test_options_of_the_other_student_are_refused(tiny, tmp_path, capsys, case):
    student, options, message = case
    out = tmp_path / "out"
    supervision = ("--supervision", "ground_truth")
    assert search(tiny, out, *supervision, *options, student=student) == 1
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_weights_that_are_not_the_named_ones_are_refused(tiny, published, tmp_path, capsys):
    start = ("--initial-weights-file", published[0], "--initial-weights-sha256", "0" * 64)
    assert search(tiny, tmp_path / "out", "--supervision", "ground_truth", *start) == 1
    assert "its sha256 is" in capsys.readouterr().err


def test_slices_that_started_differently_are_not_merged(tiny, trained, tmp_path, capsys):
    for number, cell in enumerate(("0", "1")):
        folder = tmp_path / f"slice{number}"
        folder.mkdir()
        table = (trained / "grid.csv").read_text().replace("\n0,", f"\n{cell},")
        (folder / "cells.csv").write_text(table)
        (folder / "model.keras").symlink_to(trained / "model.keras")
        (folder / "history.csv").write_text((trained / "history.csv").read_text())
        start = json.loads((trained.parent / "slice0" / "search.json").read_text())
        start["initial_weights"] = ("random", "SoundNet (a.t7)")[number]
        (folder / "search.json").write_text(json.dumps(start))
    fixed = ["--student", "soundnet", "--scope", "all", "--seed", "0", "--supervision"]
    fixed += ["ground_truth", "--output", str(tmp_path / "out"), "--slices"]
    slices = [str(tmp_path / f"slice{number}") for number in range(2)]
    assert main(["select-student", *data(tiny), *fixed, *slices]) == 1
    assert "slice1/search.json: not of the search" in capsys.readouterr().err
