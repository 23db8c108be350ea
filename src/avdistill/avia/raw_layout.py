"""AVIA's raw files: where they are, and how to read each kind.

There are two trees; i counts video frames from 1::

    matfiles/Location_<1..3>/Subject_<1..9>/Action_<0..13>/MFCC_Image/Data_<i>.mat
    sync/Location_<1..3>/Subject_<1..9>/Action_<0..13>/audio/A_<i>.npy
    sync/Location_<1..3>/Subject_<1..9>/Action_<0..13>/video/I_<i>.jpeg

The trees need not be in the same folder and may have any names. Numbers may be padded with zeros,
in folders (up to 8 digits) and in files.
"""

import io
import math
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from avdistill.avia.matlab import Variable, decode_numbers, find_variable
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import (
    ACOUSTIC_IMAGE_SHAPE,
    FRAME_SHAPE,
    SAMPLES_PER_FRAME,
    TREE_OF,
    SequenceId,
)
from avdistill.errors import InputError, explain_errors, refuse
from avdistill.files.atomic import read_bytes

MODALITIES = ("acoustic", "audio", "video")

# By modality: the folder below that of the action, and the pattern of a file's name.
_PLACES = {
    "acoustic": ("MFCC_Image", re.compile(r"Data_(\d+)\.mat")),
    "audio": ("audio", re.compile(r"A_(\d+)\.npy")),
    "video": ("video", re.compile(r"I_(\d+)\.jpe?g")),
}
_ACOUSTIC_VARIABLE = "MFCC"
_MOST_DIGITS = 8  # of a folder's number, with zero padding


def frame_number(path: Path) -> int:
    """Return i, the video frame counted from 1 that a raw file belongs to, from its name."""
    for _, pattern in _PLACES.values():
        if match := pattern.fullmatch(path.name):
            return int(match.group(1))
    raise InputError(f"{path}: not the name of a raw file; see the layout of AVIA")


def find_sequence(trees: RawTrees, sequence: SequenceId) -> dict[str, list[Path]]:
    """Return the raw files of a sequence by modality, in the order of their numbers.

    A modality without files, or of a tree that is None, has an empty list. Other files in the
    folders are ignored. `avdistill.avia.check` checks whether the lists agree.

    Raises
    ------
    InputError : a folder is there twice with different zero padding (`Subject_1` and
        `Subject_01`), so that it is ambiguous.
    """
    return {modality: _find_modality(trees, sequence, modality) for modality in MODALITIES}


def _find_modality(trees: RawTrees, sequence: SequenceId, modality: str) -> list[Path]:
    leaf, pattern = _PLACES[modality]
    folder = getattr(trees, TREE_OF[modality])
    if folder is None:
        return []
    for kind, number in (
        ("Location", sequence.location),
        ("Subject", sequence.subject),
        ("Action", sequence.action - 1),  # raw folders count actions from 0
    ):
        found = _find_numbered_folders(folder, kind, number)
        if len(found) > 1:
            raise InputError(
                f"{trees.name_of(modality, folder)}: {' and '.join(path.name for path in found)} "
                "are the same folder twice; keep one of them"
            )
        if not found:
            return []
        (folder,) = found
    inside = (folder / leaf).iterdir() if (folder / leaf).is_dir() else ()
    files = [path for path in inside if pattern.fullmatch(path.name)]
    return sorted(files, key=lambda path: (frame_number(path), path.name))


def _find_numbered_folders(parent: Path, kind: str, number: int) -> list[Path]:
    # Each name is tried. To list the folder for each subject would take quadratic time.
    names = (f"{kind}_{number:0{digits}d}" for digits in range(len(str(number)), _MOST_DIGITS + 1))
    return sorted(path for name in names if (path := parent / name).exists())


def load_frame(modality: str, path: Path) -> np.ndarray | bytes:
    """Read one raw file; raises as `parse_frame`, or if the file cannot be read."""
    return parse_frame(modality, read_bytes(path), path)


def parse_frame(modality: str, data: bytes, path: Path) -> np.ndarray | bytes:
    """Return what a file's bytes hold; messages name `path`.

    Returns
    -------
    As `parse_acoustic`, `parse_audio` or `parse_video`.

    Raises
    ------
    InputError : the file is empty, or as these three.
    """
    if not data:
        raise InputError(f"{path}: is empty; get it again")
    parsers = {"acoustic": parse_acoustic, "audio": parse_audio, "video": parse_video}
    return parsers[modality](data, path)


def parse_acoustic(data: bytes, path: Path) -> np.ndarray:
    """Return one acoustic image; messages name `path`.

    Returns
    -------
    image : (36, 48, 12) float32, rows x columns x MFCC channels, dimensionless. A smaller stored
        array is padded with zeros at the front of each axis, as the published converter does.

    Raises
    ------
    InputError : the file holds no variable `MFCC`, or the variable is larger than an acoustic
        image, empty, or not three axes of finite floats.
    """
    if data.startswith(b"MATLAB 7.3"):
        raise InputError(f"{path}: a MATLAB 7.3 file; save it with the option -v7")
    largest = 8 * math.prod(ACOUSTIC_IMAGE_SHAPE)
    with explain_errors(path, {ValueError: "not a readable MATLAB file ({error}); get it again"}):
        variable = find_variable(data, _ACOUSTIC_VARIABLE, max_bytes=largest + 1024)
        if variable is None:
            raise InputError(f"{path}: holds no variable {_ACOUSTIC_VARIABLE}; get it again")
        _check_acoustic(variable, path)
        image = decode_numbers(variable)
    with np.errstate(over="ignore", invalid="ignore"):  # infinite values are refused below
        image = image.astype(np.float32)
    if not np.isfinite(image).all():
        raise InputError(
            f"{path}: {_ACOUSTIC_VARIABLE} holds values that are not finite; get it again"
        )
    front = [
        (limit - size, 0) for size, limit in zip(image.shape, ACOUSTIC_IMAGE_SHAPE, strict=True)
    ]
    return np.ascontiguousarray(np.pad(image, front))


def _check_acoustic(variable: Variable, path: Path) -> None:
    shape, wanted = variable.shape, ACOUSTIC_IMAGE_SHAPE
    fits = len(shape) == len(wanted) and all(
        0 < size <= limit for size, limit in zip(shape, wanted, strict=True)
    )
    sizes, wanted_sizes = (" x ".join(map(str, axes)) for axes in (shape, wanted))
    is_float, name = variable.kind in ("double", "single"), _ACOUSTIC_VARIABLE
    cases = [
        (not fits, f"{name} is {sizes}, not {wanted_sizes}; get it again"),
        (not is_float, f"{name} holds {variable.kind}, not floats; get it again"),
    ]
    refuse(path, cases)


def parse_audio(data: bytes, path: Path, microphones: Sequence[int] | None = None) -> np.ndarray:
    """Return the audio of one video frame; messages name `path`.

    Parameters
    ----------
    data : a `.npy` file with int32 values, microphones x 1024.
    microphones : numbers, from 0, of those to keep; None keeps all.

    Returns
    -------
    samples : (microphones, 1024) int32, at 12,288 Hz.

    Raises
    ------
    InputError : the file cannot be read without pickles, has another type or shape, or has fewer
        microphones than wanted.
    """
    # For damaged headers NumPy raises nearly any exception.
    problems = {Exception: "not a readable NumPy file ({reason}); get it again"}
    with explain_errors(path, problems), warnings.catch_warnings():
        # AVIA's files were written with Python 2. NumPy can read their headers, but warns.
        warnings.filterwarnings("ignore", "Reading `.npy`", UserWarning)
        samples = np.load(io.BytesIO(data), allow_pickle=False)
    if not isinstance(samples, np.ndarray):
        raise InputError(f"{path}: an archive of arrays, not one NumPy array; get it again")
    is_int32 = samples.dtype.kind == "i" and samples.dtype.itemsize == 4
    fits = samples.ndim == 2 and samples.shape[0] > 0 and samples.shape[1] == SAMPLES_PER_FRAME
    found = " x ".join(map(str, samples.shape)) or "a single number"
    cases = [
        (not is_int32, f"holds {samples.dtype}, not int32; get it again"),
        (not fits, f"is {found}, not microphones x {SAMPLES_PER_FRAME}; get it again"),
    ]
    refuse(path, cases)
    if microphones is None:
        return np.ascontiguousarray(samples, dtype=np.int32)
    if len(samples) <= max(microphones):
        raise InputError(
            f"{path}: has {len(samples)} microphones, number {max(microphones)} (from 0) is asked "
            "for; ask for fewer"
        )
    return np.ascontiguousarray(samples[list(microphones)], dtype=np.int32)


def parse_video(data: bytes, path: Path) -> bytes:
    """Return the unchanged bytes of one frame; messages name `path`.

    Raises
    ------
    InputError : they are not one complete colour JPEG of 640x480; for instance it is truncated.
    """
    from PIL import Image  # noqa: PLC0415, takes a tenth of a second and is rarely needed

    rows, columns, _ = FRAME_SHAPE
    with (
        # For damaged files Pillow raises nearly any exception.
        explain_errors(path, {Exception: "not a whole JPEG ({reason}); get it again"}),
        Image.open(io.BytesIO(data), formats=["JPEG"]) as image,
    ):
        found = f"{image.width}x{image.height} {image.mode}"
        if found == f"{columns}x{rows} RGB":  # otherwise it may be too large to decode
            image.load()
    if found != f"{columns}x{rows} RGB":
        raise InputError(f"{path}: is {found}, not {columns}x{rows} RGB; get it again")
    return data
