"""Where the sources of a sequence are: the action, other sounds, people, the room or the open air.

Where the action's sound comes from is drawn before, and without regard to, which action it is; the
camera's height then follows from where on the body or the table that sound arises, so that the
subject still stands on the floor.

Levels, distances and the room are those of everyday places, fixed once and never tuned on what a
network makes of them: how hard a scenario is follows from these choices and is no finding.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from avdistill.errors import InputError
from avdistill.simulation.array import unproject
from avdistill.simulation.propagation import Room
from avdistill.simulation.sounds import surroundings
from avdistill.simulation.sounds.repertoire import synthesise
from avdistill.simulation.sounds.resonance import REFERENCE_PRESSURE, at_level, band_gain
from avdistill.simulation.subjects import Subject, draw_subject

KINDS = ("anechoic", "office", "terrace")
# The sounds of far sources, between which corners (x, y, z) in metres they are, and dB SPL.
_FAR_SOURCES = {
    "bird": (surroundings.bird, (-6, -5, 6), (6, -0.5, 14), (62, 72)),
    "car": (surroundings.car, (-20, 3, 15), (20, 8, 30), (68, 78)),
}


class Source(NamedTuple):
    """A sound beside the action's.

    Attributes
    ----------
    signal : (samples,) float32, pressure at 1 m in pascals.
    position : (3,) metres, in the array's coordinates.
    """

    signal: np.ndarray
    position: np.ndarray


class Bystander(NamedTuple):
    """Another person in the picture, at (x, z) metres from the camera."""

    person: Subject
    x: float
    z: float


class Scene(NamedTuple):
    """One sequence's surroundings.

    Attributes
    ----------
    kind : one of `KINDS`.
    position : (3,) metres, where the action's sound comes from.
    camera_height : metres above the floor.
    room : the room that reflects, or None in the open and in the anechoic chamber.
    others : further sources.
    ambience : amplitude of diffuse noise at each frequency in Hz, as `diffuse_field` takes it, or
        None where it is quiet.
    bystanders : the other people in the picture.
    """

    kind: str
    position: np.ndarray
    camera_height: float
    room: Room | None
    others: list[Source]
    ambience: Callable[[np.ndarray], np.ndarray] | None
    bystanders: list[Bystander]


def compose_scene(
    kind: str,
    seconds: float,
    *,
    source_height: float,
    room_rng: np.random.Generator,
    rng: np.random.Generator,
) -> Scene:
    """Compose a sequence's scene.

    Parameters
    ----------
    kind : one of `KINDS`.
    seconds : length of the sequence.
    source_height : metres above the floor at which the action's sound arises.
    room_rng : draws what all sequences of a scenario share.
    rng : draws the sequence's own.

    Raises
    ------
    InputError : unknown kind.
    """
    if kind not in KINDS:
        raise InputError(f"unknown kind of scenario {kind!r}; choose among {', '.join(KINDS)}")
    # 2 to 4 m away, well inside the picture
    position = unproject(rng.uniform(150, 490), rng.uniform(170, 330), rng.uniform(2, 4))
    camera_height = source_height + float(position[1])
    if kind == "office":
        return _office(position, camera_height, seconds, room_rng, rng)
    if kind == "terrace":
        return _terrace(position, camera_height, seconds, rng)
    return Scene(kind, position, camera_height, None, [], None, [])


def _office(
    position: np.ndarray,
    camera_height: float,
    seconds: float,
    room_rng: np.random.Generator,
    rng: np.random.Generator,
) -> Scene:
    """Draw an office: reverberation of about 0.4 s; two or three talkers and machines."""
    width, depth = room_rng.uniform(11, 13), room_rng.uniform(10.5, 12)
    room = Room(
        dimensions=(float(width), float(depth), 3.2),
        array_position=(float(width / 2 + rng.uniform(-0.8, 0.8)), 2.0, camera_height),
        heading=0.0,
        # plaster, windows, shelves; carpet; acoustic ceiling
        absorption=(*map(float, room_rng.uniform(0.2, 0.35, 4)), 0.3, 0.6),
    )
    others, bystanders = [], []
    for talks in [True, False, bool(rng.random() < 0.5)][: rng.integers(2, 4)]:
        x, z = rng.uniform(-3.8, 3.8), rng.uniform(4.8, 7.2)
        person = Bystander(draw_subject(rng), float(x), float(z))
        if talks:
            others.append(_speech(person, camera_height, seconds, rng))
            bystanders.append(person)
        else:
            noise = at_level(surroundings.machine(rng, seconds), rng.uniform(42, 50))
            others.append(Source(noise, np.array([x, camera_height - 0.8, z])))
    for _ in range(rng.integers(0, 3)):  # people who work in silence
        x, z = rng.uniform(-4, 4), rng.uniform(5, 7.5)
        bystanders.append(Bystander(draw_subject(rng), float(x), float(z)))
    return Scene("office", position, camera_height, room, others, None, bystanders)


def _terrace(
    position: np.ndarray, camera_height: float, seconds: float, rng: np.random.Generator
) -> Scene:
    """Draw a terrace: wind and far traffic from everywhere; one to three birds, cars and voices."""
    others, bystanders = [], []
    for _ in range(rng.integers(1, 4)):
        what = rng.choice(["bird", "car", "voice"], p=[0.5, 0.3, 0.2])
        if what == "voice":
            person = Bystander(draw_subject(rng), rng.uniform(-3, 3), rng.uniform(4.8, 6.2))
            others.append(_speech(person, camera_height, seconds, rng))
            bystanders.append(person)
        else:
            sound, lowest, highest, levels = _FAR_SOURCES[what]
            place = rng.uniform(lowest, highest)
            others.append(Source(at_level(sound(rng, seconds), rng.uniform(*levels)), place))
    return Scene(
        kind="terrace",
        position=position,
        camera_height=camera_height,
        room=None,
        others=others,
        ambience=partial(_ambience, traffic=rng.uniform(44, 50), wind=rng.uniform(46, 54)),
        bystanders=bystanders,
    )


def _speech(
    bystander: Bystander, camera_height: float, seconds: float, rng: np.random.Generator
) -> Source:
    signal = synthesise("speaking", bystander.person, seconds, rng).signal
    mouth = (bystander.x, camera_height - 0.9 * bystander.person.height, bystander.z)
    return Source(at_level(signal, rng.uniform(55, 61)), np.array(mouth))


def _ambience(frequencies: np.ndarray, *, traffic: float, wind: float) -> np.ndarray:
    """Return the spectrum of traffic (60 to 900 Hz) and wind (below 80 Hz) of some dB SPL."""
    power = np.zeros(len(frequencies))
    for level, low, high in ((traffic, 60, 900), (wind, 20, 80)):
        shape = band_gain(frequencies, low, high, 1.5) ** 2
        power += shape / shape.mean() * REFERENCE_PRESSURE**2 * 10 ** (level / 10)
    return np.sqrt(power)
