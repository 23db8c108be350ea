"""Sounds beside the action's: machines in the office, birds and cars around the terrace."""

import numpy as np

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.simulation.sounds.resonance import (
    coloured_noise,
    impulses,
    resonate,
    rhythm,
    smooth_noise,
)


def machine(rng: np.random.Generator, seconds: float) -> np.ndarray:
    """Run a fan: blade tones over the broad noise of its stream, sometimes a ticking mechanism."""
    samples = round(seconds * SAMPLE_RATE)
    clock = np.arange(samples) / SAMPLE_RATE
    signal = coloured_noise(rng, samples, 80, rng.uniform(600, 1500), 1)
    signal /= signal.std()
    blades = rng.uniform(90, 260)
    for harmonic in range(1, 7):
        phase = 2 * np.pi * (blades * harmonic * clock + rng.random())
        signal += rng.uniform(0.1, 0.6) / harmonic * np.sin(phase)
    if rng.random() < 0.4:  # a printer or a copier at work
        ticks = impulses(samples, rhythm(rng, seconds, rng.uniform(0.12, 0.5), 0.02), 1.0)
        signal += rng.uniform(2, 5) * resonate(ticks, rng.uniform(500, 2500), 0.006)
    return signal


def bird(rng: np.random.Generator, seconds: float) -> np.ndarray:
    """Sing calls of a few gliding chirps between 2 and 5.5 kHz, every second or two."""
    samples = round(seconds * SAMPLE_RATE)
    signal = np.zeros(samples)
    low, high = np.sort(rng.uniform(2000, 5500, 2))
    for call in rhythm(rng, seconds, rng.uniform(0.8, 2.0), 0.3):
        length, gap = rng.uniform(0.05, 0.15), rng.uniform(0.02, 0.08)
        for chirp in range(rng.integers(2, 6)):
            start = round((call + chirp * (length + gap)) * SAMPLE_RATE)
            clock = np.arange(round(length * SAMPLE_RATE)) / (length * SAMPLE_RATE)
            phase = 2 * np.pi * length * (high * clock + (low - high) * clock**2 / 2)
            note = (np.sin(np.pi * clock) * np.sin(phase))[: max(0, samples - start)]
            signal[start : start + len(note)] += note
    return signal


def car(rng: np.random.Generator, seconds: float) -> np.ndarray:
    """Pass by in a car: tyres on the road and an engine's low tones, for some seconds."""
    samples = round(seconds * SAMPLE_RATE)
    clock = np.arange(samples) / SAMPLE_RATE
    moment, speed = rng.uniform(0, seconds), rng.uniform(0.4, 0.9)
    passing = 1 / np.sqrt(1 + ((clock - moment) * speed) ** 2)
    tyres = coloured_noise(rng, samples, 150, 1100, 1)
    tyres *= np.exp(0.1 * smooth_noise(rng, samples, 8)) / tyres.std()
    firing = np.cumsum(rng.uniform(55, 95) * (1 + 0.03 * smooth_noise(rng, samples, 1)))
    engine = sum(np.sin(2 * np.pi * k * firing / SAMPLE_RATE) / k for k in range(1, 5))
    return passing * (tyres + 0.5 * engine)
