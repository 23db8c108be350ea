"""Every action's sound by name, with its level.

The levels, like all parameters of the sounds, were fixed once, from physics, from everyday sound
level measurements and from the paper's qualitative description (some sounds are feeble, some pairs
alike). They are never tuned on what a network makes of them.
"""

from collections.abc import Callable

import numpy as np

from avdistill.errors import InputError
from avdistill.simulation.sounds import bursts, crackle, impacts, voice
from avdistill.simulation.sounds.resonance import Performance, at_level
from avdistill.simulation.subjects import Subject

Synthesis = Callable[[np.random.Generator, Subject, float], Performance]

# Fast maximum (125 ms) in dB SPL at 1 m, for a subject of usual strength.
REPERTOIRE: dict[str, tuple[Synthesis, float]] = {
    "clapping": (bursts.clapping, 78),
    "snapping fingers": (bursts.snapping_fingers, 66),
    "speaking": (voice.speaking, 66),
    "whistling": (voice.whistling, 74),
    "playing kendama": (impacts.playing_kendama, 66),
    "clicking": (bursts.clicking, 50),
    "typing": (bursts.typing, 54),
    "knocking": (impacts.knocking, 70),
    "hammering": (impacts.hammering, 82),
    "peanut breaking": (crackle.peanut_breaking, 48),
    "paper ripping": (crackle.paper_ripping, 64),
    "plastic crumpling": (crackle.plastic_crumpling, 62),
    "paper shaking": (crackle.paper_shaking, 58),
    "stick dropping": (impacts.stick_dropping, 70),
}


def perform(action: str, subject: Subject, seconds: float, rng: np.random.Generator) -> Performance:
    """Do an action for some seconds.

    Raises
    ------
    InputError : the action has no synthesis.
    """
    if action not in REPERTOIRE:
        raise InputError(
            f"{action!r} has no synthesised sound; give recordings of it, or choose among "
            + ", ".join(REPERTOIRE)
        )
    synthesis, level = REPERTOIRE[action]
    signal, onsets = synthesis(rng, subject, seconds)
    return Performance(at_level(signal, level + subject.strength_db), onsets)
