"""Crackle: peanut breaking, paper ripping, plastic crumpling, paper shaking.

Crackling noise is many small sudden events whose energies follow a power law (Sethna, Dahmen and
Myers 2001; measured on crumpled sheets by Houle and Sethna 1996). Each event rings the piece of
material around it for about a millisecond. The four differ in how many events there are, how they
gather in time, and which frequencies the material favours; crumpled plastic and shaken paper
differ little, as sheets do.
"""

import numpy as np

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.simulation.sounds.resonance import (
    coloured_noise,
    impulses,
    resonate,
    smooth_noise,
)
from avdistill.simulation.subjects import Subject


def _grains(
    rng: np.random.Generator,
    activity: np.ndarray,
    rate: float,
    *,
    low: float,
    high: float,
    decay: float,
    exponent: float,
) -> np.ndarray:
    """Make crackle: Poisson events, `rate` a second times `activity`, with power-law amplitudes.

    Parameters
    ----------
    activity : (samples,) not negative; 1 where the full rate applies.
    low, high : Hz, the band in which the pieces of material resonate.
    decay : seconds.
    exponent : of the amplitudes' density; amplitudes reach from 1 to 60.
    """
    kinds, samples = 10, len(activity)
    signal = np.zeros(samples)
    chances = np.clip(activity, 0, None) * (rate / kinds / SAMPLE_RATE)
    for pitch in np.minimum(np.geomspace(low, high, kinds) * rng.uniform(0.93, 1.07, kinds), 5800):
        places = np.flatnonzero(rng.random(samples) < chances)
        # Inverse of the cumulative distribution of a power law between 1 and 60.
        shares = rng.random(len(places)) * (1 - 60 ** (1 - exponent))
        sizes = (1 - shares) ** (1 / (1 - exponent))
        sizes *= rng.choice([-1.0, 1.0], len(places)) * np.sqrt(activity[places])
        pulses = impulses(samples, places / SAMPLE_RATE, sizes)
        signal += resonate(pulses, pitch, decay * rng.uniform(0.7, 1.4))
    return signal


def _strokes(
    samples: int, onsets: np.ndarray, durations: np.ndarray, peak: float = 0.4
) -> np.ndarray:
    """Return activity, (samples,), that rises and falls once per onset.

    It is highest when the share `peak` of the duration in seconds has passed.
    """
    activity = np.zeros(samples)
    for onset, duration in zip(onsets, durations, strict=True):
        start, length = round(onset * SAMPLE_RATE), max(2, round(duration * SAMPLE_RATE))
        stroke = np.interp(np.arange(length) / length, [0, peak, 1], [0, 1, 0]) ** 1.5
        activity[start : start + length] += stroke[: max(0, samples - start)]
    return activity


def peanut_breaking(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Break a shell every 0.7 s or so: one crack and a cascade of smaller ones, all feeble."""
    cascade = _strokes(samples, onsets, rng.uniform(0.05, 0.16, len(onsets)), peak=0.05)
    cascade += 0.015 * np.abs(smooth_noise(rng, samples, 3))  # fingers on the shell
    signal = _grains(
        rng,
        cascade,
        420,
        low=1100 / subject.size,
        high=4500,
        decay=0.0012 / subject.damping,
        exponent=1.7,
    )
    crack = impulses(samples, onsets, 70 * rng.lognormal(0, 0.3, len(onsets)))
    pitches, decay = rng.uniform(1200, 3800, 3) / subject.size, 0.0016 / subject.damping
    return sum((resonate(crack, pitch, decay) for pitch in pitches), start=signal)


def paper_ripping(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Tear fibres by the thousand in strokes of about half a second."""
    tearing = _strokes(
        samples, onsets, rng.uniform(0.35, 0.6, len(onsets)) / subject.tempo, peak=0.6
    )
    tearing *= np.exp(0.35 * smooth_noise(rng, samples, 40))  # stick and slip
    return _grains(
        rng, tearing, 5200, low=900 / subject.size, high=5600, decay=0.0006, exponent=2.6
    )


def plastic_crumpling(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Snap creases between hands that squeeze about twice a second and never quite rest."""
    squeeze = 0.12 + _strokes(samples, onsets, rng.uniform(0.3, 0.6, len(onsets)))
    squeeze *= np.exp(0.5 * smooth_noise(rng, samples, 12))
    return _grains(
        rng,
        squeeze,
        420,
        low=1500 * (0.8 + 0.4 * subject.hardness),
        high=5700,
        decay=0.0016 / subject.damping,
        exponent=1.6,
    )


def paper_shaking(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Swing a sheet that buckles at every turn, four or five times a second, and rustles."""
    turns = 0.08 + _strokes(samples, onsets, rng.uniform(0.1, 0.2, len(onsets)), peak=0.3)
    turns *= np.exp(0.4 * smooth_noise(rng, samples, 12))
    signal = _grains(
        rng,
        turns,
        520,
        low=1200 * (0.8 + 0.4 * subject.hardness),
        high=5500,
        decay=0.0014 / subject.damping,
        exponent=1.8,
    )
    flutter = turns * coloured_noise(rng, samples, 150 / subject.size, 700)
    return signal + 0.25 * signal.std() / flutter.std() * flutter
