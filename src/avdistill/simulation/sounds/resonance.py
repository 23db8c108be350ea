"""Building blocks of all sounds: rhythms, resonators, forces, coloured noise, levels."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import lfilter

from avdistill.avia.vocabulary import SAMPLE_RATE

REFERENCE_PRESSURE = 2e-5  # Pa, 0 dB SPL
FAST_SAMPLES = SAMPLE_RATE // 8  # a sound level meter's "fast" time weighting: 125 ms
_BLOCK = 256  # samples; 21 ms, within which a sound's spectrum is taken as constant


class Performance(NamedTuple):
    """One action done for a whole sequence.

    Attributes
    ----------
    signal : (samples,) float32, pressure at 1 m in pascals.
    onsets : (events,) float64, seconds, when strikes, strokes or syllables begin.
    """

    signal: np.ndarray
    onsets: np.ndarray


def rhythm(
    rng: np.random.Generator, seconds: float, period: float, irregularity: float
) -> np.ndarray:
    """Draw the times of a repeated act, (events,) seconds, the first within half a period.

    The time between two acts is normal with standard deviation `irregularity` * `period`, and
    never less than 40 % of the period.
    """
    count = int(np.ceil(seconds / period * 2.5)) + 1
    gaps = period * np.maximum(0.4, 1 + irregularity * rng.standard_normal(count))
    times = rng.uniform(0.05, 0.5) * period + np.concatenate(([0.0], np.cumsum(gaps)))
    return times[times < seconds - 0.01]


def pause(
    rng: np.random.Generator, onsets: np.ndarray, chance: float, shortest: float, longest: float
) -> np.ndarray:
    """Delay what follows some onsets: (events,) seconds.

    Parameters
    ----------
    chance : of a pause before an onset.
    shortest, longest : bounds in seconds of the length that all pauses share.
    """
    return onsets + np.cumsum(rng.random(len(onsets)) < chance) * rng.uniform(shortest, longest)


def impulses(samples: int, times: ArrayLike, strengths: ArrayLike) -> np.ndarray:
    """Place pulses of some strengths at the nearest samples; (samples,) float64."""
    positions = np.rint(np.asarray(times) * SAMPLE_RATE).astype(int)
    inside = (positions >= 0) & (positions < samples)
    strengths = np.broadcast_to(strengths, positions.shape)[inside]
    return np.bincount(positions[inside], strengths, minlength=samples)


def resonate(excitation: np.ndarray, frequency: float, decay: float) -> np.ndarray:
    """Excite one mode, whose response is exp(-t / decay) sin(2π frequency t); in Hz and s."""
    radius = np.exp(-1 / (decay * SAMPLE_RATE))
    angle = 2 * np.pi * frequency / SAMPLE_RATE
    denominator = [1.0, -2 * radius * np.cos(angle), radius**2]
    return lfilter([0.0, radius * np.sin(angle)], denominator, excitation)


def fading(excitation: np.ndarray, decay: float) -> np.ndarray:
    """Return an envelope that jumps with each pulse and falls as exp(-t / decay); decay in s."""
    return lfilter([1.0], [1.0, -np.exp(-1 / (decay * SAMPLE_RATE))], excitation)


def contact(signal: np.ndarray, seconds: float) -> np.ndarray:
    """Smooth a signal by the half-sine force of a contact that lasts some seconds."""
    length = max(1, round(seconds * SAMPLE_RATE))
    force = np.sin(np.pi * (np.arange(length) + 0.5) / length)
    return np.convolve(signal, force / force.sum())[: len(signal)]


def struck(
    rng: np.random.Generator,
    samples: int,
    times: ArrayLike,
    strengths: ArrayLike,
    *,
    frequencies: ArrayLike,
    decays: ArrayLike,
    gains: ArrayLike,
    contact_seconds: float,
) -> np.ndarray:
    """Synthesise the modes of a body that is struck at some times: (samples,) float64.

    Each blow lands elsewhere, so it excites each mode by another part of its gain. The
    change of the striker's own force adds a broad click.
    """
    signal = np.diff(impulses(samples, times, strengths), prepend=0.0)
    for frequency, decay, gain in zip(frequencies, decays, gains, strict=True):
        blows = strengths * (gain * rng.uniform(0.4, 1.0, np.shape(times)))
        signal += resonate(impulses(samples, times, blows), frequency, decay)
    return contact(signal, contact_seconds)


def smooth_noise(rng: np.random.Generator, samples: int, rate: float) -> np.ndarray:
    """Draw a slow curve of `rate` independent values a second; mean 0, deviation about 1."""
    knots = np.arange(-1, samples / SAMPLE_RATE * rate + 2)
    values = rng.standard_normal(len(knots)) * 1.25
    return np.interp(np.arange(samples) * rate / SAMPLE_RATE, knots, values)


def band_gain(frequencies: np.ndarray, low: float, high: float, slope: float = 2) -> np.ndarray:
    """Return the gain of a band from `low` to `high` Hz, 6 * `slope` dB less per octave outside."""
    frequencies = np.maximum(frequencies, 1.0)
    rise, fall = (low / frequencies) ** (2 * slope), (frequencies / high) ** (2 * slope)
    return 1 / np.sqrt((1 + rise) * (1 + fall))


def control_frames(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the times (s) and frequencies (Hz) at which `shape` expects its gains."""
    count = -(-samples // (_BLOCK // 2)) + 1
    times = np.arange(count) * (_BLOCK // 2) / SAMPLE_RATE
    return times, np.fft.rfftfreq(2 * _BLOCK, 1 / SAMPLE_RATE)


def shape(signal: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Filter by gains that change in time: overlap-add of half-overlapping Hann blocks.

    Parameters
    ----------
    signal : (samples,)
    gains : (frames, 257), or (257,) for a constant filter; at `control_frames`' points.

    Returns
    -------
    (samples,) float64
    """
    hop, samples = _BLOCK // 2, len(signal)
    count = -(-samples // hop) + 1
    padded = np.pad(signal, (hop, count * hop - samples))
    window = np.sin(np.pi * (np.arange(_BLOCK) + 0.5) / _BLOCK) ** 2
    blocks = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK)[::hop] * window
    # Gains of zero phase spread a block to both sides, so it lies in the middle of its frame.
    spread = np.fft.rfft(np.pad(blocks, ((0, 0), (hop, hop)))) * gains
    spread = np.fft.irfft(spread, 2 * _BLOCK).reshape(count, 4, hop)
    result = np.zeros((count + 3, hop))
    for part in range(4):
        result[part : part + count] += spread[:, part]
    return result.reshape(-1)[2 * hop : 2 * hop + samples]


def coloured_noise(
    rng: np.random.Generator, samples: int, low: float, high: float, slope: float = 2
) -> np.ndarray:
    """Draw Gaussian noise in a band, see `band_gain`; (samples,) float64."""
    gain = band_gain(np.fft.rfftfreq(samples, 1 / SAMPLE_RATE), low, high, slope)
    return np.fft.irfft(np.fft.rfft(rng.standard_normal(samples)) * gain, samples)


def fast_level(signal: np.ndarray) -> float:
    """Return the level of the loudest 125 ms in dB SPL: a sound level meter's fast maximum."""
    energy = np.concatenate(([0.0], np.cumsum(np.square(signal, dtype=np.float64))))
    span = min(FAST_SAMPLES, len(signal))
    power = np.max(energy[span:] - energy[:-span]) / span
    return float(10 * np.log10(power / REFERENCE_PRESSURE**2))


def at_level(signal: np.ndarray, level: float) -> np.ndarray:
    """Scale a sound so that its fast maximum is `level` dB SPL; float32, pascals."""
    return (signal * 10 ** ((level - fast_level(signal)) / 20)).astype(np.float32)
