"""The mouth: speaking and whistling.

Speech is a source and a filter (Fant 1960): pulses of the glottis at a gliding pitch, or the
noise of a narrow passage, shaped by the resonances of the vocal tract, which move from vowel to
vowel (their frequencies after Peterson and Barney 1952). A whistle is one gliding tone over a
little breath.
"""

import numpy as np

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.simulation.sounds.resonance import (
    band_gain,
    coloured_noise,
    control_frames,
    shape,
    smooth_noise,
)
from avdistill.simulation.subjects import Subject

# Formants in Hz of the vowels of beat, bit, bet, bat, father, bought, put, boot, but; the fourth
# changes little.
VOWELS = np.array([
    [270, 2290, 3010, 3500], [390, 1990, 2550, 3500], [530, 1840, 2480, 3500],
    [660, 1720, 2410, 3500], [730, 1090, 2440, 3500], [570, 840, 2410, 3500],
    [440, 1020, 2240, 3500], [300, 870, 2240, 3500], [640, 1190, 2390, 3500],
])  # fmt: skip


def _vocal_tract(frequencies: np.ndarray, formants: np.ndarray) -> np.ndarray:
    """Return the gain of resonances in cascade, (frames, bins), for formants (frames, 4) in Hz."""
    centres, widths = formants.T[:, :, None], np.array([60.0, 90.0, 150.0, 250.0])[:, None, None]
    beside = (centres**2 - frequencies**2) ** 2 + (widths * np.maximum(frequencies, 1)) ** 2
    return (centres**2 / np.sqrt(beside)).prod(axis=0)


def leave_breaths(rng: np.random.Generator, onsets: np.ndarray) -> np.ndarray:
    """Leave out some syllables, but not the first, for breaths: (events,) seconds."""
    return onsets[(rng.random(len(onsets)) > 0.14) | (np.arange(len(onsets)) == 0)]


def speaking(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Speak four or five syllables a second in phrases, with short breaths between them."""
    times, frequencies = control_frames(samples)
    lengths = np.minimum(np.append(onsets[1:], samples / SAMPLE_RATE) - onsets, 0.32)

    vowels = VOWELS[rng.integers(len(VOWELS), size=len(onsets))] / subject.vocal_tract
    formants = np.column_stack(
        [np.interp(times, onsets + 0.5 * lengths, column) for column in vowels.T]
    )

    # Each syllable: a consonant (noise, or silence before a stop), then the vowel's swell.
    voiced, hiss, sharpness = np.zeros((3, len(times)))
    stress = rng.lognormal(0, 0.3, len(onsets))
    for onset, length, loud in zip(onsets, lengths, stress, strict=True):
        phase = (times - onset) / length
        begin = rng.uniform(0.1, 0.35)
        voiced += loud * np.interp(phase, [begin, begin + 0.15, 0.75, 1.0], [0, 1, 0.8, 0])
        if rng.random() < 0.6:
            noisy = np.interp(phase, [0, 0.04, begin, begin + 0.08], [0, 1, 0.7, 0])
            hiss += rng.uniform(0.3, 1) * noisy
            sharpness += np.where(noisy > 0, rng.uniform(1500, 4500), 0)
    pitch = subject.voice_hz * np.exp(0.12 * smooth_noise(rng, samples, 2.5))
    pulses = np.diff(np.floor(np.cumsum(pitch) / SAMPLE_RATE), prepend=0.0) - pitch / SAMPLE_RATE
    tilt = 1 / (1 + (frequencies / 500) ** 2) ** 0.5  # glottis -12 dB, lips +6 dB an octave
    signal = shape(pulses, _vocal_tract(frequencies, formants) * tilt * voiced[:, None])
    passage = band_gain(frequencies, np.maximum(sharpness, 1500)[:, None], 5500, 3)
    noise = shape(rng.standard_normal(samples), passage * hiss[:, None])
    return signal + 0.14 * signal.std() / max(noise.std(), 1e-12) * noise


def whistling(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Whistle a tune of gliding tones, two or three notes a second."""
    clock = np.arange(samples) / SAMPLE_RATE
    steps = np.clip(np.cumsum(rng.integers(-4, 5, len(onsets))), -7, 7)  # semitones
    notes = subject.whistle_hz * 2 ** (steps / 12)
    knots = np.column_stack((onsets, onsets + rng.uniform(0.05, 0.12))).reshape(-1)
    pitch = np.interp(clock, knots, np.column_stack((np.roll(notes, 1), notes)).reshape(-1))
    pitch *= 1 + 0.008 * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * clock)  # vibrato
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    swell = np.exp(0.2 * smooth_noise(rng, samples, 6))
    for onset in onsets:
        swell *= 1 - rng.uniform(0.3, 0.9) * np.exp(-(((clock - onset) / 0.025) ** 2))
    breath = coloured_noise(rng, samples, 800, 4000)
    return swell * (np.sin(phase) + 0.06 * np.sin(2 * phase) + 0.03 / breath.std() * breath)
