"""Recordings in place of synthesised actions: a folder with one sub-folder for each class."""

from collections import Counter
from pathlib import Path

import numpy as np
import soundfile
import soxr

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SAMPLE_RATE, SequenceId
from avdistill.errors import InputError
from avdistill.simulation.sounds.resonance import FAST_SAMPLES, Performance, at_level

SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".au", ".caf"})
_SILENCE = 1e-6  # of full scale: below the least step of 16 and of 20 bits
_SHORTEST = 0.02  # s
LEVEL = 68.0  # dB SPL, fast maximum at 1 m: recordings seldom say how loud their sound was


def recording_files(folder: Path, classes: tuple[str, ...]) -> dict[str, list[Path]]:
    """List each class's recordings, in the order of their names.

    Raises
    ------
    InputError : a class has no sub-folder, or that has no file with a suffix of audio.
    """
    files = {}
    for name in classes:
        place = folder / name
        if not place.is_dir():
            raise InputError(f"{place}: no such folder; make one for each class")
        files[name] = sorted(path for path in place.iterdir() if path.suffix.lower() in SUFFIXES)
        if not files[name]:
            raise InputError(
                f"{place}: no recording; put audio files there ({', '.join(sorted(SUFFIXES))})"
            )
    return files


def describe_shared(dataset: DatasetDescription, folder: Path) -> str | None:
    """Return a warning that names the classes with fewer recordings than sequences, or None.

    Several sequences then share a recording, so that the test may hold sounds of the training.
    """
    places = Counter(dataset.classes[sequence.label] for sequence in dataset.sequences())
    few = [
        f"{name} ({len(found)} for {places[name]} sequences)"
        for name, found in recording_files(folder, dataset.classes).items()
        if len(found) < places[name]
    ]
    return f"recordings that several sequences share: {', '.join(few)}" if few else None


def recordings_of(
    sequence: SequenceId, dataset: DatasetDescription, folder: Path, seed: int
) -> list[Path]:
    """Choose a sequence's recordings so that as few sequences as possible share one.

    Where a class has at least as many recordings as sequences, no two sequences share any, and the
    test holds no sound of the training. Where it has fewer, recordings recur.
    """
    name = dataset.classes[sequence.label]
    files = recording_files(folder, (name,))[name]
    order = np.random.default_rng([seed, 0, 0, sequence.action]).permutation(len(files))
    sequences = [other for other in dataset.sequences() if other.action == sequence.action]
    first = sequences.index(sequence) % len(files)
    return [files[index] for index in order[first :: len(sequences)]]


def read_recording(path: Path) -> np.ndarray:
    """Read a sound: average its channels, cut silence off its ends, resample it to 12,288 Hz.

    Returns
    -------
    (samples,) float32, in the file's own scale.

    Raises
    ------
    InputError : the file cannot be read, or holds nothing but silence.
    """
    try:
        signal, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise InputError(f"{path}: not readable as audio ({error}); repair or remove it") from error
    if not len(signal) or not np.isfinite(signal).all():
        raise InputError(f"{path}: empty or with values that are not numbers; remove it")
    signal -= signal.mean(axis=0)  # a constant is no sound
    loud = np.abs(signal).max(axis=1)
    if loud.max() < _SILENCE:
        raise InputError(f"{path}: silent; remove it")
    # Nothing is audible 60 dB below the loudest sample: clips are often padded with zeros.
    inside = np.flatnonzero(loud > 1e-3 * loud.max())
    signal = signal[inside[0] : inside[-1] + 1].mean(axis=1)
    if len(signal) < _SHORTEST * rate:
        raise InputError(f"{path}: less than {1e3 * _SHORTEST:.0f} ms of sound; remove it")
    if np.abs(signal).max() < _SILENCE:
        raise InputError(f"{path}: its channels cancel each other out; remove it")
    return np.asarray(soxr.resample(signal, rate, SAMPLE_RATE, quality="HQ"), np.float32)


def play(paths: list[Path], seconds: float, level: float) -> Performance:
    """Play recordings one after another, and again from the first, for some seconds.

    Parameters
    ----------
    level : dB SPL, fast maximum of each recording at 1 m.
    """
    samples = round(seconds * SAMPLE_RATE)
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < samples:
        parts.append(at_level(read_recording(paths[len(parts) % len(paths)]), level))
    signal = np.concatenate(parts)[:samples]
    return Performance(signal, sound_onsets(signal))


def sound_onsets(signal: np.ndarray) -> np.ndarray:
    """Return when a sound swells by 6 dB within 125 ms to near its loudest: (events,) seconds."""
    whole = signal[: len(signal) // FAST_SAMPLES * FAST_SAMPLES]
    power = np.square(whole).reshape(-1, FAST_SAMPLES).mean(axis=1)
    swells = (power > 4 * np.append(0.0, power[:-1])) & (power > 0.05 * power.max(initial=0))
    return np.flatnonzero(swells) * FAST_SAMPLES / SAMPLE_RATE
