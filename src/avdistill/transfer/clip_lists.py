"""Lists of external recordings: files are measured once, and checked whenever they are read."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.files.atomic import read_bytes
from avdistill.files.csv_tables import CsvTable, read_csv, write_csv
from avdistill.records.sound_files import decode


class Clip(Protocol):
    """A recording of a data set: a named tuple, one for each data set.

    Attributes
    ----------
    file : path below the data set's folder, with forward slashes. For a measured clip it is the
        path from the run's folder, or an absolute path.
    category : name of its class.
    size, sha256 : the file's bytes and hexadecimal digest; 0 and empty until it is measured.
    """

    file: str
    category: str
    size: int
    sha256: str


AnyClip = TypeVar("AnyClip", bound=Clip)


def folder_and_only_one_in_it(folder: Path, name: str) -> list[Path]:
    """Return a folder and, if it contains a single folder, that one too, as in archives.

    Parameters
    ----------
    name : name of the data set that it should hold, for messages.

    Raises
    ------
    InputError : there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name the one that holds {name}")
    inside = [path for path in folder.iterdir() if path.is_dir()]
    return [folder, *inside] if len(inside) == 1 else [folder]


def measure_clips(root: Path, clips: Sequence[AnyClip]) -> list[AnyClip]:
    """Check that each clip can be read, and return the clips with their size and digest.

    Parameters
    ----------
    root : folder that the clips' paths are relative to; it is part of the measured clips' paths.

    Raises
    ------
    InputError : a file is missing or bad; see `avdistill.records.sound_files`.
    """
    listed = []
    for clip in tqdm(clips, desc="check clips", unit="clip"):
        path = root / clip.file
        data = read_bytes(path)
        decode(data, path)
        digest = hashlib.sha256(data).hexdigest()
        listed.append(clip._replace(file=path.as_posix(), size=len(data), sha256=digest))
    return listed


def read_clip(clip: Clip) -> tuple[np.ndarray, int]:
    """Return the samples of a listed clip, (num_samples,) float64, and their rate, Hz.

    Raises
    ------
    InputError : the file is missing, cannot be read, or is not the one that was listed.
    """
    data = read_bytes(Path(clip.file))
    if len(data) != clip.size or hashlib.sha256(data).hexdigest() != clip.sha256:
        raise InputError(f"{clip.file}: not the file that was listed; fetch the data set again")
    return decode(data, clip.file)


def write_list(path: Path, kind: type[AnyClip], clips: Iterable[AnyClip]) -> None:
    """Write clips as CSV, a column for each field (`category` is `class`), atomically."""
    write_csv(path, _table(kind).columns, clips)


def read_list(
    path: Path, kind: type[AnyClip], check: Callable[[list[AnyClip], Path], None]
) -> list[AnyClip]:
    """Read what `write_list` wrote.

    Parameters
    ----------
    check : function that checks clips of this kind; it also takes the path for its messages.

    Raises
    ------
    InputError : the file is missing or is not such a list, or `check` refuses its clips.
    """
    clips = [kind(*row) for row in read_csv(path, _table(kind))]
    check(clips, path)
    return clips


def _table(kind: type[AnyClip]) -> CsvTable:
    columns = {
        "class" if name == "category" else name: of_cell
        for name, of_cell in kind.__annotations__.items()
    }
    return CsvTable("list of clips", columns, "fetch the data set")
