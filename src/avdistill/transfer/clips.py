"""Outside recordings as students hear them: one window of five seconds each."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.errors import InputError
from avdistill.records.audio import (
    NETWORK_SAMPLE_RATE,
    normalise,
    resample,
    scale_waveform,
    spectrogram,
)
from avdistill.records.sound_files import decode, read_file
from avdistill.transfer.esc10 import Clip, ListedClip

WINDOW_SECONDS = 5  # what students hear at a time


def list_clips(root: Path, clips: Sequence[Clip]) -> list[ListedClip]:
    """Measure each clip's file, having seen that it can be read.

    Parameters
    ----------
    root : folder that the clips' paths are relative to; the listed paths begin with it.

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
        listed.append(ListedClip(path.as_posix(), *clip[1:], len(data), digest))
    return listed


def read_listed(clip: ListedClip) -> np.ndarray:
    """Read a listed clip's window, see `window_of`.

    Raises
    ------
    InputError : the file is missing, bad, or another one than was listed.
    """
    data = read_file(Path(clip.file))
    if len(data) != clip.size or hashlib.sha256(data).hexdigest() != clip.sha256:
        raise InputError(f"{clip.file}: not the file that was listed; run fetch-esc10 again")
    return window_of(*decode(data, clip.file))


def window_of(samples: np.ndarray, rate: int) -> np.ndarray:
    """Take five seconds of a recording, as the sensor would have recorded them.

    The recording is resampled to the sensor's 12,288 Hz. A shorter one is extended by starting
    over from its first sample, as AVIA's sequences are; of a longer one the first five seconds
    are taken. That is resampled to 22,050 Hz, as recorded data are. Where the first five seconds
    hold nothing but zeros, the window is zeros, without what resampling rings over from later.

    Parameters
    ----------
    samples, rate : (num_samples,) float and Hz, from `avdistill.records.sound_files.decode`.

    Returns
    -------
    (110250,) float32, in the recording's own scale.
    """
    if not samples[: WINDOW_SECONDS * rate].any():
        return np.zeros(WINDOW_SECONDS * NETWORK_SAMPLE_RATE, np.float32)
    recorded = np.resize(resample(samples, rate, SAMPLE_RATE), WINDOW_SECONDS * SAMPLE_RATE)
    return resample(recorded, SAMPLE_RATE, NETWORK_SAMPLE_RATE)


def spectrogram_batches(
    clips: Sequence[ListedClip], statistics: tuple[np.ndarray, np.ndarray], size: int
) -> Iterator[np.ndarray]:
    """Yield normalised spectrograms of `size` clips at a time, (size, 500, 257) float32.

    A window of zeros stays zeros before it is normalised, with a warning that names the file.

    Parameters
    ----------
    statistics : the student's own, which it takes along wherever it is applied.

    Raises
    ------
    InputError : a clip is bad; see `read_listed`.
    """
    with tqdm(total=len(clips), desc="hear clips", unit="clip") as progress:
        for first in range(0, len(clips), size):
            batch = clips[first : first + size]
            waveforms = (scale_waveform(read_listed(clip), clip.file) for clip in batch)
            yield np.stack([normalise(spectrogram(each), *statistics) for each in waveforms])
            progress.update(len(batch))
