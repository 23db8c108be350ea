"""OurSoundNet by the students' commands: waveforms, weights to start from, Hinton's loss."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from tiny_jobs import command, data_of

from avdistill.networks.soundnet import PRETRAINED, PUBLISHED_KERNELS
from avdistill.records.schema import read_audio, record_path
from avdistill.results.model_folder import open_model_directory
from avdistill.results.predictions import logits_of, read_predictions
from avdistill.results.soft_labels import KEYS, Teacher, write_soft_labels

CLASSES = ("hum", "buzz", "hiss")


def search(root, output, *more, inputs=(), **settings):
    fixed = {"network": "soundnet", "scope": "all", "learning_rates": [1e-3]}
    fixed["fitting"] = {"epochs": 2, "batch_size": 4}
    files = data_of(root) | dict(inputs) | {"output": output}
    return command("search-grid", fixed | settings, files, *more)


def select(root, slices, output, **settings):
    fixed = {"network": "soundnet", "scope": "all"}
    files = data_of(root) | {"slices": slices, "output": output}
    return command("select-student", fixed | settings, files)


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
    path, digest = published
    settings = {"initial_weights_sha256": digest, "batch_norm_decay": 0.5}
    assert search(tiny, root / "slice0", "--weights", path, **settings) == 0
    assert select(tiny, root / "slice0" / "cells.csv", root / "student") == 0
    return root / "student"


def test_it_says_what_its_input_and_its_initial_weights_are(trained):
    _, _, description = open_model_directory(trained)
    assert description["input"] == "waveform"
    assert description["statistics"] is None
    assert description["frames"] is None
    assert description["initial_weights"] == "SoundNet (soundnet5.npz)"
    metrics = json.loads((trained / "metrics.json").read_text())
    assert metrics["initial_weights"] == "SoundNet (soundnet5.npz)"
    assert description["teacher_initial_weights"] is metrics["teacher_initial_weights"] is None
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
    soft = {"supervision": "everyone", "temperatures": [2], "imitations": [0.5], "loss": "hinton"}
    assert search(tiny, tmp_path / "slice0", "--soft-labels", soft_labels, **soft) == 0
    cells = tmp_path / "slice0" / "cells.csv"
    assert select(tiny, cells, tmp_path / "student", supervision="everyone") == 0
    metrics = json.loads((tmp_path / "student" / "metrics.json").read_text())
    assert metrics["loss"] == "hinton"
    _, _, description = open_model_directory(tmp_path / "student")
    for facts in (metrics, description):
        assert facts["initial_weights"] == "random"
        assert facts["teacher_initial_weights"] == "random and random backbone"
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
        ("soundnet", {}, {"statistics": "all.npz"}, "waveform input; leave out --statistics"),
        ("hearnet", {}, {}, "hearnet takes spectrogram input; give --statistics"),
        ("soundnet", {}, {"weights": "a.t7"}, "belong together; leave out --weights"),
        ("soundnet", {"initial_weights_sha256": "0" * 64}, {}, "together; give --weights"),
        ("hearnet", {"batch_norm_decay": 0.9}, {}, "batch_norm_decay: hearnet has none"),
        (
            "hearnet",
            {"initial_weights_sha256": "0" * 64},
            {},
            "initial_weights_sha256: hearnet has no published weights",
        ),
    ],
)
def test_what_belongs_to_the_other_student_is_refused(tiny, tmp_path, capsys, case):
    network, settings, files, message = case
    inputs = {role: tiny / name for role, name in files.items()}
    out = tmp_path / "out"
    assert search(tiny, out, inputs=inputs, network=network, **settings) == 1
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_weights_that_are_not_the_named_ones_are_refused(tiny, published, tmp_path, capsys):
    options = ("--weights", published[0])
    assert search(tiny, tmp_path / "out", *options, initial_weights_sha256="0" * 64) == 1
    assert "its sha256 is" in capsys.readouterr().err


def test_slices_with_other_initial_weights_are_not_merged(tiny, trained, tmp_path, capsys):
    searched = trained.parent / "slice0"
    for number in range(2):
        folder = tmp_path / f"slice{number}"
        shutil.copytree(searched, folder)
        table = (searched / "cells.csv").read_text().replace("\n0,", f"\n{number},")
        (folder / "cells.csv").write_text(table)
        facts = json.loads((searched / "search.json").read_text())
        facts["initial_weights"] = ("random", "SoundNet (a.t7)")[number]
        (folder / "search.json").write_text(json.dumps(facts))
        run = json.loads((searched / "run.json").read_text())
        run["settings"] |= {"slice": number, "slices": 2, "learning_rates": [1e-3, 1e-4]}
        (folder / "run.json").write_text(json.dumps(run))
    slices = tuple(tmp_path / f"slice{number}" / "cells.csv" for number in range(2))
    assert select(tiny, slices, tmp_path / "out") == 1
    message = "slice1/search.json: does not say the initial weights that all slices have"
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
