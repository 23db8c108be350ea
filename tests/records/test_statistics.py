"""The range of each frequency bin over the training spectrograms."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import describe_file, write_manifest
from avdistill.records.audio import FIRST_NOISE_BIN, Statistics
from avdistill.records.crops import Crop, CropReader
from avdistill.records.schema import record_path
from avdistill.records.splits import read_split, sequences_of, split_sequences
from avdistill.records.statistics import compute_statistics, read_statistics, write_statistics

NAMES = [f"Location_01/Subject_01/Action_{action:03d}" for action in (1, 2)]


def test_bounds_are_those_of_consecutive_crops(tmp_path: Path, make_records: Callable):
    make_records(tmp_path, NAMES, seconds=11, modalities=("audio",))
    minimum, maximum, noise_bins = compute_statistics(tmp_path, NAMES, 11, 5, "keep")
    reader = CropReader(tmp_path, modality="spectrogram", length=5)
    whole = np.concatenate([reader.read(Crop(name, start)) for name in NAMES for start in (0, 5)])
    assert whole.shape == (2000, 257)
    np.testing.assert_array_equal(minimum, whole.min(axis=0))
    np.testing.assert_array_equal(maximum, whole.max(axis=0))
    assert minimum.dtype == maximum.dtype == np.float32
    assert noise_bins == "keep"
    shorter = compute_statistics(tmp_path, NAMES[:1], 11, 5, "keep")
    assert (shorter.minimum >= minimum).all()


def test_bins_of_noise_have_no_bounds_if_they_are_set_to_zero(tmp_path, make_records):
    make_records(tmp_path, NAMES, seconds=5, modalities=("audio",))
    kept, zero = (compute_statistics(tmp_path, NAMES, 5, 5, choice) for choice in ("keep", "zero"))
    assert FIRST_NOISE_BIN == 143  # 6,159 Hz, where the sensor records up to 6,144
    for bound, whole in zip(zero[:2], kept[:2], strict=True):
        np.testing.assert_array_equal(bound[:143], whole[:143])
        assert whole[143:].any()
        assert not bound[143:].any()
    write_statistics(tmp_path / "zero.npz", zero)
    found = read_statistics(tmp_path / "zero.npz")
    np.testing.assert_array_equal(found[:2], zero[:2])
    assert found.noise_bins == "zero"
    reader = CropReader(tmp_path, modality="spectrogram", length=5, statistics=found)
    normalised = reader.read(Crop(NAMES[0], 0))
    assert normalised[:, :143].max() > 0.9
    assert not normalised[:, 143:].any()


def test_statistics_that_do_not_say_kept_the_bins_of_noise(tmp_path):
    np.savez(tmp_path / "old.npz", minimum=np.zeros(257), maximum=np.ones(257))
    assert read_statistics(tmp_path / "old.npz").noise_bins == "keep"
    np.savez(tmp_path / "odd.npz", minimum=np.zeros(257), maximum=np.ones(257), noise_bins="halve")
    with pytest.raises(InputError, match=r"odd\.npz: unknown noise_bins 'halve'"):
        read_statistics(tmp_path / "odd.npz")


def test_no_sequences_and_short_ones(tmp_path: Path):
    with pytest.raises(InputError, match="no training sequences"):
        compute_statistics(tmp_path, [], 30, 5, "keep")
    with pytest.raises(InputError, match="crops of 5 s do not fit into sequences of 4 s"):
        compute_statistics(tmp_path, NAMES, 4, 5, "keep")


@pytest.fixture
def run(tmp_path: Path, make_dataset: Callable, make_records: Callable) -> list[str]:
    """Records, manifest and split of two classes, three subjects, two scenarios; the options."""
    dataset = DatasetDescription.read(make_dataset(seconds=5))
    names = [sequence.name for sequence in dataset.sequences()]
    records = tmp_path / "records"
    make_records(records, names, seconds=5, modalities=("audio",))
    write_manifest(
        records / "manifest.csv",
        [
            describe_file(name, file, (records / file).read_bytes())
            for name in names
            for file in (record_path(name, second) for second in range(5))
        ],
    )
    write_frame(tmp_path / "all.csv", split_sequences(dataset, "all", "stratified", 0))
    return [
        "compute-statistics",
        *("--dataset", str(tmp_path / "dataset.json")),
        *("--records", str(records / "manifest.csv")),
        *("--split", str(tmp_path / "all.csv")),
        *("--crop-seconds", "5"),
        *("--output", str(tmp_path / "statistics" / "all.npz")),
    ]


def test_command_takes_the_training_split_alone(tmp_path: Path, run: list[str]):
    training = sequences_of(read_split(tmp_path / "all.csv"), "training")
    for name in set(sequences_of(read_split(tmp_path / "all.csv"), "test")):
        for path in (tmp_path / "records" / name).iterdir():
            path.write_bytes(b"never read")
    output = tmp_path / "statistics" / "all.npz"
    assert main(run) == 0
    first = output.read_bytes()
    assert main(run) == 0
    assert output.read_bytes() == first
    with zipfile.ZipFile(output) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    found = read_statistics(output)
    expected = compute_statistics(tmp_path / "records", training, 5, 5, "zero")
    np.testing.assert_array_equal(found[:2], expected[:2])
    assert found.noise_bins == "zero"
    assert main([*run, "--noise-bins", "keep"]) == 0
    assert read_statistics(output).noise_bins == "keep"


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda data: data[:-40], "differs from its manifest; run the conversion again"),
        (lambda data: data[:100] + b"flipped" + data[107:], "damaged record"),
    ],
)
def test_command_names_a_damaged_record(
    tmp_path: Path, run: list[str], capsys: pytest.CaptureFixture, damage: Callable, problem: str
):
    name = sequences_of(read_split(tmp_path / "all.csv"), "training")[0]
    path = tmp_path / "records" / name / "Data_004.tfrecord"
    path.write_bytes(damage(path.read_bytes()))
    assert main(run) == 1
    message = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(message) == 1
    assert message[0].startswith(f"avdistill compute-statistics: error: {path}: {problem}")
    assert not (tmp_path / "statistics").exists()


def test_command_names_a_sequence_without_records(
    tmp_path: Path, run: list[str], capsys: pytest.CaptureFixture
):
    write_manifest(tmp_path / "records" / "manifest.csv", [])
    assert main(run) == 1
    assert "manifest.csv: lists no records of Location_01" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"text"])
def test_damaged_statistics(tmp_path: Path, content: bytes):
    path = tmp_path / "all.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"{path}: damaged statistics"):
        read_statistics(path)


def test_other_statistics(tmp_path: Path):
    path = tmp_path / "all.npz"
    with pytest.raises(InputError, match=f"{path}: no such statistics"):
        read_statistics(path)
    write_statistics(path, Statistics(np.zeros(12), np.ones(12)))
    with pytest.raises(InputError, match=f"{path}: not 257 bins"):
        read_statistics(path)
    np.savez(path, minimum=np.zeros(257))
    with pytest.raises(InputError, match=f"{path}: damaged statistics"):
        read_statistics(path)
