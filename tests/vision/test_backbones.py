"""The backbone's commands: prepared with its weights, recalibrated, run on every stored frame."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest
from tiny_jobs import command, data_of

from avdistill.files.manifest import file_sha256, read_manifest
from avdistill.networks.backbone import build_backbone
from avdistill.networks.batch_norms import recalibrate
from avdistill.records.splits import read_split, sequences_of
from avdistill.records.stored_features import feature_path, features_folder, open_features
from avdistill.results.backbone_description import BackboneDescription
from avdistill.results.history import read_history
from avdistill.results.model_folder import load_model
from avdistill.training import fitting
from avdistill.vision import backbones
from avdistill.vision.features import read_frames
from avdistill.vision.noise import noise_frames

NAME = "Location_01/Subject_02/Action_001"


RECALIBRATED = {"scope": "all", "recalibrate": True}
OVER_TIME = {"learning_rate": 1e-3, "fitting": {"epochs": 1, "batch_size": 4}}


def prepare(output, name, *more, data=None, **settings):
    """Prepare a backbone; `data` is the folder of the data of its scope."""
    fixed = {"name": name, "seed": 3, "frames_per_second": 2}
    files = {} if data is None else data_of(data)
    return command("prepare-backbone", fixed | settings, files | {"output": output}, *more)


def features_of(folder, num_frames=2):
    digest = file_sha256(folder / "backbone.keras")
    return open_features(folder / features_folder(digest), NAME, num_frames)


def compute(pictures, backbone, sequences):
    options = {
        "dataset": pictures / "dataset.json",
        "records": pictures / "records" / "manifest.csv",
        "backbone": backbone,
        "output": backbone / "batches" / "00000.csv",
        "sequences": tuple(sequences),
    }
    return command("compute-features", None, options)


@pytest.fixture(scope="module")
def plain(pictures, tmp_path_factory):
    """Folder of a plain backbone with random weights, and one sequence's features."""
    folder = tmp_path_factory.mktemp("vision") / "resnet50"
    assert prepare(folder, "resnet50") == 0
    assert compute(pictures, folder, [NAME]) == 0
    return folder


@pytest.fixture(scope="module")
def recalibrated(pictures, tmp_path_factory):
    """The same of a temporal one, its batch norms recalibrated."""
    folder = tmp_path_factory.mktemp("vision") / "temporal_resnet50_all"
    assert prepare(folder, "temporal_resnet50", **RECALIBRATED, data=pictures) == 0
    assert compute(pictures, folder, [NAME]) == 0
    return folder


def test_a_plain_backbone_says_what_it_is(plain):
    assert BackboneDescription.read(plain) == BackboneDescription(
        "resnet50",
        "random",
        "noise",
        temporal=False,
        frames=(3, 9),
        seed=3,
        sha256=file_sha256(plain / "backbone.keras"),
    )
    model = load_model(plain / "backbone.keras")
    assert model.name == "resnet50"
    ours = build_backbone(3)
    for one, other in zip(model.trainable_weights, ours.trainable_weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_random_batch_norms_are_set_by_noise_so_that_features_stay_small(plain):
    ours = build_backbone(3)
    recalibrate(ours, [noise_frames(3)])
    norm = load_model(plain / "backbone.keras").get_layer("conv1_norm")
    np.testing.assert_allclose(norm.get_weights(), ours.get_layer("conv1_norm").get_weights())
    features = features_of(plain)
    assert features.min() >= 0
    assert features.max() < 1000  # 10⁵ with batch norms as they are built


def test_an_untrained_temporal_backbone_gives_the_features_of_resnet50(pictures, plain, tmp_path):
    assert prepare(tmp_path, "temporal_resnet50") == 0
    assert BackboneDescription.read(tmp_path).recalibrated_on == "noise"
    norm = load_model(tmp_path / "backbone.keras").get_layer("block1_unit_2_conv_temp_norm")
    assert [set(values.tolist()) for values in norm.get_weights()] == [{1}, {0}, {0}, {1}]
    assert compute(pictures, tmp_path, [NAME]) == 0
    expected = features_of(plain)
    difference = np.abs(features_of(tmp_path) - expected).max() / expected.max()
    print(f"largest difference {difference:.2g} of the features' scale")
    assert difference <= 1e-4


def test_preparing_a_backbone_removes_the_features_of_another_in_the_same_place(plain, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(plain, folder)
    stale = folder / feature_path(NAME, "0" * 64)
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"another one's")
    assert prepare(folder, "resnet50") == 0
    assert not (folder / features_folder("0" * 64)).exists()
    np.testing.assert_array_equal(features_of(folder), features_of(plain))  # the very same one's


def test_noise_is_like_photographs_and_comes_from_its_seed():
    first, again, other = (noise_frames(seed) for seed in (0, 0, 1))
    assert first.shape == (32, 224, 224, 3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert 40 < first.std() < 80
    neighbours = np.corrcoef(first[:, :, :-1].ravel(), first[:, :, 1:].ravel())[0, 1]
    assert neighbours > 0.8


def test_features_are_the_backbones_own(pictures, plain):
    features = features_of(plain)
    assert features.shape == (2, 2, 2048)
    backbone = load_model(plain / "backbone.keras")
    for second in range(2):
        pixels = read_frames(pictures / "records", NAME, second, (3, 9))
        expected = backbone.predict_on_batch(pixels)
        np.testing.assert_allclose(features[second], expected, atol=2e-4 * expected.max())
    assert features.std() > 0
    (row,) = read_manifest(plain / "batches/00000.csv")
    file = feature_path(NAME, file_sha256(plain / "backbone.keras"))
    assert (row.sequence, row.file) == (NAME, file)
    assert row.sha256 == file_sha256(plain / file)


def test_a_temporal_backbone_takes_all_stored_frames_if_there_are_few(recalibrated):
    description = BackboneDescription.read(recalibrated)
    assert description.temporal
    assert description.frames == (3, 9)
    assert description.recalibrated_on == "all"
    assert load_model(recalibrated / "backbone.keras").input_shape == (None, 2, 224, 224, 3)
    assert features_of(recalibrated).shape == (2, 2, 2048)


def test_recalibration_takes_the_statistics_of_the_training_frames(pictures, recalibrated):
    split = read_split(pictures / "all.csv")
    seconds = [(name, second) for name in sequences_of(split, "training") for second in (0, 1)]
    pixels = np.concatenate(
        [read_frames(pictures / "records", *second, (3, 9)) for second in seconds]
    )
    backbone = load_model(recalibrated / "backbone.keras")
    first = backbone.get_layer("conv1")
    stem = keras.Model(backbone.inputs, first.output)
    values = stem.predict_on_batch(pixels.reshape(-1, 2, *pixels.shape[1:]))
    values = values.astype(np.float64)
    norm = backbone.get_layer("conv1_norm")
    np.testing.assert_allclose(norm.moving_mean, values.mean(axis=(0, 1, 2)), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(norm.moving_variance, values.var(axis=(0, 1, 2)), rtol=1e-3)


def test_training_over_time_changes_its_convolutions_and_nothing_else(
    pictures, recalibrated, tmp_path, monkeypatch, capfd
):
    """Killed before the backbone is safe, it does not train again; logs change nothing."""
    first, second, events = (tmp_path / name for name in ("first", "second", "events"))
    settings = RECALIBRATED | {"temporal_training": OVER_TIME}

    def train(*logs):
        output = tmp_path / "trained"
        return prepare(output, "temporal_resnet50", *logs, data=pictures, **settings)

    monkeypatch.setattr(fitting, "SECONDS_BETWEEN_SNAPSHOTS", 0)

    def killed(model, path):
        trained.extend(model.get_weights())
        raise KeyboardInterrupt

    trained = []
    with monkeypatch.context() as patch:
        patch.setattr(backbones, "save_model", killed)
        with pytest.raises(KeyboardInterrupt):
            train("--live", first)
    (epoch,) = read_history(tmp_path / ".resume-trained/state.csv").to_dict("records")
    logged = (first / "metrics.json").read_bytes()
    assert json.loads(logged) == {"step": epoch.pop("epoch"), **epoch}
    capfd.readouterr()
    assert train("--live", second, "--tensorboard", events) == 0
    assert "going on after epoch 1" in capfd.readouterr().err
    assert (second / "metrics.json").read_bytes() == logged
    assert len(list(events.glob("events.out.tfevents.*"))) == 1
    before = load_model(recalibrated / "backbone.keras")
    after = load_model(tmp_path / "trained/backbone.keras")
    changed = {
        one.path
        for one, other in zip(before.weights, after.weights, strict=True)
        if not np.array_equal(one, other)
    }
    assert changed == {f"block{n}_unit_2_conv_temp/kernel" for n in range(1, 5)}
    assert all(map(np.array_equal, after.get_weights(), trained))
    assert not after.trainable_variables
    assert BackboneDescription.read(tmp_path / "trained").trained_on == "all"
    assert not (tmp_path / ".resume-trained").exists()


def test_the_same_settings_give_the_same_bytes(pictures, recalibrated, tmp_path, capsys):
    assert prepare(tmp_path / "again", "temporal_resnet50", **RECALIBRATED, data=pictures) == 0
    run = {"run": recalibrated / "run.json", "output": tmp_path / "repeated"}
    assert command("prepare-backbone", None, run) == 0
    assert capsys.readouterr().err.count("changed since") == 0
    for name in ("backbone.keras", "backbone.json", "run.json"):
        for folder in ("again", "repeated"):
            assert (tmp_path / folder / name).read_bytes() == (recalibrated / name).read_bytes()


@pytest.mark.parametrize(
    ("settings", "options", "message"),
    [
        (RECALIBRATED, (), "a scope in the settings and its data belong together; give --dataset"),
        ({}, ("--split", "all.csv"), "belong together; leave out --split"),
        ({"recalibrate": True}, (), "scope: recalibration and training over time need it"),
        ({"temporal_training": OVER_TIME, "name": "temporal_resnet50"}, (), "over time need it"),
        ({"scope": "all"}, (), "scope: recalibration and training over time need it, and only"),
        ({"temporal_training": OVER_TIME}, (), "resnet50 has no convolutions over time"),
        ({}, ("--live", "log"), "--live and --tensorboard log a training; the settings name none"),
        ({}, ("--tensorboard", "log"), "log a training; the settings name none"),
        ({"weights": "file"}, (), "sha256: weights `file` need it, and only these"),
        ({"sha256": "0" * 64}, (), "sha256: weights `file` need it, and only these"),
        ({"weights": "file", "sha256": "0" * 64}, (), "--weights-file belong together"),
        ({}, ("--weights-file", "weights.h5"), "--weights-file belong together"),
        ({"frames_per_second": 13}, (), "frames_per_second: input should be less than or equal"),
        ({"name": "vgg16"}, (), "name: input should be 'resnet50' or 'temporal_resnet50'"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(
    tmp_path, capsys, settings, options, message
):
    name = settings.get("name", "resnet50")
    others = {key: value for key, value in settings.items() if key != "name"}
    assert prepare(tmp_path / "out", name, *options, **others) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_not_as_described_is_refused(pictures, plain, tmp_path, capsys):
    (tmp_path / "backbone.keras").symlink_to(plain / "backbone.keras")
    description = BackboneDescription.read(plain)
    dataclasses.replace(description, sha256="0" * 64).write(tmp_path)
    assert compute(pictures, tmp_path, [NAME]) == 1
    assert "not what its description says" in capsys.readouterr().err


def test_a_sequence_without_records_is_named(pictures, plain, capsys):
    assert compute(pictures, plain, ["Location_02/Subject_01/Action_001"]) == 1
    assert "lists no records of Location_02/Subject_01/Action_001" in capsys.readouterr().err
