"""External recordings: their lists, checked whenever they are read, and windows of five seconds."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import starmap
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.errors import InputError
from avdistill.files.atomic import read_bytes
from avdistill.files.csv_tables import CsvTable, Kind, read_csv
from avdistill.networks.registry import STUDENT_SECONDS
from avdistill.records.audio import (
    NETWORK_SAMPLE_RATE,
    cut_window,
    resample,
    scale_waveform,
    sounding_seconds,
)
from avdistill.records.sound_files import decode

_CLIPS_AT_ONCE = 32  # changes results only by rounding


class Clip(NamedTuple):
    """A recording of a data set.

    Attributes
    ----------
    file : path below the data set's folder, with forward slashes. For a measured clip it is the
        path from the run's folder, or an absolute path.
    category : name of its class.
    part : the part that it is in: number of ESC-10's fold, or `training`, `validation` or `test`.
    origin : what must not be in two parts: the recording that it was cut from, or its location.
    size, sha256 : the file's bytes and hexadecimal digest; 0 and empty until it is measured.
    """

    file: str
    category: str
    part: int | str
    origin: str
    size: int = 0
    sha256: str = ""


def clip_table(part: str, kind: Kind, origin: str) -> CsvTable:
    """Return the format of a list of clips: a column for each field, two with names of their own.

    Parameters
    ----------
    part, origin : names of these fields' columns.
    kind : kind of the parts.
    """
    columns = {"file": str, "class": str, part: kind, origin: str, "size": int, "sha256": str}
    return CsvTable("list of clips", columns, "fetch the data set")


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


def measure_clips(root: Path, clips: Sequence[Clip]) -> list[Clip]:
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


def read_list(path: Path, table: CsvTable, check: Callable[[list[Clip], Path], None]) -> list[Clip]:
    """Read a list of clips.

    Parameters
    ----------
    table : its format, from `clip_table`.
    check : function that checks clips of this data set; it also takes the path for its messages.

    Raises
    ------
    InputError : the file is missing or is not such a list, or `check` refuses its clips.
    """
    clips = list(starmap(Clip, read_csv(path, table)))
    check(clips, path)
    return clips


def divided_origin(clips: Iterable[Clip]) -> tuple[str, str] | None:
    """Return the first origin whose clips are in several parts, and these, such as `1 and 2`."""
    parts_of = defaultdict(set)
    for clip in clips:
        parts_of[clip.origin].add(clip.part)
    return next(
        (
            (origin, " and ".join(map(str, sorted(parts))))
            for origin, parts in sorted(parts_of.items())
            if len(parts) > 1
        ),
        None,
    )


def windows_of(samples: np.ndarray, rate: int, number: int = 1) -> np.ndarray:
    """Cut consecutive windows of five seconds, as the sensor would have recorded them.

    The recording is resampled to the sensor's 12,288 Hz. If it is too short it is repeated from
    its first sample, as AVIA's sequences are. If it is too long its start is taken. It is then
    resampled to 22,050 Hz, as recorded data are, and cut. A window of only zeros stays zeros:
    ringing of the resampling from its neighbours is removed.

    Parameters
    ----------
    samples, rate : (num_samples,) float and Hz, from `avdistill.records.sound_files.decode`.
    number : number of windows.

    Returns
    -------
    (number, 110250) float32, in the recording's own scale.
    """
    seconds = number * STUDENT_SECONDS
    recorded = np.resize(resample(samples, rate, SAMPLE_RATE), seconds * SAMPLE_RATE)
    signal = resample(recorded, SAMPLE_RATE, NETWORK_SAMPLE_RATE)
    sounding = sounding_seconds(np.resize(samples, seconds * rate), rate)
    return np.stack(
        [
            cut_window(signal, sounding, start, STUDENT_SECONDS)
            for start in range(0, seconds, STUDENT_SECONDS)
        ]
    )


def waveform_batches(clips: Sequence[Clip], windows: int = 1) -> Iterator[np.ndarray]:
    """Yield scaled waveforms, (n, 110250) float32 within ±256: each clip's windows, in order.

    A window of zeros stays zeros, with a warning that names the file.

    Raises
    ------
    InputError : a clip cannot be read; see `read_clip`.
    """
    with tqdm(total=len(clips), desc="read clips", unit="clip") as progress:
        for first in range(0, len(clips), _CLIPS_AT_ONCE):
            batch = clips[first : first + _CLIPS_AT_ONCE]
            yield np.stack(
                [
                    scale_waveform(window, clip.file)
                    for clip in batch
                    for window in windows_of(*read_clip(clip), windows)
                ]
            )
            progress.update(len(batch))
