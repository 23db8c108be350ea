"""External recordings as input for students: windows of five seconds."""

from collections.abc import Iterator, Sequence

import numpy as np
from tqdm import tqdm

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.networks.registry import STUDENT_SECONDS
from avdistill.records.audio import (
    NETWORK_SAMPLE_RATE,
    cut_window,
    resample,
    scale_waveform,
    sounding_seconds,
)
from avdistill.transfer.clip_lists import Clip, read_clip

_CLIPS_AT_ONCE = 32  # changes results only by rounding


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
    InputError : a clip cannot be read; see `avdistill.transfer.clip_lists.read_clip`.
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
