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
from pathlib import Path
from typing import NamedTuple

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
from avdistill.errors import InputError

MODALITIES = ("acoustic", "audio", "video")

# By modality: the folder below that of the action, and the pattern of a file's name.
_PLACES = {
    "acoustic": ("MFCC_Image", re.compile(r"Data_(\d+)\.mat")),
    "audio": ("audio", re.compile(r"A_(\d+)\.npy")),
    "video": ("video", re.compile(r"I_(\d+)\.jpe?g")),
}
_ACOUSTIC_VARIABLE = "MFCC"
_MOST_DIGITS = 8  # of a folder's number, with zero padding


class RawSequence(NamedTuple):
    """The raw files of one sequence, each list in the order of the files' numbers.

    A modality without files is an empty list. `avdistill.avia.check` checks whether the lists
    agree.
    """

    sequence: SequenceId
    acoustic: list[Path]
    audio: list[Path]
    video: list[Path]


def frame_number(path: Path) -> int:
    """Return i, the video frame counted from 1 that a raw file belongs to, from its name."""
    for _, pattern in _PLACES.values():
        if match := pattern.fullmatch(path.name):
            return int(match.group(1))
    raise InputError(f"{path}: not the name of a raw file; see the layout of AVIA")


def find_sequence(trees: RawTrees, sequence: SequenceId) -> RawSequence:
    """Return the raw files of a sequence; those of a tree that is None are not searched.

    Other files in the folders are ignored.

    Raises
    ------
    InputError : a folder is there twice with different zero padding (`Subject_1` and
        `Subject_01`), so that it is ambiguous.
    """
    return RawSequence(sequence, *(_find_modality(trees, sequence, m) for m in MODALITIES))


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
    folder = folder / leaf
    if not folder.is_dir():
        return []
    files = [path for path in folder.iterdir() if pattern.fullmatch(path.name)]
    return sorted(files, key=lambda path: (frame_number(path), path.name))


def _find_numbered_folders(parent: Path, kind: str, number: int) -> list[Path]:
    # Each name is tried. To list the folder for each subject would take quadratic time.
    names = (f"{kind}_{number:0{digits}d}" for digits in range(len(str(number)), _MOST_DIGITS + 1))
    return sorted(path for name in names if (path := parent / name).exists())


def load_acoustic(path: Path) -> np.ndarray:
    """Return one acoustic image.

    Returns
    -------
    image : (36, 48, 12) float32, rows x columns x MFCC channels, dimensionless. A smaller stored
        array is padded with zeros at the front of each axis, as the published converter does.

    Raises
    ------
    InputError : the file cannot be read, holds no variable `MFCC`, or the variable is larger
        than an acoustic image, empty, or not three axes of finite floats.
    """
    return parse_acoustic(_read_bytes(path), path)


def parse_acoustic(data: bytes, path: Path) -> np.ndarray:
    """Return what `load_acoustic` returns, from a file's bytes; messages name `path`."""
    if data.startswith(b"MATLAB 7.3"):
        raise InputError(f"{path}: a MATLAB 7.3 file; save it with the option -v7")
    largest = 8 * math.prod(ACOUSTIC_IMAGE_SHAPE)
    try:
        variable = find_variable(data, _ACOUSTIC_VARIABLE, max_bytes=largest + 1024)
        if variable is None:
            raise InputError(f"{path}: holds no variable {_ACOUSTIC_VARIABLE}; get it again")
        _check_acoustic(variable, path)
        image = decode_numbers(variable)
    except ValueError as error:
        raise InputError(f"{path}: not a readable MATLAB file ({error}); get it again") from error
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
    if len(shape) != len(wanted) or not all(
        0 < size <= limit for size, limit in zip(shape, wanted, strict=True)
    ):
        sizes, wanted_sizes = (" x ".join(map(str, s)) for s in (shape, wanted))
        raise InputError(
            f"{path}: {_ACOUSTIC_VARIABLE} is {sizes}, not {wanted_sizes}; get it again"
        )
    if variable.kind not in ("double", "single"):
        raise InputError(
            f"{path}: {_ACOUSTIC_VARIABLE} holds {variable.kind}, not floats; get it again"
        )


def load_audio(path: Path, microphones: int | None = None) -> np.ndarray:
    """Return the audio of one video frame.

    Parameters
    ----------
    path : the `.npy` file with int32 values, microphones x 1024.
    microphones : how many of the first microphones to keep; None keeps all.

    Returns
    -------
    samples : (microphones, 1024) int32, at 12,288 Hz.

    Raises
    ------
    InputError : the file cannot be read without pickles, has another type or shape, or has fewer
        microphones than wanted.
    """
    return parse_audio(_read_bytes(path), path, microphones)


def parse_audio(data: bytes, path: Path, microphones: int | None = None) -> np.ndarray:
    """Return what `load_audio` returns, from a file's bytes; messages name `path`."""
    try:
        with warnings.catch_warnings():
            # AVIA's files were written with Python 2. NumPy can read their headers, but warns.
            warnings.filterwarnings("ignore", "Reading `.npy`", UserWarning)
            samples = np.load(io.BytesIO(data), allow_pickle=False)
    except Exception as error:  # for damaged headers NumPy raises nearly any exception
        raise InputError(
            f"{path}: not a readable NumPy file ({_reason(error)}); get it again"
        ) from error
    if not isinstance(samples, np.ndarray):
        raise InputError(f"{path}: an archive of arrays, not one NumPy array; get it again")
    if samples.dtype.kind != "i" or samples.dtype.itemsize != 4:
        raise InputError(f"{path}: holds {samples.dtype}, not int32; get it again")
    if samples.ndim != 2 or samples.shape[0] < 1 or samples.shape[1] != SAMPLES_PER_FRAME:
        found = " x ".join(map(str, samples.shape)) or "a single number"
        raise InputError(f"{path}: is {found}, not microphones x {SAMPLES_PER_FRAME}; get it again")
    if microphones is not None and samples.shape[0] < microphones:
        raise InputError(
            f"{path}: has {samples.shape[0]} microphones, {microphones} are asked for; "
            "ask for fewer"
        )
    return np.ascontiguousarray(samples[:microphones], dtype=np.int32)


def load_video(path: Path) -> bytes:
    """Return the unchanged JPEG bytes of one frame, after a check that the frame is complete.

    Raises
    ------
    InputError : the file cannot be read or `check_jpeg` refuses it.
    """
    data = _read_bytes(path)
    check_jpeg(data, path)
    return data


def check_jpeg(data: bytes, path: Path | str = "frame") -> None:
    """Check that bytes are one complete colour JPEG of 640x480; messages name `path`.

    Raises
    ------
    InputError : they are not; for instance the JPEG is truncated.
    """
    from PIL import Image  # noqa: PLC0415, takes a tenth of a second and is rarely needed

    rows, columns, _ = FRAME_SHAPE
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            found = f"{image.width}x{image.height} {image.mode}"
            if found == f"{columns}x{rows} RGB":  # otherwise it may be too large to decode
                image.load()
    except Exception as error:  # for damaged files Pillow raises nearly any exception
        raise InputError(f"{path}: not a whole JPEG ({_reason(error)}); get it again") from error
    if found != f"{columns}x{rows} RGB":
        raise InputError(f"{path}: is {found}, not {columns}x{rows} RGB; get it again")


def _reason(error: Exception) -> str:
    """Return a library's message as one short line that is the same in every run."""
    line = str(error).strip().partition("\n")[0]
    return re.sub(r"<[^<>]* at 0x\w+>", "…", line)[:120] or type(error).__name__


def _read_bytes(path: Path) -> bytes:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); get it again") from error
    if not data:
        raise InputError(f"{path}: is empty; get it again")
    return data
