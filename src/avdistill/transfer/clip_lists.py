"""Lists of outside recordings: which files there are, measured once, checked whenever read."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.files.atomic import atomic_file
from avdistill.records.sound_files import decode, read_file


class Listed(Protocol):
    """A clip whose file has been read and measured: a named tuple, one for each data set.

    Attributes
    ----------
    file : path from the folder that the run is in, or an absolute one.
    category : name of its class.
    size, sha256 : of the file, bytes and hexadecimal digest; the tuple's last two fields.
    """

    file: str
    category: str
    size: int
    sha256: str


AnyListed = TypeVar("AnyListed", bound=Listed)


def measure_clips(root: Path, clips: Sequence[tuple], kind: type[AnyListed]) -> list[AnyListed]:
    """Measure each clip's file, having seen that it can be read.

    Parameters
    ----------
    root : folder that the clips' paths are relative to; the listed paths begin with it.
    clips : named tuples with the fields of `kind` but for the last two.

    Raises
    ------
    InputError : a file is missing or bad; see `avdistill.records.sound_files`.
    """
    listed = []
    for clip in tqdm(clips, desc="check clips", unit="clip"):
        path = root / clip.file
        data = read_file(path)
        decode(data, path)
        digest = hashlib.sha256(data).hexdigest()
        listed.append(kind(path.as_posix(), *clip[1:], len(data), digest))
    return listed


def read_clip(clip: Listed) -> tuple[np.ndarray, int]:
    """Read a listed clip: samples, (num_samples,) float64, and their rate, Hz.

    Raises
    ------
    InputError : the file is missing, bad, or another one than was listed.
    """
    data = read_file(Path(clip.file))
    if len(data) != clip.size or hashlib.sha256(data).hexdigest() != clip.sha256:
        raise InputError(f"{clip.file}: not the file that was listed; fetch the data set again")
    return decode(data, clip.file)


def write_list(path: Path, kind: type[AnyListed], clips: Iterable[AnyListed]) -> None:
    """Write clips as CSV, a column for each field (`category` is `class`), atomically."""
    with atomic_file(path) as partial, partial.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(_columns(kind))
        writer.writerows(clips)


def read_list(
    path: Path, kind: type[AnyListed], check: Callable[[list[AnyListed], Path], None]
) -> list[AnyListed]:
    """Read what `write_list` wrote.

    Parameters
    ----------
    check : what clips of this kind must pass, with the path that its messages name.

    Raises
    ------
    InputError : the file is missing or something else, or `check` refuses its clips.
    """
    types = kind.__annotations__.values()
    try:
        with path.open(newline="", encoding="utf-8") as handle:
            header, *rows = csv.reader(handle)
        if header != _columns(kind):
            raise ValueError("other columns")
        clips = [
            kind(*(convert(cell) for convert, cell in zip(types, row, strict=True))) for row in rows
        ]
    except FileNotFoundError:
        raise InputError(f"{path}: no such list of clips; fetch the data set") from None
    except (ValueError, csv.Error) as error:
        raise InputError(
            f"{path}: not a list of clips ({error}); fetch the data set again"
        ) from None
    check(clips, path)
    return clips


def _columns(kind: type[AnyListed]) -> list[str]:
    return ["class" if name == "category" else name for name in kind._fields]
