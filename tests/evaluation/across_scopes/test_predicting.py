"""Untrained networks of every kind on every scope of a small data set."""

import dataclasses
import shutil

import numpy as np
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.cli import main
from avdistill.evaluation.across_scopes.predictions import RunOnScope, read_across_scopes
from avdistill.examples.predicting import predict_crops
from avdistill.examples.scope_data import open_scope_data
from avdistill.examples.tensorflow_start import start_tensorflow
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import describe_file, file_sha256, write_manifest
from avdistill.networks.registry import build, network_spec
from avdistill.records.audio import Statistics
from avdistill.records.schema import encode_second, record_path
from avdistill.records.splits import read_split, split_sequences
from avdistill.records.stored_features import feature_path
from avdistill.records.tfrecord import compress_record
from avdistill.results.backbone_description import BackboneDescription
from avdistill.results.model_folder import (
    Origin,
    open_model_directory,
    save_model,
    statistics_of,
    write_model_description,
)
from avdistill.results.predictions import logits_of
from avdistill.runs.inputs import JobInputs

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
start_tensorflow(seed=0, threads=2)

SECONDS, FRAMES = 5, (3, 9)
DATASET = DatasetDescription("simulated", ("hum", "buzz"), ("room", "yard"), 5, SECONDS)
SCOPES = ("all", "scenario1")  # trained on
BACKBONE = BackboneDescription("resnet50", "random", "noise", False, FRAMES, 0, sha256="b" * 64)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Folder laid out like results/, with the paper's splits, in which scopes share recordings."""
    root = tmp_path_factory.mktemp("world")
    DATASET.write(root / "dataset.json")
    records, features = [], []
    for sequence in DATASET.sequences():
        random = np.random.default_rng(list(sequence))
        audio = random.integers(-9999, 9999, (SECONDS, 12, 1, 1024)).astype(np.int32)
        image = np.full((36, 48, 12), random.normal(), np.float32)
        for second in range(SECONDS):
            file = record_path(sequence.name, second)
            record = encode_second(sequence, acoustic=[image] * 12, audio=audio[second])
            content = compress_record(record)
            (root / "records" / file).parent.mkdir(parents=True, exist_ok=True)
            (root / "records" / file).write_bytes(content)
            records.append(describe_file(sequence.name, file, content))
        name = feature_path(sequence.name, BACKBONE.sha256)
        path = root / "resnet50" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, random.random((SECONDS, len(FRAMES), 2048), np.float32))
        features.append(describe_file(sequence.name, name, path.read_bytes()))
    write_manifest(root / "records" / "manifest.csv", records)
    write_manifest(root / "resnet50" / "manifest.csv", features)
    BACKBONE.write(root / "resnet50")
    for scope in DATASET.scopes:
        split = split_sequences(DATASET, scope, "paper", 42)
        write_frame(root / "splits" / f"{scope}.csv", split)
    for name in ("dualcamnet", "resnet50", "hearnet"):
        for number, scope in enumerate(SCOPES):
            for seed in (0, 1):
                write_network(root, name, scope, seed, number)
    return root


def write_network(root, name, scope, seed, number):
    folder = root / name / scope / f"seed{seed}"
    statistics = None
    if name == "hearnet":
        statistics = Statistics(np.zeros(257, np.float32), np.full(257, 100 + number, np.float32))
    save_model(build(name, 2, seed), folder / "model.keras")
    sees = name == "resnet50"
    origin = Origin(
        scope=scope,
        split=file_sha256(root / "splits" / f"{scope}.csv"),
        supervision="ground_truth",
        seed=seed,
        initial_weights=BACKBONE.initial_weights if sees else "random",
        backbone=BACKBONE.sha256 if sees else None,
        frames=FRAMES if sees else None,
    )
    write_model_description(folder, network_spec(name), DATASET, origin, statistics)


def evaluate(world, output, name, *options, folders=None):
    folders = folders or [
        world / name / scope / f"seed{seed}" for scope in SCOPES for seed in (0, 1)
    ]
    return main(
        [
            *("predict-across-scopes", "--models", *map(str, folders)),
            *("--dataset", str(world / "dataset.json")),
            *("--records", str(world / "records" / "manifest.csv")),
            *("--splits-folder", str(world / "splits"), "--output", str(output)),
            *map(str, options),
        ]
    )


def part(world, scope, *names):
    split = read_split(world / "splits" / f"{scope}.csv")
    return set(split.loc[split["split"].isin(names), "sequence"])


def alone(world, name, own, seed):
    """Predict every sequence with one network, as the verbs of training do, by its name."""
    model, spec, description = open_model_directory(world / name / own / f"seed{seed}")
    inputs = JobInputs(
        world / "dataset.json",
        world / "records" / "manifest.csv",
        world / "splits" / f"{own}.csv",
        features=world / "resnet50" / "manifest.csv" if spec.uses_video_features else None,
    )
    data = open_scope_data(spec, own, inputs, statistics=statistics_of(description))
    tested = sorted(set.union(*(part(world, scope, "test") for scope in DATASET.scopes)))
    return dict(tuple(predict_crops(model, data, data.crops_of(tested)).groupby("sequence")))


@pytest.mark.parametrize("name", ["dualcamnet", "resnet50", "hearnet"])
def test_every_network_is_tested_on_all_that_it_has_not_seen(world, tmp_path, name):
    features = ("--features", world / "resnet50/manifest.csv") if name == "resnet50" else ()
    assert evaluate(world, tmp_path / f"{name}.parquet", name, *features) == 0
    found = read_across_scopes(tmp_path / f"{name}.parquet")
    left_out = 0
    for own in SCOPES:
        seen = part(world, own, "training", "validation")
        for seed in (0, 1):
            expected = alone(world, name, own, seed)
            for target in DATASET.scopes:
                test = part(world, target, "test")
                left_out += len(test & seen)
                key = RunOnScope(own, "ground_truth", seed, target)
                if not test - seen:
                    assert key not in found
                    continue
                by_sequence = dict(tuple(found.pop(key).groupby("sequence")))
                assert set(by_sequence) == test - seen
                for sequence, predictions in by_sequence.items():
                    assert list(predictions["start"]) == list(expected[sequence]["start"])
                    np.testing.assert_allclose(
                        logits_of(predictions), logits_of(expected[sequence]), atol=1e-4, rtol=1e-4
                    )
    assert found == {}
    assert left_out > 0  # or the rule would not have been tried


def test_the_order_of_models_changes_no_byte(world, tmp_path):
    folders = [world / "hearnet" / "all" / f"seed{seed}" for seed in (0, 1)]
    folders.append(world / "hearnet" / "scenario1" / "seed0")
    evaluate(world, tmp_path / "one", "hearnet", folders=folders)
    evaluate(world, tmp_path / "other", "hearnet", folders=folders[::-1])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_what_does_not_fit_together_is_told(world, tmp_path, capsys):
    def problem(name, *options, **more):
        assert evaluate(world, tmp_path / "out", name, *options, **more) == 1
        assert not (tmp_path / "out").exists()
        return capsys.readouterr().err

    mixed = [world / "hearnet" / "all" / "seed0", world / "dualcamnet" / "all" / "seed0"]
    assert "several kinds: dualcamnet, hearnet" in problem("", folders=mixed)
    assert "the same network twice" in problem("", folders=mixed[:1] * 2)
    assert "give --features" in problem("resnet50")
    assert "leave out --features" in problem(
        "hearnet", "--features", world / "resnet50/manifest.csv"
    )
    other = tmp_path / "other"
    shutil.copytree(world / "resnet50", other, ignore=shutil.ignore_patterns("all", "scenario1"))
    dataclasses.replace(BACKBONE, sha256="c" * 64).write(other)
    assert "lacks features/cccc" in problem("resnet50", "--features", other / "manifest.csv")
    listed = (other / "manifest.csv").read_text()
    (other / "manifest.csv").write_text(listed.replace("b" * 16, "c" * 16))
    assert "name its features" in problem("resnet50", "--features", other / "manifest.csv")


def test_a_split_of_another_seed_is_refused(world, tmp_path, capsys):
    """With it a network would be tested on what it was trained on."""
    root = tmp_path / "world"
    shutil.copytree(world / "splits", root / "splits")
    for name in ("dataset.json", "records"):
        (root / name).symlink_to(world / name)
    split = split_sequences(DATASET, "all", "paper", 43)
    write_frame(root / "splits" / "all.csv", split)
    folder = world / "dualcamnet" / "all" / "seed0"
    assert evaluate(root, tmp_path / "out", "", folders=[folder]) == 1
    assert not (tmp_path / "out").exists()
    message = capsys.readouterr().err
    assert f"{root}/splits/all.csv: not the split of scope all that {folder} was" in message
    # Another scope's split is of no concern: nothing was trained with it.
    shutil.copy(world / "splits" / "all.csv", root / "splits")
    write_frame(
        root / "splits" / "scenario2.csv", split_sequences(DATASET, "scenario2", "paper", 1)
    )
    assert evaluate(root, tmp_path / "out", "", folders=[folder]) == 0


def test_a_data_set_of_other_classes_is_refused(world, tmp_path, capsys):
    for name in ("records", "splits"):
        (tmp_path / name).symlink_to(world / name)
    for classes in (("buzz", "hum"), ("hum", "hiss")):
        dataclasses.replace(DATASET, classes=classes).write(tmp_path / "dataset.json")
        folder = world / "dualcamnet" / "all" / "seed0"
        assert evaluate(tmp_path, tmp_path / "out", "", folders=[folder]) == 1
        assert f"{folder}: the network knows other classes" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()
