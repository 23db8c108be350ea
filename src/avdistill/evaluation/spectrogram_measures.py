"""Measures of a sequence's spectrogram: how clean, how low and how regular the sound is.

The spectrogram is the students' (`avdistill.records.audio`): 100 frames a second, bins of 43 Hz,
here of the whole sequence and of recorded frequencies only (43 to 6,144 Hz).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.fft
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks
from tqdm import tqdm

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SAMPLE_RATE, SequenceId
from avdistill.errors import InputError
from avdistill.evaluation.tables import Row
from avdistill.files.csv_tables import CsvTable, finite, finite_or_nan, read_frame
from avdistill.records.audio import (
    FFT_LENGTH,
    NETWORK_SAMPLE_RATE,
    SPECTRA_PER_SECOND,
    scale_waveform,
    spectrogram,
)
from avdistill.records.crops import read_waveform

MEASURES = (
    "lit_share",
    "noise_floor_db",
    "tail_db",
    "low_share",
    "events_per_second",
    "median_interval_s",
    "periodicity",
    "periodicity_by_chance",
)
NOT_ALWAYS = (
    "tail_db",
    "low_share",
    "median_interval_s",
)  # None with too few events, or without sound
_COLUMNS = {
    "sequence": str,
    **dict.fromkeys(("scenario", "subject", "action"), int),
    **{name: finite_or_nan if name in NOT_ALWAYS else finite for name in MEASURES},
}
COLUMNS = tuple(_COLUMNS)

_TABLE = CsvTable("table of measures", _COLUMNS, "run measure-spectrograms")

LIT_DB = 40  # below the loudest cell
LOW_HZ = SAMPLE_RATE / 8  # 1,536 Hz, the lowest quarter of what is recorded
_EARLY, _LATE = slice(0, 5), slice(5, 20)  # frames after an event: to 50 ms, and to 200 ms
_ALONE = 25  # frames without another event, before and after
_TAIL_EVENTS = 3  # the fewest events with a measurable tail
_LEAST_APART = 8  # frames between events, 80 ms
_PERIODS = (15, 200)  # frames, 0.15 to 2 s
_SMOOTHING = 4  # frames: events 40 ms off the regular time still count
_PLACEMENTS = 99  # random placements of the same events
_FREQUENCIES = np.fft.rfftfreq(FFT_LENGTH, 1 / NETWORK_SAMPLE_RATE)
_RECORDED = (_FREQUENCIES > 0) & (_FREQUENCIES <= SAMPLE_RATE / 2)


def measure_sequences(records: Path, sequences: Sequence[SequenceId]) -> list[Row]:
    """Measure whole sequences; return a row with `COLUMNS` for each, in their order.

    Raises
    ------
    InputError : as `avdistill.records.crops.read_waveform`.
    """
    rows = []
    for sequence in tqdm(sequences, desc="spectrograms", unit="sequence"):
        waveform, _ = read_waveform(records, sequence.name)
        rows.append(
            {
                "sequence": sequence.name,
                "scenario": sequence.location,
                "subject": sequence.subject,
                "action": sequence.action,
                **measure(waveform),
            }
        )
    return rows


def measure(waveform: np.ndarray) -> Row:
    """Measure one sequence.

    Parameters
    ----------
    waveform : (num_samples,) float32 at 22,050 Hz, not silent.

    Returns
    -------
    Values by name, for each of `MEASURES`; None for what cannot be measured. The function that
    computes a measure explains it.
    """
    magnitude = spectrogram(scale_waveform(waveform))[:, _RECORDED].astype(float)
    power = magnitude**2
    events = find_events(magnitude)
    measured = {
        "lit_share": lit_share(power),
        "noise_floor_db": noise_floor(power),
        "tail_db": event_tail(power, events),
        "low_share": low_share(power),
        "events_per_second": len(events) * SPECTRA_PER_SECOND / len(power),
        "median_interval_s": (
            float(np.median(np.diff(events))) / SPECTRA_PER_SECOND if len(events) > 1 else None
        ),
        "periodicity": periodicity(events[None], len(power))[0],
        "periodicity_by_chance": chance_periodicity(len(events), len(power)),
    }
    return {
        name: None if value is None else round(float(value), 4) + 0.0
        for name, value in measured.items()
    }


def lit_share(power: np.ndarray) -> float:
    """Return the share of the spectrogram's cells within 40 dB of the 99.9th percentile.

    A lower share is cleaner: background noise lights more cells.
    """
    loudest = np.quantile(power, 0.999)
    return float((power > loudest * 10 ** (-LIT_DB / 10)).mean())


def noise_floor(power: np.ndarray) -> float:
    """Return the 10th percentile over time of the frames' level, in dB relative to the 95th."""
    frames = power.sum(axis=1)
    quiet, loud = np.quantile(frames, [0.1, 0.95])
    tiny = frames.max() * 1e-12  # digital silence is 120 dB below the maximum
    return float(10 * np.log10(max(quiet, tiny) / max(loud, tiny)))


def find_events(magnitude: np.ndarray) -> np.ndarray:
    """Find the frames in which a sound starts.

    An event is a peak of the onset envelope: the rise, over two frames, of the square root of the
    magnitude, averaged over bins. It has to be three times the envelope's median and a quarter of
    its 99.5th percentile; events are at least 80 ms apart.

    Parameters
    ----------
    magnitude : (frames, bins).

    Returns
    -------
    (events,) int, the frames of the events.
    """
    compressed = np.sqrt(magnitude)
    rise = np.maximum(compressed[2:] - compressed[:-2], 0).mean(axis=1)
    envelope = np.concatenate([[0, 0], rise, [0]])  # so that the first and last value can be a peak
    height = max(3 * np.median(envelope), np.quantile(envelope, 0.995) / 4, 1e-9)
    return find_peaks(envelope, height=height, distance=_LEAST_APART)[0]


def event_tail(power: np.ndarray, events: np.ndarray) -> float | None:
    """Return the energy from 50 to 200 ms after an event relative to its first 50 ms, in dB.

    This is the median over events. Without its limit of 200 ms it would be the inverse of the
    clarity C50 of room acoustics (ISO 3382-1). Events within 250 ms of another one are left out.
    The energy in the 100 ms before the event is subtracted from both energies, so that steady
    noise is no tail. If nothing is left it counts as -40 dB. None with fewer than three events.
    """
    frames = power.sum(axis=1)
    apart = np.diff(events, prepend=-_ALONE, append=len(frames) + _ALONE) >= _ALONE
    tails = []
    for event in events[apart[:-1] & apart[1:]]:
        start = event + int(np.argmax(frames[event : event + 3]))
        before, sound = frames[max(0, event - 12) : event - 2], frames[start : start + _LATE.stop]
        if not len(before) or len(sound) < _LATE.stop:
            continue
        sound = sound - before.mean()
        early, late = sound[_EARLY].sum(), sound[_LATE].sum()
        if early > 0:
            tails.append(10 * np.log10(max(late / early, 1e-4)))
    return float(np.median(tails)) if len(tails) >= _TAIL_EVENTS else None


def low_share(power: np.ndarray) -> float | None:
    """Return the share of the energy below 1,536 Hz, without each bin's noise floor.

    The floor is the bin's 10th percentile over time. None if no energy is above it.
    """
    above = np.maximum(power - np.quantile(power, 0.1, axis=0), 0).sum(axis=0)
    total = above.sum()
    return float(above[_FREQUENCIES[_RECORDED] < LOW_HZ].sum() / total) if total > 0 else None


def periodicity(events: np.ndarray, num_frames: int) -> np.ndarray:
    """Return the largest peak between 0.15 and 2 s of the autocorrelation of trains of events.

    Each event is a Gaussian with a standard deviation of 40 ms. The mean is subtracted. Products
    are averaged over the overlap, so that long lags are not smaller. Lags go up to half of the
    sequence.

    Parameters
    ----------
    events : (trains, events) int, frames.

    Returns
    -------
    (trains,) about 1 for a metronome, 0 with fewer than three events.
    """
    trains, number = events.shape
    if number < 3:
        return np.zeros(trains)
    train = np.zeros((trains, num_frames))
    np.put_along_axis(train, events, 1, axis=1)
    train = gaussian_filter1d(train, _SMOOTHING, axis=1, mode="constant")
    train -= train.mean(axis=1, keepdims=True)
    spectrum = scipy.fft.rfft(train, n=2 * num_frames, axis=1)
    lags = np.arange(min(_PERIODS[1] + 1, num_frames // 2) + 1)
    correlation = scipy.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, : len(lags)]
    correlation /= correlation[:, :1] * (1 - lags / num_frames)
    inner = correlation[:, 1:-1]
    peak = (inner >= correlation[:, :-2]) & (inner >= correlation[:, 2:])
    wanted = peak & (lags[1:-1] >= _PERIODS[0])
    return np.where(wanted, inner, 0).max(axis=1, initial=0)


def chance_periodicity(number: int, num_frames: int) -> float:
    """Return the periodicity that as many events at random exceed once in twenty times.

    It is estimated from 99 random placements, with events at least as far apart as those of
    `find_events`.
    """
    if number < 3:
        return 0.0
    free = num_frames - (_LEAST_APART - 1) * (number - 1)
    random = np.random.default_rng(0)
    placed = np.stack(
        [random.choice(free, number, replace=False, shuffle=False) for _ in range(_PLACEMENTS)]
    )
    events = np.sort(placed, axis=1) + (_LEAST_APART - 1) * np.arange(number)
    return float(np.quantile(periodicity(events, num_frames), 0.95))


def read_measures(path: Path, dataset: DatasetDescription) -> pd.DataFrame:
    """Read a table of measures: `COLUMNS`, one row per sequence; empty cells become NaN.

    Raises
    ------
    InputError : the file is missing or damaged, has other sequences than the data set, or lacks a
        measure that is not in `NOT_ALWAYS`.
    """
    measures = read_frame(path, _TABLE)
    if list(measures["sequence"]) != [sequence.name for sequence in dataset.sequences()]:
        raise InputError(f"{path}: of other sequences than the data set's; measure these")
    return measures
