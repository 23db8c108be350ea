"""Stored features of frames as a network's input, alone and beside acoustic images."""

from pathlib import Path

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.records import schema
from avdistill.records.crops import Crop, CropReader, evaluation_crops, training_crops
from avdistill.records.sequences import (
    epochs_dataset,
    in_memory,
    input_errors,
    read_crops,
    streamed_epochs,
)
from avdistill.records.stored_features import feature_path, features_folder

NAMES = [f"Location_01/Subject_01/Action_{action:03d}" for action in (1, 2)]
SECONDS, FRAMES = 3, 4
DIGEST = "b" * 64  # of the backbone


@pytest.fixture(scope="module")
def folder(tmp_path_factory, make_records) -> Path:
    """Records of acoustic images, and features of four frames of each second."""
    root = tmp_path_factory.mktemp("seen")
    make_records(root / "records", NAMES, SECONDS, modalities=("acoustic",))
    for number, name in enumerate(NAMES):
        path = root / feature_path(name, DIGEST)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, stored(number))
    return root


def stored(number):
    values = np.random.default_rng(number).random((SECONDS, FRAMES, 2048), dtype=np.float32)
    return values + 10 * number


def reader(root, modality="vision", **options):
    values = {"length": 1, "frames": range(FRAMES), "frames_stored": FRAMES} | options
    return CropReader(
        root / "records", modality=modality, features=root / features_folder(DIGEST), **values
    )


def test_features_of_a_crop_are_those_of_its_seconds(folder):
    assert reader(folder).shapes == ((FRAMES, 2048),)
    np.testing.assert_array_equal(reader(folder).read(Crop(NAMES[1], 2)), stored(1)[2])
    some = reader(folder, length=2, frames=(1, 3)).read(Crop(NAMES[0], 1))
    np.testing.assert_array_equal(some, stored(0)[1:3, [1, 3]].reshape(4, 2048))


def test_sound_comes_before_vision(folder):
    both = reader(folder, "audiovisual")
    assert both.shapes == ((12, 36, 48, 12), (FRAMES, 2048))
    images, features = both.read(Crop(NAMES[0], 1))
    record = folder / "records" / schema.record_path(NAMES[0], 1)
    np.testing.assert_array_equal(images, schema.read_acoustic(record))
    np.testing.assert_array_equal(features, stored(0)[1])


@pytest.mark.parametrize("modality", ["vision", "audiovisual"])
def test_held_and_streamed_batches_are_the_same(folder, modality):
    crops = training_crops(NAMES, SECONDS, 1, seed=0, per_sequence=4)
    both, targets = reader(folder, modality), np.arange(8)
    held = in_memory(read_crops(both, crops))
    span = {"batch_size": 3, "first_epoch": 1, "epochs": 2}
    one = list(epochs_dataset(held, targets, **span).as_numpy_iterator())
    streamed = streamed_epochs(both, lambda epoch: (crops, targets), **span)
    other = list(streamed.as_numpy_iterator())
    assert len(one) == len(other) == 6
    for (inputs, labels), (same_inputs, same_labels) in zip(one, other, strict=True):
        np.testing.assert_array_equal(labels, same_labels)
        parts, same_parts = (
            batch if isinstance(batch, tuple) else (batch,) for batch in (inputs, same_inputs)
        )
        for part, same, shape in zip(parts, same_parts, both.shapes, strict=True):
            assert part.shape == (len(labels), *shape)
            np.testing.assert_array_equal(part, same)
        for features, label in zip(parts[-1], labels, strict=True):
            crop = crops[label]
            np.testing.assert_array_equal(features, stored(NAMES.index(crop.sequence))[crop.start])


def damaged(folder, tmp_path, content):
    path = tmp_path / feature_path(NAMES[0], DIGEST)
    path.parent.mkdir(parents=True)
    if isinstance(content, np.ndarray):
        np.save(path, content)
    elif content is not None:
        path.write_bytes(content)
    return CropReader(
        folder / "records",
        modality="vision",
        length=1,
        features=tmp_path / features_folder(DIGEST),
        frames=range(FRAMES),
        frames_stored=FRAMES,
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such features"),
        (b"", "damaged features"),
        (b"nothing of NumPy's", "damaged features"),
        (stored(0)[:2], "has 2 s of features"),
        (stored(0)[:, :3], r"shape \(3, 3, 2048\)"),
        (stored(0)[..., :7], r"shape \(3, 4, 7\)"),
        (stored(0)[0], r"shape \(4, 2048\)"),
        (stored(0).astype(np.float64), "float64"),
    ],
)
def test_bad_features_are_named(folder, tmp_path, content, message):
    bad = damaged(folder, tmp_path, content)
    with pytest.raises(InputError, match=message):
        bad.read(Crop(NAMES[0], 2))


def test_pickles_are_not_loaded(folder, tmp_path):
    bad = damaged(folder, tmp_path, np.array([{}], dtype=object))
    with pytest.raises(InputError, match="damaged features"):
        bad.read(Crop(NAMES[0], 0))


def test_bad_features_are_named_from_within_a_data_set(folder, tmp_path):
    bad = damaged(folder, tmp_path, None)
    with pytest.raises(InputError, match="no such features"), input_errors():
        list(read_crops(bad, evaluation_crops(NAMES[:1], SECONDS, 1)))
