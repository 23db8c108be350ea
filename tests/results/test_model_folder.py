"""Models on disk: same bytes, nothing lost, damage named."""

import json
import zipfile

import keras
import numpy as np
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.errors import InputError
from avdistill.networks.registry import build, network_spec
from avdistill.records.audio import Statistics
from avdistill.results.model_folder import (
    DESCRIPTION_FILE,
    MODEL_FILE,
    Origin,
    load_model,
    open_model_directory,
    read_model_description,
    save_model,
    statistics_of,
    write_model_description,
)
from avdistill.transfer.students import feature_model

DATASET = DatasetDescription("simulated", ("a", "b", "c"), ("room",), 3, 5)
STATISTICS = Statistics(np.zeros(257, np.float32), np.linspace(1, 2, 257, dtype=np.float32), "zero")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("student")
    save_model(build("hearnet", 3, seed=0), path / MODEL_FILE)
    write_description(path)
    return path


def write_description(path, **changes):
    values = {
        "scope": "all",
        "split": "0" * 64,
        "supervision": "dualcamnet",
        "seed": 0,
    } | changes
    statistics = values.pop("statistics", STATISTICS)
    origin = Origin(**values)
    write_model_description(path, network_spec("hearnet"), DATASET, origin, statistics)


@pytest.mark.parametrize("name", ["hearnet", "dualcamnet"])
def test_equal_models_give_equal_bytes_with_no_date_in_them(tmp_path, name):
    build("dualcamnet", 3, seed=5)  # whatever the process has built before
    model = build(name, 3, seed=0)
    model.compile("adam", "mse")
    save_model(model, tmp_path / "one.keras")
    save_model(build(name, 3, seed=0), tmp_path / "two.keras")
    assert (tmp_path / "one.keras").read_bytes() == (tmp_path / "two.keras").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.keras", "two.keras"]
    with zipfile.ZipFile(tmp_path / "one.keras") as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert json.loads(archive.read("metadata.json"))["date_saved"].startswith("1980")


@pytest.mark.parametrize("name", ["hearnet", "dualcamnet"])
def test_plain_keras_loads_what_was_saved(tmp_path, name):
    model = build(name, 3, seed=0)
    save_model(model, tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    inputs = np.random.default_rng(0).normal(size=(1, *model.input_shape[1:])).astype(np.float32)
    assert np.array_equal(loaded.predict_on_batch(inputs), model.predict_on_batch(inputs))


def test_directory_round_trip(folder):
    model, spec, description = open_model_directory(folder)
    assert (model.name, spec.name, description["supervision"]) == (
        "hearnet",
        "hearnet",
        "dualcamnet",
    )
    assert description["sample_rate_recorded"] == 12288
    assert description["sample_rate_network"] == 22050
    for bound, original in zip(statistics_of(description), STATISTICS, strict=True):
        assert np.array_equal(bound, original)


def test_a_description_that_does_not_say_kept_the_bins_of_noise(folder, tmp_path):
    description = json.loads((folder / DESCRIPTION_FILE).read_text())
    assert statistics_of(description).noise_bins == "zero"
    del description["statistics"]["noise_bins"]
    (tmp_path / DESCRIPTION_FILE).write_text(json.dumps(description))
    assert statistics_of(read_model_description(tmp_path)).noise_bins == "keep"


@pytest.mark.parametrize("damage", ["absent", "truncated", "not a zip", "no weights", "foreign"])
def test_damaged_model_is_named(folder, tmp_path, damage):
    path = tmp_path / MODEL_FILE
    whole = (folder / MODEL_FILE).read_bytes()
    if damage == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "not a zip":
        path.write_bytes(b"hello")
    elif damage == "no weights":
        with zipfile.ZipFile(folder / MODEL_FILE) as full, zipfile.ZipFile(path, "w") as part:
            for name in ("config.json", "metadata.json"):
                part.writestr(name, full.read(name))
    elif damage == "foreign":
        foreign = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)], name="foreign")
        save_model(foreign, path)
    with pytest.raises(
        InputError, match="unknown network 'foreign'" if damage == "foreign" else MODEL_FILE
    ):
        load_model(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("split", None),
        ("backbone", 0),
        ("network", "resnext"),
        ("classes", None),
        ("seed", "0"),
        ("statistics", {"minimum": [1]}),
        (
            "statistics",
            {"minimum": [0] * 257, "maximum": [1] * 257, "noise_bins": "halve"},
        ),
    ],
)
def test_a_damaged_description_is_named(folder, tmp_path, key, value):
    description = json.loads((folder / DESCRIPTION_FILE).read_text())
    (tmp_path / DESCRIPTION_FILE).write_text(json.dumps(description | {key: value}))
    with pytest.raises(InputError, match=r"unknown network|wrong: "):
        read_model_description(tmp_path)
    (tmp_path / DESCRIPTION_FILE).write_text("[1]")
    with pytest.raises(InputError, match=DESCRIPTION_FILE):
        read_model_description(tmp_path)


def test_model_and_description_that_disagree_are_refused(folder, tmp_path):
    (tmp_path / MODEL_FILE).write_bytes((folder / MODEL_FILE).read_bytes())
    write_description(tmp_path)
    description = json.loads((tmp_path / DESCRIPTION_FILE).read_text())
    (tmp_path / DESCRIPTION_FILE).write_text(json.dumps(description | {"classes": ["a", "b"]}))
    with pytest.raises(InputError, match="hearnet with 3 classes"):
        open_model_directory(tmp_path)


def test_features_are_what_the_head_is_given(folder):
    model = load_model(folder / MODEL_FILE)
    inputs = np.random.default_rng(0).random((2, 500, 257), dtype=np.float32)
    features = feature_model(model).predict_on_batch(inputs)
    assert features.shape == (2, 1024)
    hidden, out = (model.get_layer(name).get_weights() for name in ("fc1", "fc2"))
    logits = np.maximum(features @ hidden[0] + hidden[1], 0) @ out[0] + out[1]
    np.testing.assert_allclose(logits, model.predict_on_batch(inputs), atol=1e-5)


def test_teachers_have_no_features():
    with pytest.raises(InputError, match="teacher"):
        feature_model(build("dualcamnet", 3, seed=0))
