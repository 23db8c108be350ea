"""Every action's sound by name, with its rhythm and its level.

The levels, like all parameters of the sounds, were fixed once, from physics, from everyday sound
level measurements and from the paper's qualitative description (some sounds are feeble, some pairs
alike). They are never tuned on what a network makes of them.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.errors import InputError
from avdistill.simulation.sounds import crackle, strikes, voice
from avdistill.simulation.sounds.resonance import Performance, at_level, pause, rhythm
from avdistill.simulation.subjects import Subject


class Action(NamedTuple):
    """How an action is repeated, and how each repetition sounds.

    Attributes
    ----------
    synthesis : from random generator, subject, number of samples and onsets, (events,) seconds,
        to the sound, (samples,) float64 of any scale.
    level : fast maximum (125 ms) at 1 m in dB SPL, for a subject of usual strength.
    period : seconds between two repetitions, for a subject of usual tempo.
    irregularity : of the rhythm, as a factor on the subject's own.
    fixed_irregularity : is added to that.
    rests : changes the onsets that a steady rhythm gives.
    """

    synthesis: Callable[[np.random.Generator, Subject, int, np.ndarray], np.ndarray]
    level: float
    period: float
    irregularity: float = 1
    fixed_irregularity: float = 0
    rests: Callable[[np.random.Generator, np.ndarray], np.ndarray] = lambda rng, onsets: onsets


REPERTOIRE: dict[str, Action] = {
    "clapping": Action(strikes.clapping, 78, 0.36),
    "snapping fingers": Action(strikes.snapping_fingers, 66, 0.52),
    "speaking": Action(voice.speaking, 66, 0.2, 0, 0.25, voice.leave_breaths),
    "whistling": Action(voice.whistling, 74, 0.38, 0, 0.25),
    "playing kendama": Action(strikes.playing_kendama, 66, 0.75, 0.5),
    "clicking": Action(strikes.clicking, 50, 0.4, 2),
    "typing": Action(
        strikes.typing, 54, 0.145, 4, 0, partial(pause, chance=0.08, shortest=0.15, longest=0.3)
    ),
    "knocking": Action(
        strikes.knocking, 70, 0.27, 1, 0, partial(pause, chance=0.2, shortest=0.15, longest=0.35)
    ),
    "hammering": Action(strikes.hammering, 82, 0.4),
    "peanut breaking": Action(crackle.peanut_breaking, 48, 0.7),
    "paper ripping": Action(crackle.paper_ripping, 64, 0.78),
    "plastic crumpling": Action(crackle.plastic_crumpling, 62, 0.5, 2),
    "paper shaking": Action(crackle.paper_shaking, 58, 0.22),
    "stick dropping": Action(strikes.stick_dropping, 70, 0.9, 0.5),
}


def synthesise(
    action: str, subject: Subject, seconds: float, rng: np.random.Generator
) -> Performance:
    """Do an action for some seconds; the signal is float64 and of any scale."""
    synthesis, _, period, irregularity, fixed_irregularity, rests = REPERTOIRE[action]
    irregularity = irregularity * subject.irregularity + fixed_irregularity
    onsets = rests(rng, rhythm(rng, seconds, period / subject.tempo, irregularity))
    onsets = onsets[onsets < seconds - 0.01]
    return Performance(synthesis(rng, subject, round(seconds * SAMPLE_RATE), onsets), onsets)


def perform(action: str, subject: Subject, seconds: float, rng: np.random.Generator) -> Performance:
    """Do an action for some seconds, at its level.

    Raises
    ------
    InputError : the action has no synthesis.
    """
    if action not in REPERTOIRE:
        raise InputError(
            f"{action!r} has no synthesised sound; give recordings of it, or choose among "
            + ", ".join(REPERTOIRE)
        )
    signal, onsets = synthesise(action, subject, seconds, rng)
    return Performance(at_level(signal, REPERTOIRE[action].level + subject.strength_db), onsets)
