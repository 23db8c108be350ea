"""From recorded samples to a network's input, as the released code computes it.

NumPy and soxr only, so that training, statistics, prediction and transfer share one path.
"""

import math
import warnings
from typing import Literal, NamedTuple

import numpy as np
import scipy.fft

from avdistill.avia.vocabulary import SAMPLE_RATE

NETWORK_SAMPLE_RATE = 22_050  # Hz, SoundNet's
LARGEST_MAGNITUDE = 256.0  # of a scaled waveform, SoundNet's convention
FRAME_LENGTH = 440  # samples of a spectrogram's frame, 20 ms
FRAME_STEP = 220
FFT_LENGTH = 512
SPECTRA_PER_SECOND = 100  # frames of a spectrogram
NUM_BINS = FFT_LENGTH // 2 + 1
# The first bin above the sensor's Nyquist frequency, 6,144 Hz: 143 of 257.
FIRST_NOISE_BIN = SAMPLE_RATE * FFT_LENGTH // (2 * NETWORK_SAMPLE_RATE) + 1

# Periodic, as tf.signal's; SciPy's and NumPy's plain Hann windows are symmetric.
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME_LENGTH) / FRAME_LENGTH)).astype(np.float32)


NoiseBins = Literal["keep", "zero"]


class Statistics(NamedTuple):
    """What spectrograms are normalised with.

    Attributes
    ----------
    minimum, maximum : of each bin over a scope's training spectrograms, (257,) float32 each.
    noise_bins : what becomes of the bins above the sensor's Nyquist frequency. Nothing was recorded
        there, so that they hold rounding errors of resampler and FFT, some -150 dB, which the
        normalisation of each bin by itself stretches to [0, 1]. `keep` leaves them so, which is the
        paper's behaviour; `zero` sets them to 0, which makes spectrograms the same on every
        machine.
    """

    minimum: np.ndarray
    maximum: np.ndarray
    noise_bins: NoiseBins = "keep"


class SilentCropWarning(UserWarning):
    """A crop holds nothing but zeros, so it cannot be scaled and stays zeros."""


def resample(signal: np.ndarray, from_rate: int, to_rate: int) -> np.ndarray:
    """Resample a signal with soxr's high quality filter.

    Parameters
    ----------
    signal : (num_samples,) any real type, any unit.
    from_rate, to_rate : Hz.

    Returns
    -------
    (ceil(num_samples * to_rate / from_rate),) float32, in the signal's unit.
    """
    import soxr  # noqa: PLC0415, only audio needs it

    signal = np.asarray(signal, dtype=np.float32)
    if from_rate == to_rate:
        return signal
    length = math.ceil(len(signal) * to_rate / from_rate)
    resampled = soxr.resample(signal, from_rate, to_rate, quality="HQ")[:length]
    return np.pad(resampled, (0, length - len(resampled)))


def sounding_seconds(recorded: np.ndarray, rate: int) -> np.ndarray:
    """Return for each second whether anything but zeros was recorded in it.

    Parameters
    ----------
    recorded, rate : (num_samples,) of any real type, and Hz, before any resampling.

    Returns
    -------
    (ceil(num_samples / rate),) bool.
    """
    return np.logical_or.reduceat(recorded != 0, np.arange(0, len(recorded), rate))


def cut_window(signal: np.ndarray, sounding: np.ndarray, start: int, seconds: int) -> np.ndarray:
    """Cut a window out of a resampled signal.

    The resampler's filter rings from one second into the next. A window in which nothing was
    recorded stays silent all the same.

    Parameters
    ----------
    signal : (num_samples,) float32 at 22,050 Hz.
    sounding : from `sounding_seconds`, of the signal before resampling.
    start, seconds : second that the window begins at, and its length.

    Returns
    -------
    (22050 * seconds,) float32, or as much of it as the signal has.
    """
    window = signal[start * NETWORK_SAMPLE_RATE : (start + seconds) * NETWORK_SAMPLE_RATE]
    return window if sounding[start : start + seconds].any() else np.zeros_like(window)


def scale_waveform(crop: np.ndarray, name: str = "crop") -> np.ndarray:
    """Scale a crop so that its largest magnitude is 256; zeros stay zeros, with a warning.

    Parameters
    ----------
    crop : (num_samples,) float32, cut from a resampled signal.
    name : of the crop, for the warning.

    Returns
    -------
    (num_samples,) float32, dimensionless, within ±256.
    """
    largest = np.abs(crop).max(initial=0)
    if largest == 0:
        warnings.warn(f"{name}: silent, stays zeros", SilentCropWarning, stacklevel=2)
        return np.zeros(len(crop), np.float32)
    # Two steps: 256 / largest overflows when a resampler's ringing is all that is left.
    return (crop / largest * LARGEST_MAGNITUDE).astype(np.float32)


def spectrogram(waveform: np.ndarray) -> np.ndarray:
    """Magnitude of the short-time Fourier transform, 100 frames a second.

    As `tf.signal.stft` with Hann window, frame 440, step 220, FFT 512. In less than 5 s the last
    frame of all is not whole (440 + 99 * 220 > 22,050): zeros complete it.

    Parameters
    ----------
    waveform : (num_samples,) float32 at 22,050 Hz, scaled to ±256.

    Returns
    -------
    (floor(100 * num_samples / 22050), 257) float32, from 0 to 22,050 / 2 Hz.
    """
    num_frames = len(waveform) * SPECTRA_PER_SECOND // NETWORK_SAMPLE_RATE
    needed = max(FRAME_LENGTH, (num_frames - 1) * FRAME_STEP + FRAME_LENGTH)
    padded = np.pad(waveform, (0, max(0, needed - len(waveform))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME_LENGTH)[::FRAME_STEP]
    spectrum = scipy.fft.rfft(frames[:num_frames] * _HANN, n=FFT_LENGTH, axis=-1)
    return np.abs(spectrum).astype(np.float32, copy=False)


def normalise(spectrogram: np.ndarray, statistics: Statistics) -> np.ndarray:
    """Min-max normalise per bin: (x - minimum) / (maximum - minimum).

    Parameters
    ----------
    spectrogram : (..., 257) float32.
    statistics : from `avdistill.records.statistics`.

    Returns
    -------
    (..., 257) float32, in [0, 1] on the data the statistics are from. Where a bin's bounds are
    equal it divides by 1; the released code divides by 0. Bins of noise are 0 if they are to be.
    """
    minimum, maximum = (np.asarray(bound, np.float32) for bound in statistics[:2])
    extent = np.where(maximum > minimum, maximum - minimum, np.float32(1))
    normalised = (spectrogram - minimum) / extent
    if statistics.noise_bins == "zero":
        normalised[..., FIRST_NOISE_BIN:] = 0
    return normalised
