"""Lists of outside recordings: which files there are, measured once, checked whenever read."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.files.csv_tables import CsvTable, read_csv, write_csv
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
    """Measure each clip's file, and check that it can be read.

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
    write_csv(path, _table(kind).columns, clips)


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
    clips = [kind(*row) for row in read_csv(path, _table(kind))]
    check(clips, path)
    return clips


def _table(kind: type[AnyListed]) -> CsvTable:
    columns = {
        "class" if name == "category" else name: of_cell
        for name, of_cell in kind.__annotations__.items()
    }
    return CsvTable("list of clips", columns, "fetch the data set")
