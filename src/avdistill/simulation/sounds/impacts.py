"""Struck wood: knocking, hammering, playing kendama, a dropped stick.

Modal synthesis: a force pulse excites modes that decay exponentially. A panel has many low,
strongly damped modes; a ball a few high ones; a stick those of a free bar. What differs between
knocking and hammering on the same panel is the striker: flesh over bone for 1 to 2 ms at a few
blows a second, or steel for half a millisecond, a little slower, with the ring of its head. Wood
on wood touches for some 0.2 to 0.6 ms, the smaller and harder the shorter (Hertz).
"""

import numpy as np

from avdistill.simulation.sounds.resonance import struck
from avdistill.simulation.subjects import Subject

HIGHEST = 5600.0  # Hz, of any mode: the rest is too near half the sampling rate
FREE_BAR = np.array([1.0, 2.756, 5.404, 8.933])  # frequency ratios of a free bar in bending


def _panel(rng: np.random.Generator, subject: Subject, lowest: float) -> dict[str, np.ndarray]:
    """Draw a wooden panel's modes, from `lowest` Hz up to some kHz, with decays of 10 to 40 ms."""
    frequencies = lowest / subject.size * np.cumprod(rng.uniform(1.1, 1.28, 20))
    gains = rng.uniform(0.5, 1, 20)
    audible = frequencies < HIGHEST
    frequencies, order = frequencies[audible], frequencies[audible] / frequencies[0]
    decays, gains = 0.045 / subject.damping * order**-0.5, gains[audible] * order**-0.5
    return {"frequencies": frequencies, "decays": decays, "gains": gains}


def knocking(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Knock with knuckles on a wooden panel, three to five times a second, with short rests."""
    return struck(
        rng,
        samples,
        onsets,
        rng.lognormal(0, 0.2, len(onsets)),
        contact_seconds=0.0022 - 0.001 * subject.hardness,
        **_panel(rng, subject, 110),
    )


def hammering(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Drive a nail into a wooden panel with a steel hammer, two or three blows a second."""
    strengths, panel = rng.lognormal(0, 0.15, len(onsets)), _panel(rng, subject, 110)
    steel = 0.0007 - 0.0004 * subject.hardness
    blow = struck(rng, samples, onsets, strengths, contact_seconds=steel, **panel)
    return blow + struck(  # the ring of the hammer's head
        rng,
        samples,
        onsets,
        strengths,
        frequencies=rng.uniform(1800, 5400, 4),
        decays=rng.uniform(0.008, 0.03, 4),
        gains=np.full(4, 0.25),
        contact_seconds=steel / 2,
    )


def _bounces(
    rng: np.random.Generator, landings: np.ndarray, first: float, restitution: float, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return times (s) and strengths of landings and of the bounces after each, which weaken."""
    powers = restitution ** np.arange(count)
    gaps = first * np.concatenate(([0.0], np.cumsum(powers[:-1])))
    times = landings[:, None] + gaps * rng.uniform(0.85, 1.15, (len(landings), 1))
    strengths = powers * rng.lognormal(0, 0.25, times.shape)
    return times.reshape(-1), strengths.reshape(-1)


def playing_kendama(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Catch a maple ball with a wooden cup about once a second; it rattles as it settles."""
    blows = _bounces(rng, onsets, rng.uniform(0.07, 0.12), rng.uniform(0.45, 0.6), 5)
    body = rng.uniform(900, 1300) / subject.size
    frequencies = body * np.array([1.0, 1.62, 2.31, 3.05, 3.9]) * rng.uniform(0.95, 1.05, 5)
    return struck(
        rng,
        samples,
        *blows,
        frequencies=np.minimum(frequencies, HIGHEST),
        decays=0.011 / subject.damping * np.array([1.0, 0.8, 0.65, 0.5, 0.4]),
        gains=np.array([1.0, 0.9, 0.7, 0.5, 0.4]),
        contact_seconds=0.0004 - 0.0002 * subject.hardness,
    )


def stick_dropping(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Drop a wooden stick on a hard top about once a second; it clatters from end to end."""
    blows = _bounces(rng, onsets, rng.uniform(0.09, 0.14), rng.uniform(0.6, 0.75), 7)
    bar = rng.uniform(420, 620) / subject.size
    frequencies = np.concatenate((bar * FREE_BAR, bar * FREE_BAR * rng.uniform(1.05, 1.2)))
    frequencies = frequencies[frequencies < HIGHEST]
    stick = struck(
        rng,
        samples,
        *blows,
        frequencies=frequencies,
        decays=0.05 / subject.damping * (frequencies / bar) ** -0.7,
        gains=(frequencies / bar) ** -0.3,
        contact_seconds=0.0006 - 0.0003 * subject.hardness,
    )
    panel = _panel(rng, subject, 160)
    return stick + 0.5 * struck(rng, samples, *blows, contact_seconds=0.0012, **panel)
