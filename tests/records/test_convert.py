"""From the raw layout to records, and what stops it."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat

from avdistill.avia.vocabulary import SequenceId
from avdistill.cli import main
from avdistill.files.manifest import describe_file, read_manifest, write_manifest
from avdistill.records import schema
from avdistill.records.example import SequenceExample
from avdistill.records.tfrecord import read_record

NAME = "Location_01/Subject_01/Action_001"
OTHER = "Location_02/Subject_03/Action_002"


class Run:
    """The options of one conversion in `folder`."""

    def __init__(self, folder: Path, *extra: str) -> None:
        self.raw, self.records, self.folder = folder / "raw", folder / "records", folder
        self.trees = f"{self.raw / 'matfiles'} and {self.raw / 'sync'}"
        self.extra = extra

    def arguments(self, manifest: Path, names: tuple[str, ...] = (NAME,), batch: int = 0):
        return [
            "convert-records",
            *("--dataset", str(self.folder / "dataset.json")),
            *("--matfiles", str(self.raw / "matfiles"), "--sync", str(self.raw / "sync")),
            *("--raw-manifest", str(manifest)),
            *("--sequences", *names),
            *("--records", str(self.records)),
            *("--manifest", str(self.records / "batches" / f"{batch}.csv")),
            *self.extra,
        ]

    def written(self) -> dict[str, bytes]:
        """Every file below the records folder, half-written ones included."""
        return {
            path.relative_to(self.records).as_posix(): path.read_bytes()
            for path in sorted(self.records.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def run(tmp_path: Path, make_dataset: Callable) -> Run:
    make_dataset(seconds=2)
    return Run(tmp_path)


def only_message(capsys: pytest.CaptureFixture) -> str:
    """Return the one line that the user is told."""
    lines = [line for line in capsys.readouterr().err.split("\n") if "error:" in line]
    assert len(lines) == 1
    return lines[0].split("error: ", 1)[1]


def test_every_modality_arrives(run: Run, make_raw: Callable, frames: list[bytes]):
    raw_manifest = make_raw(run.raw, microphones=3)
    run.extra = ("--microphones", "2")
    assert main(run.arguments(raw_manifest)) == 0
    folder = SequenceId.parse(NAME).raw_folder
    for second in range(2):
        path = run.records / schema.record_path(NAME, second)
        numbers = range(12 * second + 1, 12 * second + 13)
        images = [
            loadmat(run.raw / f"matfiles/{folder}/MFCC_Image/Data_{i}.mat")["MFCC"] for i in numbers
        ]
        np.testing.assert_array_equal(
            schema.read_acoustic(path, sequence=SequenceId.parse(NAME)), np.float32(images)
        )
        for microphone in (0, 1):
            samples = [
                np.load(run.raw / f"sync/{folder}/audio/A_{i:06d}.npy")[microphone] for i in numbers
            ]
            np.testing.assert_array_equal(
                schema.read_audio(path, microphone), np.concatenate(samples)
            )
        steps, _ = schema._read_steps(path, "video", SequenceId.parse(NAME))
        assert steps == [frames[i % 12] for i in numbers]  # untouched
    rows = read_manifest(run.records / "batches" / "0.csv")
    assert [row.file for row in rows] == [f"{NAME}/Data_001.tfrecord", f"{NAME}/Data_002.tfrecord"]
    for row in rows:
        assert row == describe_file(NAME, row.file, (run.records / row.file).read_bytes())


@pytest.mark.parametrize(
    "modalities", [("acoustic",), ("audio",), ("video",), ("audio", "acoustic")]
)
def test_any_subset_of_modalities(run: Run, make_raw: Callable, modalities: tuple[str, ...]):
    run.extra = ("--modalities", *modalities)
    raw_manifest = make_raw(run.raw)
    assert main(run.arguments(raw_manifest)) == 0
    record = run.records / schema.record_path(NAME, 0)
    example = SequenceExample.FromString(read_record(record))
    lists = {"acoustic": "audio/image", "audio": "audio/data", "video": "video/image"}
    assert set(example.feature_lists.feature_list) == {lists[m] for m in modalities}


def first_samples(run: Run, raw: bool) -> list[int]:
    """Return each frame's first sample, by which frames can be told apart."""
    if raw:
        folder = run.raw / "sync" / SequenceId.parse(NAME).raw_folder / "audio"
        return [int(np.load(path)[0, 0]) for path in sorted(folder.iterdir())]
    seconds = [schema.read_audio(run.records / schema.record_path(NAME, i)) for i in range(2)]
    return np.concatenate(seconds)[::1024].tolist()


@pytest.mark.parametrize("num_frames", [1, 10, 24, 31])
def test_short_sequences_start_over_and_long_ones_are_cropped(
    run: Run, make_raw: Callable, num_frames: int
):
    run.extra = ("--modalities", "audio")
    assert main(run.arguments(make_raw(run.raw, num_frames=num_frames))) == 0
    raw = first_samples(run, raw=True)
    assert len(raw) == num_frames
    assert first_samples(run, raw=False) == (raw * 24)[:24]
    assert len(read_manifest(run.records / "batches" / "0.csv")) == 2


def test_smaller_acoustic_images_are_padded_in_front(run: Run, make_raw: Callable):
    assert main(run.arguments(make_raw(run.raw, acoustic_shape=(30, 48, 10)))) == 0
    images = schema.read_acoustic(run.records / schema.record_path(NAME, 0))
    assert not images[:, :6].any()
    assert not images[..., :2].any()
    assert images[:, 6:, :, 2:].all()


def test_batches_change_no_byte(run: Run, make_raw: Callable, tmp_path: Path):
    manifests = [make_raw(run.raw, name) for name in (NAME, OTHER)]
    merged, raw_manifest = run.records / "manifest.csv", run.raw / "manifest.csv"
    merge = ["merge-manifests", "--output", str(raw_manifest), "--inputs", *map(str, manifests)]
    assert main(merge) == 0
    assert main(run.arguments(raw_manifest, (OTHER, NAME))) == 0
    together = run.written()
    batch = run.records / "batches" / "0.csv"
    assert main(["merge-manifests", "--inputs", str(batch), "--output", str(merged)]) == 0
    whole = merged.read_bytes()
    merged.unlink()

    for number, (name, manifest) in enumerate(zip((NAME, OTHER), manifests, strict=True)):
        assert main(run.arguments(manifest, (name,), number)) == 0
    apart = run.written()
    inputs = [str(run.records / "batches" / f"{number}.csv") for number in (1, 0)]
    assert main(["merge-manifests", "--inputs", *inputs, "--output", str(merged)]) == 0
    assert merged.read_bytes() == whole
    records = {file: data for file, data in together.items() if file.endswith(".tfrecord")}
    assert len(records) == 4
    assert records.items() <= apart.items()
    for row in read_manifest(merged):
        assert hashlib.sha256(records[row.file]).hexdigest() == row.sha256


def test_merging_refuses_a_file_twice(
    run: Run, make_raw: Callable, capsys: pytest.CaptureFixture, tmp_path: Path
):
    manifest = make_raw(run.raw, num_frames=1)
    output = tmp_path / "merged.csv"
    merge = ["merge-manifests", "--inputs", str(manifest), str(manifest), "--output", str(output)]
    assert main(merge) == 1
    assert "Data_1.mat stands in" in only_message(capsys)
    assert not output.exists()


def test_a_new_conversion_replaces_the_old(run: Run, make_raw: Callable, make_dataset: Callable):
    raw_manifest = make_raw(run.raw)
    assert main(run.arguments(raw_manifest)) == 0
    make_dataset(seconds=1)
    assert main(run.arguments(raw_manifest)) == 0
    assert sorted(run.written()) == [f"{NAME}/Data_001.tfrecord", "batches/0.csv"]


RAW_FILES = {
    "acoustic": f"matfiles/{SequenceId.parse(NAME).raw_folder}/MFCC_Image/Data_14.mat",
    "audio": f"sync/{SequenceId.parse(NAME).raw_folder}/audio/A_000014.npy",
    "video": f"sync/{SequenceId.parse(NAME).raw_folder}/video/I_000014.jpeg",
}


@pytest.mark.parametrize("modality", RAW_FILES)
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data[:-1] + b"\x00"])
def test_raw_files_must_be_those_of_the_manifest(
    run: Run, make_raw: Callable, capsys: pytest.CaptureFixture, modality: str, change: Callable
):
    raw_manifest = make_raw(run.raw)
    path = run.raw / RAW_FILES[modality]
    changed = change(path.read_bytes())
    path.write_bytes(changed if changed != path.read_bytes() else changed[:-1] + b"\x01")
    assert main(run.arguments(raw_manifest)) == 1
    assert only_message(capsys) == (
        f"{path}: differs from the raw manifest in size or content; get or simulate the "
        "sequence again"
    )
    assert run.written() == {}


def test_raw_files_must_be_listed(run: Run, make_raw: Callable, capsys: pytest.CaptureFixture):
    raw_manifest = make_raw(run.raw)
    rows = [row for row in read_manifest(raw_manifest) if row.file != RAW_FILES["audio"]]
    write_manifest(raw_manifest, rows)
    assert main(run.arguments(raw_manifest)) == 1
    assert "A_000014.npy: not in the raw manifest" in only_message(capsys)
    assert run.written() == {}


@pytest.mark.parametrize("modality", RAW_FILES)
def test_modalities_must_have_the_same_number_of_frames(
    run: Run, make_raw: Callable, capsys: pytest.CaptureFixture, modality: str
):
    raw_manifest = make_raw(run.raw)
    (run.raw / RAW_FILES[modality]).unlink()
    assert main(run.arguments(raw_manifest)) == 1
    message = only_message(capsys)
    assert message.startswith(f"{NAME}: raw files below {run.trees} differ in number (")
    assert f"23 of {modality}" in message
    assert run.written() == {}


def test_a_missing_sequence_is_named(run: Run, make_raw: Callable, capsys: pytest.CaptureFixture):
    assert main(run.arguments(make_raw(run.raw), (NAME, OTHER))) == 1
    assert only_message(capsys).startswith(f"{OTHER}: has no raw files below {run.trees}")
    assert not (run.records / "batches").exists()  # no manifest of half a batch


@pytest.mark.parametrize(
    ("modality", "problem"),
    [
        ("video", "not a JPEG"),
        ("audio", "not a readable NumPy file"),
        ("acoustic", "not a readable MATLAB file"),
    ],
)
def test_unreadable_raw_files_are_named(
    run: Run, make_raw: Callable, capsys: pytest.CaptureFixture, modality: str, problem: str
):
    raw_manifest = make_raw(run.raw)
    path = run.raw / RAW_FILES[modality]
    path.write_bytes(b"something else")
    rows = [
        describe_file(NAME, row.file, path.read_bytes()) if row.file == RAW_FILES[modality] else row
        for row in read_manifest(raw_manifest)
    ]
    write_manifest(raw_manifest, rows)
    assert main(run.arguments(raw_manifest)) == 1
    assert only_message(capsys).startswith(f"{path}: {problem}")
    assert run.written() == {}


def test_frames_of_another_size_are_refused(
    run: Run, make_raw: Callable, capsys: pytest.CaptureFixture
):
    from PIL import Image

    raw_manifest = make_raw(run.raw)
    path = run.raw / RAW_FILES["video"]
    Image.new("RGB", (320, 240)).save(path)
    rows = [
        describe_file(NAME, row.file, path.read_bytes()) if row.file == RAW_FILES["video"] else row
        for row in read_manifest(raw_manifest)
    ]
    write_manifest(raw_manifest, rows)
    assert main(run.arguments(raw_manifest)) == 1
    assert only_message(capsys) == f"{path}: is 320x240, not 640x480; get it again"


def test_microphones_are_left_out(run: Run, make_raw: Callable):
    raw_manifest = make_raw(run.raw, microphones=4)
    run.extra = ("--microphones", "2", "--leave-out-microphones", "0", "2")
    assert main(run.arguments(raw_manifest)) == 0
    folder = SequenceId.parse(NAME).raw_folder
    raw = [np.load(run.raw / f"sync/{folder}/audio/A_{i:06d}.npy") for i in range(1, 13)]
    path = run.records / schema.record_path(NAME, 0)
    for microphone, recorded in enumerate((1, 3)):
        expected = np.concatenate([frame[recorded] for frame in raw])
        np.testing.assert_array_equal(schema.read_audio(path, microphone), expected)


def test_avias_broken_microphones_are_pointed_out(
    run: Run, make_raw: Callable, make_dataset: Callable, capsys: pytest.CaptureFixture
):
    raw_manifest = make_raw(run.raw, microphones=82)
    leave_out = ("--leave-out-microphones", "79", "105")
    for source, options, warns in (
        ("AVIA", (), True),
        ("AVIA", leave_out, False),
        ("simulated", (), False),
    ):
        make_dataset(seconds=2, source=source)
        run.extra = ("--microphones", "80", *options)
        assert main(run.arguments(raw_manifest)) == 0
        said = capsys.readouterr().err
        assert ("[79] would be kept" in said) == warns
        assert ("set dataset.microphones_left_out to [79, 105]" in said) == warns


def test_more_microphones_than_recorded(
    run: Run, make_raw: Callable, capsys: pytest.CaptureFixture
):
    run.extra = ("--microphones", "2")
    assert main(run.arguments(make_raw(run.raw))) == 1
    assert "has 1 microphones, number 1 (from 0) is asked for" in only_message(capsys)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 3 MB, of which one sequence's records take more than half."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("may not mount a small file system here; the file-size limit is tested")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_small_file_system(
    run: Run, small_disk: Path, make_raw: Callable, capsys: pytest.CaptureFixture
):
    manifests = [make_raw(run.raw, name) for name in (NAME, OTHER)]
    run.records = small_disk / "records"
    assert main(run.arguments(manifests[0], (NAME,), 0)) == 0
    before = run.written()
    assert main(run.arguments(manifests[1], (OTHER,), 1)) == 1
    assert "No space left on device; nothing half-written was kept" in only_message(capsys)
    assert run.written() == before


def test_full_disk_file_size_limit(run: Run, make_raw: Callable):
    code = (
        "import resource, sys; from avdistill.cli import main; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, *run.arguments(make_raw(run.raw))]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    errors = [line for line in done.stderr.split("\n") if "error:" in line]
    assert len(errors) == 1
    assert "File too large; nothing half-written was kept" in errors[0]
    assert "Traceback" not in done.stderr
    assert run.written() == {}


def test_conversion_needs_no_tensorflow(run: Run, make_raw: Callable):
    code = (
        "import sys; from avdistill.cli import main; status = main(sys.argv[1:]); "
        "sys.exit(status or 'tensorflow' in sys.modules)"
    )
    arguments = run.arguments(make_raw(run.raw))
    assert subprocess.run([sys.executable, "-c", code, *arguments], check=False).returncode == 0
