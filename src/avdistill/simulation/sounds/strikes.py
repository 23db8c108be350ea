"""Strikes: hands, buttons, struck wood.

A clap is air driven out between two palms: noise for a few milliseconds through the resonance of
the hollow that they form (some 500 to 1300 Hz, depending on how the hands meet). A snap is one
finger landing on the palm: a smaller hollow. Mouse button and key are the same thing at different
rates: a dome snaps, the cap hits its stop, and both come back a little weaker on release.

Wood is modal synthesis: a force pulse excites modes that decay exponentially. A panel has many low,
strongly damped modes; a ball a few high ones; a stick those of a free bar. What differs between
knocking and hammering on the same panel is the striker: flesh over bone for 1 to 2 ms at a few
blows a second, or steel for half a millisecond, a little slower, with the ring of its head. Wood
on wood touches for some 0.2 to 0.6 ms, the smaller and harder the shorter (Hertz).
"""

from functools import partial

import numpy as np

from avdistill.simulation.sounds.resonance import (
    contact,
    fading,
    impulses,
    resonate,
    struck,
)
from avdistill.simulation.subjects import Subject

HIGHEST = 5600.0  # Hz, of any mode: the rest is too near half the sampling rate
FREE_BAR = np.array([1.0, 2.756, 5.404, 8.933])  # frequency ratios of a free bar in bending


def _puffs(
    rng: np.random.Generator,
    subject: Subject,
    samples: int,
    onsets: np.ndarray,
    *,
    middle: float,
    ratios: tuple[float, ...],
    quality: float,
    burst: float,
) -> np.ndarray:
    """Make noise bursts of `burst` seconds and filter them by hollows, whose mix each event draws.

    Parameters
    ----------
    middle : Hz, the resonance of a hollow between usual hands.
    ratios : resonances of all hollows relative to that.
    quality : factor of every resonance.

    Returns
    -------
    (samples,) float64.
    """
    noise = rng.standard_normal(samples)
    strengths = rng.lognormal(0, 0.2, len(onsets))
    signal = 0.08 * fading(impulses(samples, onsets, strengths), burst) * noise
    for hollow in middle / subject.size * (0.8 + 0.4 * subject.hardness) * np.array(ratios):
        hits = impulses(samples, onsets, strengths * rng.dirichlet([1.0, 1.0], len(onsets))[:, 0])
        puff = fading(hits, burst) * noise + hits * 3  # the palms' own impact
        signal += resonate(puff, hollow, quality / (np.pi * hollow))
    return signal


# Strikes palms together two to four times a second.
clapping = partial(_puffs, middle=800, ratios=(0.75, 1.0, 1.35, 2.2), quality=2.5, burst=0.004)


def snapping_fingers(
    rng: np.random.Generator, subject: Subject, samples: int, onsets: np.ndarray
) -> np.ndarray:
    """Throw a finger on the palm about twice a second, after a short faint rub."""
    snap = _puffs(
        rng, subject, samples, onsets, middle=1700, ratios=(0.8, 1.0, 1.6), quality=4, burst=0.0015
    )
    slip = fading(impulses(samples, onsets - 0.02, 1.0), 0.008) * rng.standard_normal(samples)
    return snap + 0.02 * slip


def _presses(
    rng: np.random.Generator,
    subject: Subject,
    samples: int,
    onsets: np.ndarray,
    *,
    hold: float,
    case_hz: float,
    case_gain: float,
) -> np.ndarray:
    """Press buttons in a plastic case at `onsets` and release them `hold` seconds later."""
    times = np.concatenate((onsets, onsets + hold * rng.uniform(0.7, 1.3, len(onsets))))
    strengths = np.repeat([1.0, 0.6], len(onsets)) * rng.lognormal(0, 0.25, len(times))
    dome = 2300 / subject.size * (0.8 + 0.5 * subject.hardness)
    snap = struck(
        rng,
        samples,
        times,
        strengths,
        frequencies=np.minimum(dome * np.array([1.0, 1.37, 1.8, 2.3]), 5700),
        decays=0.0025 / subject.damping * np.array([1.2, 1.0, 0.8, 0.7]),
        gains=np.array([1.0, 0.9, 0.7, 0.5]),
        contact_seconds=0.0003,
    )
    case = struck(
        rng,
        samples,
        times,
        strengths,
        frequencies=case_hz / subject.size * np.array([1.0, 1.7, 2.6]),
        decays=0.009 / subject.damping * np.array([1.0, 0.8, 0.6]),
        gains=case_gain * np.array([1.0, 0.8, 0.6]),
        contact_seconds=0.0015,
    )
    noise = fading(impulses(samples, times, strengths), 0.0012) * rng.standard_normal(samples)
    return snap + case + 0.25 * contact(noise, 0.0002)


# Uses a mouse button, pairs of press and release two or three times a second.
clicking = partial(_presses, hold=0.09, case_hz=900, case_gain=0.35)
# Presses keys, five to nine a second in uneven runs, on a keyboard that lies on a table.
typing = partial(_presses, hold=0.08, case_hz=420, case_gain=0.8)


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
    return times.ravel(), (powers * rng.lognormal(0, 0.25, times.shape)).ravel()


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
    return stick + 0.5 * struck(
        rng, samples, *blows, contact_seconds=0.0012, **_panel(rng, subject, 160)
    )
