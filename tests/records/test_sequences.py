"""Crops and the data sets made of them."""

import math
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.errors import InputError
from avdistill.records import audio, schema, sequences
from avdistill.records.audio import Statistics
from avdistill.records.crops import Crop, CropReader, evaluation_crops, training_crops
from avdistill.records.sequences import (
    epochs_dataset,
    in_memory,
    input_errors,
    read_crops,
    streamed_epochs,
)

NAMES = [f"Location_01/Subject_01/Action_{action:03d}" for action in (1, 2, 3)]
SHAPES = {
    "acoustic": (24, 36, 48, 12),
    "waveform": (44_100,),
    "spectrogram": (200, 257),
    "video": (24, 224, 224, 3),
}


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory, make_records: Callable) -> Path:
    """Three sequences of four seconds."""
    folder = tmp_path_factory.mktemp("records")
    make_records(folder, NAMES, seconds=4)
    return folder


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.integers(1, 30), st.integers(1, 30), st.integers(0, 2**31), st.integers(0, 40) | st.none()
)
def test_training_crops(seconds: int, length: int, seed: int, per_sequence: int | None):
    if length > seconds:
        with pytest.raises(InputError, match=f"crops of {length} s do not fit"):
            training_crops(NAMES, seconds, length, seed=seed)
        return
    crops = training_crops(NAMES, seconds, length, seed=seed, per_sequence=per_sequence)
    number = seconds // length if per_sequence is None else per_sequence
    assert [crop.sequence for crop in crops] == [name for name in NAMES for _ in range(number)]
    assert all(0 <= crop.start <= seconds - length for crop in crops)
    # Other sequences, and their order, change nothing.
    alone = training_crops(NAMES[1:2], seconds, length, seed=seed, per_sequence=per_sequence)
    assert alone == crops[number : 2 * number]


def test_training_crops_of_the_paper():
    assert len(training_crops(NAMES[:1], 30, 1, seed=42)) == 30
    assert len(training_crops(NAMES[:1], 30, 5, seed=42)) == 6


def test_every_start_with_room_is_drawn_and_seeds_differ():
    crops = training_crops(NAMES[:1], 7, 5, seed=0, per_sequence=100)
    assert {crop.start for crop in crops} == {0, 1, 2}
    assert crops != training_crops(NAMES[:1], 7, 5, seed=1, per_sequence=100)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(1, 30), st.integers(1, 30))
def test_evaluation_crops_do_not_overlap(seconds: int, length: int):
    if length > seconds:
        with pytest.raises(InputError, match="do not fit"):
            evaluation_crops(NAMES, seconds, length)
        return
    crops = evaluation_crops(NAMES, seconds, length)
    heard = [(crop.sequence, crop.start + i) for crop in crops for i in range(length)]
    whole = seconds // length * length
    assert heard == [(name, second) for name in NAMES for second in range(whole)]


@pytest.mark.parametrize("modality", SHAPES)
def test_any_modality_and_length(records: Path, modality: str):
    crops = [Crop(NAMES[1], 2), Crop(NAMES[0], 0), Crop(NAMES[0], 1), Crop(NAMES[1], 2)]
    dataset = read_crops(CropReader(records, modality=modality, length=2), crops)
    assert dataset.element_spec.shape == SHAPES[modality]
    assert int(dataset.cardinality()) == 4
    first, second, third, last = in_memory(dataset)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, last)
    assert not np.array_equal(second, third)
    one = CropReader(records, modality=modality, length=1)
    if modality in ("acoustic", "video"):
        seconds = [one.read(Crop(NAMES[0], i)) for i in (0, 1)]
        np.testing.assert_array_equal(second, np.concatenate(seconds))


def test_acoustic_images_are_the_records_own(records: Path):
    read = CropReader(records, modality="acoustic", length=3).read(Crop(NAMES[2], 1))
    paths = [records / schema.record_path(NAMES[2], second) for second in (1, 2, 3)]
    np.testing.assert_array_equal(read, np.concatenate([schema.read_acoustic(p) for p in paths]))


def test_waveform_is_cut_from_the_whole_resampled_signal(records: Path):
    paths = [records / schema.record_path(NAMES[0], second) for second in range(4)]
    recorded = np.concatenate([schema.read_audio(path) for path in paths])
    signal = (recorded / np.abs(recorded).max()).astype(np.float32)
    cut = audio.resample(signal, 12_288, 22_050)[22_050:66_150]
    expected = cut / np.abs(cut).max() * 256
    read = CropReader(records, modality="waveform", length=2).read(Crop(NAMES[0], 1))
    np.testing.assert_allclose(read, expected, rtol=1e-6)
    assert np.abs(read).max() == 256


def test_waveform_is_resampled_once_per_sequence(records: Path, monkeypatch: pytest.MonkeyPatch):
    calls = []
    resample = audio.resample
    monkeypatch.setattr(audio, "resample", lambda *a: calls.append(1) or resample(*a))
    crops = training_crops(NAMES, 4, 1, seed=0, per_sequence=10)
    reader = CropReader(records, modality="waveform", length=1)
    assert len(in_memory(read_crops(reader, crops))) == 30
    assert len(calls) == 3
    reader = CropReader(records, modality="spectrogram", length=1, waveforms_held=3)
    dataset = streamed_epochs(
        reader, lambda epoch: (crops, np.arange(30)), batch_size=7, first_epoch=0, epochs=3
    )
    assert len(list(dataset)) == 15
    assert len(calls) == 6


def test_spectrogram_is_normalised_with_the_statistics_given(records: Path):
    statistics = Statistics(np.full(257, 1, np.float32), np.full(257, 3, np.float32))
    crop = Crop(NAMES[0], 0)
    plain = CropReader(records, modality="spectrogram", length=2).read(crop)
    normalised = CropReader(records, modality="spectrogram", length=2, statistics=statistics).read(
        crop
    )
    np.testing.assert_array_equal(normalised, (plain - 1) / 2)


def test_some_video_frames(records: Path):
    some = CropReader(records, modality="video", length=2, frames=(0, 6))
    every = CropReader(records, modality="video", length=2).read(Crop(NAMES[0], 0))
    np.testing.assert_array_equal(some.read(Crop(NAMES[0], 0)), every[[0, 6, 12, 18]])


def batches_of(dataset) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(inputs.numpy(), targets.numpy()) for inputs, targets in dataset]


@pytest.fixture(scope="session")
def numbered(records: Path) -> tuple[list[Crop], CropReader]:
    """Return ten crops and their reader; the position of a crop serves as its target."""
    crops = training_crops(NAMES, 4, 1, seed=3, per_sequence=4)[:10]
    return crops, CropReader(records, modality="acoustic", length=1)


def test_epochs_are_shuffled_with_their_number(numbered: tuple[list[Crop], CropReader]):
    crops, reader = numbered
    inputs = in_memory(read_crops(reader, crops))
    batches = batches_of(
        epochs_dataset(inputs, np.arange(10), batch_size=4, first_epoch=2, epochs=3)
    )
    assert [len(targets) for _, targets in batches] == [4, 4, 2] * 3
    for batch, targets in batches:
        np.testing.assert_array_equal(batch, inputs[targets])
    steps = math.ceil(10 / 4)
    orders = [
        np.concatenate([targets for _, targets in batches[i : i + steps]]).tolist()
        for i in (0, steps, 2 * steps)
    ]
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert orders == [sequences.epoch_order(10, epoch).tolist() for epoch in (2, 3, 4)]
    assert len({tuple(order) for order in orders}) == 3


def test_streaming_gives_the_same_batches(numbered: tuple[list[Crop], CropReader]):
    crops, reader = numbered
    options = {"batch_size": 4, "first_epoch": 5, "epochs": 2}
    held = epochs_dataset(in_memory(read_crops(reader, crops)), np.arange(10), **options)
    streamed = streamed_epochs(reader, lambda epoch: (crops, np.arange(10)), **options)
    for (inputs, targets), (others, other_targets) in zip(
        batches_of(held), batches_of(streamed), strict=True
    ):
        np.testing.assert_array_equal(inputs, others)
        np.testing.assert_array_equal(targets, other_targets)


def test_targets_may_have_parts(numbered: tuple[list[Crop], CropReader]):
    crops, reader = numbered
    targets = {"label": np.arange(10), "logits": np.arange(20.0).reshape(10, 2)}
    dataset = epochs_dataset(
        in_memory(read_crops(reader, crops)), targets, batch_size=10, first_epoch=0, epochs=1
    )
    _, parts = next(iter(dataset))
    np.testing.assert_array_equal(parts["logits"].numpy()[:, 0], 2.0 * parts["label"].numpy())


def test_streaming_takes_fresh_crops(records: Path):
    reader = CropReader(records, modality="waveform", length=1, waveforms_held=3)

    def draw(epoch: int) -> tuple[list[Crop], np.ndarray]:
        crops = training_crops(NAMES, 4, 1, seed=7 + epoch)
        return crops, np.array([crop.start for crop in crops])

    dataset = streamed_epochs(reader, draw, batch_size=12, first_epoch=0, epochs=2)
    starts = [targets.tolist() for _, targets in batches_of(dataset)]
    for epoch, found in enumerate(starts):
        assert sorted(found) == sorted(draw(epoch)[1].tolist())
    assert sorted(starts[0]) != sorted(starts[1])


@pytest.mark.parametrize("modality", SHAPES)
def test_parallelism_changes_no_byte(records: Path, modality: str, monkeypatch: pytest.MonkeyPatch):
    import tensorflow as tf

    crops = training_crops(NAMES, 4, 2, seed=0, per_sequence=3)
    results = []
    for parallel in (1, 7, tf.data.AUTOTUNE):
        monkeypatch.setattr(tf.data, "AUTOTUNE", parallel)
        reader = CropReader(records, modality=modality, length=2, frames=(0, 5))
        results.append(in_memory(read_crops(reader, crops)).tobytes())
    assert results[0] == results[1] == results[2]


def test_memory_holds_one_copy(numbered: tuple[list[Crop], CropReader]):
    crops, reader = numbered
    crops = crops * 3
    size = len(crops) * 12 * 36 * 48 * 12 * 4
    tracemalloc.start()
    try:
        inputs = in_memory(read_crops(reader, crops))
        dataset = epochs_dataset(inputs, np.arange(30), batch_size=2, first_epoch=0, epochs=2)
        held, _ = tracemalloc.get_traced_memory()
        for _ in dataset:
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size <= held <= 1.1 * size
    assert peak <= 1.6 * size  # while reading: a few crops and what they are unpacked from


def test_streaming_reads_no_further_than_a_few_batches(
    records: Path, monkeypatch: pytest.MonkeyPatch
):
    crops = evaluation_crops(NAMES, 4, 1) * 20
    reader = CropReader(records, modality="acoustic", length=1)
    lock, reads = threading.Lock(), []

    def count(crop: Crop) -> np.ndarray:
        with lock:
            reads.append(crop)
        return np.zeros(reader.shapes[0], np.float32)

    monkeypatch.setattr(reader, "read", count)
    dataset = streamed_epochs(
        reader, lambda epoch: (crops, np.arange(240)), batch_size=4, first_epoch=0, epochs=1
    )
    next(iter(dataset))
    assert 4 <= len(reads) <= 120


def test_a_silent_crop_stays_zeros_with_a_warning(tmp_path: Path, make_records: Callable):
    make_records(tmp_path, NAMES[:1], seconds=3, modalities=("audio",), silent=(1,))
    reader = CropReader(tmp_path, modality="waveform", length=1)
    with pytest.warns(audio.SilentCropWarning, match=f"{NAMES[0]}, 1 s from 1 s: silent"):
        crop = reader.read(Crop(NAMES[0], 1))
    np.testing.assert_array_equal(crop, np.zeros(22_050))
    assert np.abs(reader.read(Crop(NAMES[0], 0))).max() == 256


def test_a_silent_sequence_is_an_error(tmp_path: Path, make_records: Callable):
    make_records(tmp_path, NAMES[:1], seconds=2, modalities=("audio",), silent=(0, 1))
    reader = CropReader(tmp_path, modality="spectrogram", length=1)
    with pytest.raises(InputError, match=f"{NAMES[0]}: silent throughout"), input_errors():
        list(read_crops(reader, [Crop(NAMES[0], 0)]))


@pytest.mark.parametrize("modality", SHAPES)
@pytest.mark.parametrize("damage", ["missing", "truncated", "corrupt", "last missing"])
def test_damaged_records_are_named(
    tmp_path: Path, make_records: Callable, modality: str, damage: str
):
    make_records(tmp_path, NAMES[:2], seconds=3)
    path = tmp_path / NAMES[1] / "Data_002.tfrecord"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "corrupt":
        path.write_bytes(content)
    else:
        path = tmp_path / NAMES[1] / "Data_003.tfrecord"
        path.unlink()
    crops = evaluation_crops(NAMES[:2], 3, 3)
    dataset = read_crops(CropReader(tmp_path, modality=modality, length=3), crops)
    with pytest.raises(InputError, match=str(path)) as error:
        in_memory(dataset)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("modality", SHAPES)
def test_a_record_in_another_sequences_folder_is_named(
    tmp_path: Path, make_records: Callable, modality: str
):
    make_records(tmp_path, NAMES[:2], seconds=2)
    path = tmp_path / NAMES[1] / "Data_002.tfrecord"
    (tmp_path / NAMES[0] / "Data_002.tfrecord").replace(path)
    dataset = read_crops(CropReader(tmp_path, modality=modality, length=2), [Crop(NAMES[1], 0)])
    with pytest.raises(InputError, match=f"{path}: holds a second of {NAMES[0]}, not of"):
        in_memory(dataset)


@pytest.mark.parametrize("modality", SHAPES)
def test_a_missing_modality_is_named(tmp_path: Path, make_records: Callable, modality: str):
    stored = {"waveform": "audio", "spectrogram": "audio"}.get(modality, modality)
    others = tuple({"acoustic", "audio", "video"} - {stored})
    make_records(tmp_path, NAMES[:1], seconds=1, modalities=others)
    dataset = read_crops(CropReader(tmp_path, modality=modality, length=1), [Crop(NAMES[0], 0)])
    with pytest.raises(InputError, match=rf"Data_001.tfrecord: holds no {stored}, only "):
        in_memory(dataset)


def test_errors_come_through_training(tmp_path: Path):
    import keras

    model = keras.Sequential([keras.Input((22_050,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    reader = CropReader(tmp_path, modality="waveform", length=1)
    dataset = streamed_epochs(
        reader,
        lambda epoch: ([Crop(NAMES[0], 0)], np.zeros(1)),
        batch_size=1,
        first_epoch=0,
        epochs=1,
    )
    with pytest.raises(InputError, match="no such record; run the conversion"), input_errors():
        model.fit(dataset, verbose=0, shuffle=False)


def test_other_errors_stay_what_they_are():
    import tensorflow as tf

    with pytest.raises(tf.errors.InvalidArgumentError), input_errors():
        tf.reshape(tf.zeros(3), (2, 2))
