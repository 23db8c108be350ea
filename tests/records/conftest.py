"""Small raw sequences and records for the tests of this folder."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.files.manifest import describe_file, write_manifest
from avdistill.records.schema import encode_second, record_path
from avdistill.records.tfrecord import compress_record


@pytest.fixture(scope="session")
def frames() -> list[bytes]:
    """Twelve different JPEG frames of 640x480."""
    rows, columns = np.mgrid[:480, :640]
    encoded = []
    for i in range(12):
        pixels = np.stack([rows // 2, columns // 3, (rows + columns * i) % 256], axis=-1)
        buffer = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(buffer, "JPEG")
        encoded.append(buffer.getvalue())
    return encoded


@pytest.fixture(scope="session")
def make_raw(frames: list[bytes]) -> Callable[..., Path]:
    """Write one raw sequence below `raw`, and the manifest of all that is there."""

    def make(
        raw: Path,
        name: str = "Location_01/Subject_01/Action_001",
        num_frames: int = 24,
        microphones: int = 1,
        acoustic_shape: tuple[int, ...] = (36, 48, 12),
    ) -> Path:
        sequence = SequenceId.parse(name)
        generator = np.random.default_rng(list(sequence))
        matfiles = raw / "matfiles" / sequence.raw_folder / "MFCC_Image"
        sync = raw / "sync" / sequence.raw_folder
        for folder in (matfiles, sync / "audio", sync / "video"):
            folder.mkdir(parents=True)
        for i in range(1, num_frames + 1):
            image = generator.normal(size=acoustic_shape)
            savemat(matfiles / f"Data_{i}.mat", {"MFCC": image})
            samples = generator.integers(-(10**6), 10**6, (microphones, 1024), np.int32)
            np.save(sync / "audio" / f"A_{i:06d}.npy", samples)
            (sync / "video" / f"I_{i:06d}.jpeg").write_bytes(frames[i % 12])
        files = sorted(
            path.relative_to(raw).as_posix()
            for tree in ("matfiles", "sync")
            for path in (raw / tree / sequence.raw_folder).rglob("*")
            if path.is_file()
        )
        manifest = raw / "batches" / f"{name.replace('/', '-')}.csv"
        write_manifest(
            manifest, [describe_file(name, file, (raw / file).read_bytes()) for file in files]
        )
        return manifest

    return make


@pytest.fixture(scope="session")
def make_records(frames: list[bytes]) -> Callable[..., None]:
    """Write records straight away: noise, in which the second given as silent is zeros."""

    def make(
        records: Path,
        names: list[str],
        seconds: int,
        modalities: tuple[str, ...] = ("acoustic", "audio", "video"),
        silent: tuple[int, ...] = (),
    ) -> None:
        for name in names:
            sequence = SequenceId.parse(name)
            generator = np.random.default_rng(list(sequence))
            (records / name).mkdir(parents=True)
            for second in range(seconds):
                audio = generator.integers(-(10**6), 10**6, (12, 2, 1024), np.int32)
                contents = {
                    "acoustic": generator.normal(size=(12, 36, 48, 12)).astype(np.float32),
                    "audio": audio * (second not in silent),
                    "video": frames[second:] + frames[:second],
                }
                chosen = {modality: contents[modality] for modality in modalities}
                data = compress_record(encode_second(sequence, **chosen))
                (records / record_path(name, second)).write_bytes(data)

    return make


@pytest.fixture
def make_dataset(tmp_path: Path) -> Callable[..., Path]:
    """Write `dataset.json`."""

    def make(
        seconds: int = 2,
        subjects: int = 3,
        missing: tuple[str, ...] = (),
        source: str = "simulated",
    ) -> Path:
        path = tmp_path / "dataset.json"
        DatasetDescription(
            source=source,
            classes=("clapping", "whistling"),
            scenarios=("anechoic chamber", "outdoor terrace"),
            subjects=subjects,
            sequence_seconds=seconds,
            missing=missing,
        ).write(path)
        return path

    return make
