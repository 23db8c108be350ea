"""Short bursts: clapping, snapping fingers, clicking, typing.

A clap is air driven out between two palms: noise for a few milliseconds through the resonance of
the hollow that they form (some 500 to 1300 Hz, depending on how the hands meet). A snap is one
finger landing on the palm: a smaller hollow. Mouse button and key are the same thing at different
rates: a dome snaps, the cap hits its stop, and both come back a little weaker on release.
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
