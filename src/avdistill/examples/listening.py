"""Predictions for sound files, from nothing but a student's own folder."""

import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
from scipy.special import softmax

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.errors import InputError
from avdistill.files.atomic import read_bytes
from avdistill.records.audio import (
    NETWORK_SAMPLE_RATE,
    cut_window,
    normalise,
    resample,
    scale_waveform,
    sounding_seconds,
    spectrogram,
)
from avdistill.records.sound_files import decode
from avdistill.results.model_folder import statistics_of

SHORTEST_REST = 1.0  # seconds at the end of a file that are worth a window of their own


def read_windows(path: Path, seconds: int) -> list[np.ndarray]:
    """Cut a sound file into the windows that a student is given.

    Channels are averaged; the sound is resampled to the sensor's 12,288 Hz, whatever its rate,
    and on to 22,050 Hz, as recorded data are. Windows are consecutive and do not overlap. What is
    left at the end is extended by starting over from its own first sample, as AVIA's short
    sequences are; less than a second is left out, unless the file holds no more.

    Returns
    -------
    Windows of (22050 * seconds,) float32, in the file's own scale.

    Raises
    ------
    InputError : the file is missing or bad; see `avdistill.records.sound_files`.
    """
    mono, rate = decode(read_bytes(path), path)
    recorded = resample(mono, rate, SAMPLE_RATE)
    signal = resample(recorded, SAMPLE_RATE, NETWORK_SAMPLE_RATE)
    sounding = sounding_seconds(mono, rate)
    starts = range(0, math.ceil(len(signal) / NETWORK_SAMPLE_RATE), seconds)
    windows = [cut_window(signal, sounding, start, seconds) for start in starts]
    if len(windows) > 1 and len(windows[-1]) < SHORTEST_REST * NETWORK_SAMPLE_RATE:
        windows.pop()
    return [np.resize(window, seconds * NETWORK_SAMPLE_RATE) for window in windows]


def predict_files(
    model: keras.Model, description: dict[str, Any], paths: list[Path]
) -> list[tuple[str, int, np.ndarray]]:
    """Let a student judge every window of sound files.

    Parameters
    ----------
    description : the model's, see `avdistill.results.model_folder`; its statistics normalise
        spectrograms.

    Returns
    -------
    Rows of file, start second and probabilities, (num_classes,) float64.

    Raises
    ------
    InputError : the model is no student, or a file is bad (see `read_windows`).
    """
    statistics = statistics_of(description)
    if description["input"] not in ("spectrogram", "waveform"):
        raise InputError(
            f"{description['network']} takes {description['input']} input, which sound files do "
            "not hold; choose a student"
        )
    as_spectrogram = description["input"] == "spectrogram"
    if as_spectrogram and statistics is None:
        raise InputError(
            f"{description['network']}: its description lacks statistics; train it again"
        )
    seconds = description["length_seconds"]
    rows = []
    for path in paths:
        for number, window in enumerate(read_windows(path, seconds)):
            waveform = scale_waveform(window, f"{path}, {seconds} s from {number * seconds} s")
            inputs = normalise(spectrogram(waveform), statistics) if as_spectrogram else waveform
            logits = model.predict_on_batch(inputs[None])[0].astype(np.float64)
            rows.append((str(path), number * seconds, softmax(logits)))
    return rows
