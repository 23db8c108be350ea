"""Small raw data in AVIA's layout, and archives of it."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from avdistill.avia.vocabulary import SequenceId


def mat_bytes(image: np.ndarray, variable: str = "MFCC") -> bytes:
    stream = io.BytesIO()
    savemat(stream, {variable: image})
    return stream.getvalue()


def npy_bytes(samples: np.ndarray, allow_pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, samples, allow_pickle=allow_pickle)
    return stream.getvalue()


def jpeg_bytes(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (size[1] // 8, size[0] // 8, 3), np.uint8)
    Image.fromarray(noise).resize(size).convert(mode).save(stream, "JPEG")
    return stream.getvalue()


ACOUSTIC = mat_bytes(np.random.default_rng(1).normal(size=(36, 48, 12)).astype(np.float32))
AUDIO = npy_bytes(np.random.default_rng(2).integers(-9, 9, (2, 1024), np.int32))
VIDEO = jpeg_bytes()


def put_sequence(
    raw: Path, name: str = "Location_01/Subject_01/Action_001", frames: int = 3
) -> tuple[Path, Path]:
    """Write a whole sequence; return its folders in the trees `matfiles` and `sync`."""
    folder = SequenceId.parse(name).raw_folder
    matfiles, sync = raw / "matfiles" / folder, raw / "sync" / folder
    for leaf in (matfiles / "MFCC_Image", sync / "audio", sync / "video"):
        leaf.mkdir(parents=True)
    for i in range(1, frames + 1):
        (matfiles / f"MFCC_Image/Data_{i}.mat").write_bytes(ACOUSTIC)
        (sync / f"audio/A_{i:06d}.npy").write_bytes(AUDIO)
        (sync / f"video/I_{i:06d}.jpeg").write_bytes(VIDEO)
    return matfiles, sync


@pytest.fixture(name="put_sequence")
def _put_sequence() -> Callable[..., tuple[Path, Path]]:
    return put_sequence


@pytest.fixture
def make_mat() -> Callable[..., bytes]:
    return mat_bytes


@pytest.fixture
def make_npy() -> Callable[..., bytes]:
    return npy_bytes


@pytest.fixture
def make_jpeg() -> Callable[..., bytes]:
    return jpeg_bytes
