"""How hands, mouth and prop of each action move with its onsets."""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from avdistill.avia.vocabulary import FRAMES_PER_SECOND
from avdistill.simulation.brush import Brush, Point, Shape, shifted
from avdistill.simulation.props import (
    BLACK,
    DARK_WOOD,
    IRON,
    KEYBOARD,
    PAPER,
    PLASTIC,
    RED,
    SHELL,
    STEEL,
    TABLE_HEIGHT,
    WOOD,
)
from avdistill.simulation.subjects import Subject

# From where the sound arises back to the body; metres.
REACH = {"mouth": 0.0, "hands": 0.28, "table": 0.38}


class Moment(NamedTuple):
    """A frame's place in the rhythm of its action.

    Attributes
    ----------
    index : how many onsets have passed.
    lift : 0 at an onset, 1 half-way between two.
    progress : 0 at the onset before, 1 at the next.
    since : seconds since the onset before.
    """

    index: int
    lift: float
    progress: float
    since: float

    @property
    def turn(self) -> float:
        """1 and -1 in turns from onset to onset."""
        return 1.0 if self.index % 2 else -1.0


class Pose(NamedTuple):
    """Hands, mouth and prop at one moment.

    Attributes
    ----------
    lead, other : metres from where the sound arises to the leading hand and to the other one:
        outwards on the hand's own side, and up; a hand that is None rests on the table.
    mouth : from 0 closed to 1 open; below 0 rounded to whistle.
    state : of the prop, which each prop defines.
    """

    lead: tuple[float, float] | None
    other: tuple[float, float] | None
    mouth: float = 0.0
    state: float = 0.0


class Hands(NamedTuple):
    """Where a prop is handled.

    Attributes
    ----------
    source : where the action's sound arises.
    lead, other : the hands.
    side : direction of the leading hand, -1 left in the picture, 1 right.
    index : how many onsets have passed, from which crumpled props take their changing shape.
    state : of the prop.
    """

    source: Point
    lead: Point
    other: Point
    side: int
    index: int
    state: float


class Gesture(NamedTuple):
    """How an action looks.

    Attributes
    ----------
    anchor : where on the body, or on the table before it, the sound arises.
    sideways : metres from the middle of the body to there, towards the leading hand.
    prop : draws what the hands handle; None without a prop.
    pose : from a moment to a pose.
    """

    anchor: Literal["mouth", "hands", "table"]
    sideways: float
    prop: Callable[[Hands], list[Shape]] | None
    pose: Callable[[Moment], Pose]

    def source_height(self, subject: Subject) -> float:
        """Return the height in metres above the floor at which the sound arises."""
        return {
            "mouth": 0.905 * subject.height,
            "hands": 0.7 * subject.height,
            "table": TABLE_HEIGHT,
        }[self.anchor]


def moments(onsets: np.ndarray, num_frames: int) -> list[Moment]:
    """Return each frame's place in the rhythm of onsets, (events,) seconds.

    A frame during which an onset falls shows the contact itself.
    """
    if len(onsets) == 0:
        return [Moment(0, 0.5, 0.5, 1.0)] * num_frames
    typical = float(np.median(np.diff(onsets))) if len(onsets) > 1 else 1.0
    bounds = np.concatenate(([onsets[0] - typical], onsets, [onsets[-1] + typical]))
    times = (np.arange(num_frames) + 0.5) / FRAMES_PER_SECOND
    after = np.clip(np.searchsorted(bounds, times), 1, len(bounds) - 1)
    since, period = times - bounds[after - 1], np.diff(bounds)[after - 1]
    nearest = np.minimum(since, bounds[after] - times) - 0.5 / FRAMES_PER_SECOND
    lift = np.maximum(0.0, nearest) / np.maximum(1e-6, period / 2 - 0.5 / FRAMES_PER_SECOND)
    columns = after - 1, lift.clip(0, 1), (since / period).clip(0, 1), np.maximum(0.0, since)
    return list(map(Moment._make, zip(*(column.tolist() for column in columns), strict=True)))


def _kendama(hands: Hands) -> list[Shape]:
    x, height, z = hands.lead
    ball = (x + 0.02 * hands.state, height + 0.1 + 0.24 * hands.state, z)
    return [
        (Brush.limb, (x, height - 0.06, z), (x, height + 0.09, z), (0.025, 0.02), WOOD),
        (
            Brush.limb,
            (x - 0.045, height + 0.045, z),
            (x + 0.045, height + 0.045, z),
            (0.05, 0.04),
            DARK_WOOD,
        ),
        (Brush.line, [(x, height + 0.03, z), ball], 0.003, PAPER),
        (Brush.oval, ball, 0.034, 0.034, RED),
        (Brush.oval, shifted(ball, -0.01, 0.01), 0.01, 0.01, (230, 120, 110)),
    ]


def _type(moment: Moment) -> Pose:
    fingers = (0.09, 0.035), (0.09, 0.035 + 0.035 * (1 - moment.lift))
    return Pose(*fingers) if moment.index % 2 else Pose(*reversed(fingers))


def _hammer(hands: Hands) -> list[Shape]:
    x, height, z = hands.source
    hx, hy = x + 0.02 * hands.side, height + 0.1 + 0.3 * hands.state
    return [
        (Brush.slab, (x - 0.07, TABLE_HEIGHT, z - 0.04), (0.14, 0.03, 0.08), DARK_WOOD),
        (Brush.line, [(x, height + 0.03, z), (x, height + 0.07, z)], 0.006, STEEL),
        (Brush.limb, hands.lead, (hx, hy, z), (0.028, 0.022), WOOD),
        (Brush.limb, (hx, hy + 0.03, z), (hx, hy - 0.04, z), (0.03, 0.036), IRON),
    ]


def _torn_sheet(hands: Hands) -> list[Shape]:
    wide = 0.04 + 0.02 * (1 - hands.state)
    ragged = wide, wide * (1 + 0.25 * hands.state)
    return [
        (
            Brush.polygon,
            [
                *(
                    (x + side * ragged[step % 2], height + 0.09 - 0.05 * step, z)
                    for step in range(7)
                ),
                (x - side * 0.07, height - 0.2, z),
                (x - side * 0.07, height + 0.09, z),
            ],
            PAPER,
            1.0 if side > 0 else 0.94,
        )
        for (x, height, z), side in ((hands.lead, -hands.side), (hands.other, hands.side))
    ]


def _rip(moment: Moment) -> Pose:
    torn = min(1.0, moment.since / 0.5)
    return Pose((0.05 + 0.13 * torn, -0.05 * torn), (0.05 + 0.1 * torn, 0.04 * torn), state=torn)


def _bag(hands: Hands) -> list[Shape]:
    (x, height, z), rng = hands.source, np.random.default_rng(hands.index)
    radius = (0.08 + 0.03 * hands.state) * rng.uniform(0.75, 1.25, 11)
    corners = [
        (x + r * math.cos(a), height + 0.8 * r * math.sin(a), z)
        for r, a in zip(radius, np.linspace(0, 2 * math.pi, 11, endpoint=False), strict=True)
    ]
    creases = zip(corners[::2], 3 * ((158, 174, 182), (226, 236, 240)), strict=True)
    return [
        (Brush.polygon, corners, PLASTIC),
        *((Brush.line, [hands.source, corner], 0.006, colour) for corner, colour in creases),
    ]


def _sheet(hands: Hands) -> list[Shape]:
    (x, height, z), swing = hands.lead, hands.state
    hem = [(0.1, 0.01, 0.0), (0.12, 0.1, 0.04), (0.1 + 0.02 * swing, 0.2, 0.07), (0.09, 0.28, 0.12)]
    left, right = (
        [(x + side * across + lean * swing, height - down, z) for across, down, lean in hem]
        for side in (-1, 1)
    )
    return [
        (Brush.polygon, [*right, *reversed(left)], PAPER),
        (Brush.line, [left[1], right[1]], 0.006, (216, 213, 204)),
        (Brush.line, [left[2], right[2]], 0.006, (216, 213, 204)),
    ]


def _shake(moment: Moment) -> Pose:
    swing = moment.turn * (1 - 2 * moment.progress)
    return Pose((0.02 + 0.05 * swing, 0.13 + 0.02 * moment.lift), None, state=swing)


def _stick(hands: Hands) -> list[Shape]:
    turn = 0.1 * math.sin(2.4 * hands.index)
    held = [shifted(hands.lead, 0.0, up) for up in (0.06, -0.24)]  # upright
    fallen = [shifted(hands.source, side * 0.15, 0.012, side * turn) for side in (-1, 1)]
    return [(Brush.limb, *(held if hands.state > 0 else fallen), (0.022, 0.022), WOOD)]


def _drop(moment: Moment) -> Pose:
    # Until the stick falls the hand holds it up; afterwards it comes down to take it again.
    height = 0.34 if moment.progress > 0.7 else 0.34 - 0.2 * min(1.0, moment.since / 0.5)
    return Pose((0.03, height), None, state=0.0 if moment.since < 0.45 else 1.0)


def _speak(moment: Moment) -> Pose:
    sway = 0.03 * moment.turn * (1 - moment.lift)
    return Pose((0.2 + sway, -0.42 + sway), (0.2 - sway, -0.45), mouth=1 - moment.lift)


GESTURES: dict[str, Gesture] = {
    "clapping": Gesture(
        "hands",
        0.0,
        None,
        lambda now: Pose((0.03 + 0.14 * now.lift, 0.0), (0.03 + 0.14 * now.lift, 0.0)),
    ),
    "snapping fingers": Gesture(
        "hands", 0.24, None, lambda now: Pose((0.0, 0.04 * now.lift), None, state=now.lift)
    ),
    "speaking": Gesture("mouth", 0.0, None, _speak),
    "whistling": Gesture("mouth", 0.0, None, lambda now: Pose(None, None, mouth=-1.0)),
    "playing kendama": Gesture(
        "hands", 0.16, _kendama, lambda now: Pose((0.0, -0.08), None, state=now.lift)
    ),
    "clicking": Gesture(
        "table",
        0.2,
        lambda hands: [(Brush.oval, shifted(hands.source, 0.0, 0.015), 0.04, 0.02, BLACK)],
        lambda now: Pose((0.0, 0.04), None, state=now.lift),
    ),
    "typing": Gesture(
        "table",
        0.0,
        lambda hands: [(Brush.slab, shifted(hands.source, -0.21, 0.0, -0.07), *KEYBOARD)],
        _type,
    ),
    "knocking": Gesture("table", 0.2, None, lambda now: Pose((0.0, 0.04 + 0.12 * now.lift), None)),
    "hammering": Gesture(
        "table",
        0.05,
        _hammer,
        lambda now: Pose((0.2, 0.1 + 0.22 * now.lift), (0.12, 0.04), state=now.lift),
    ),
    "peanut breaking": Gesture(
        "hands",
        0.0,
        lambda hands: [
            (Brush.oval, shifted(hands.source, right, 0.0), 0.016, 0.012, SHELL)
            for right in (-0.012, 0.012)
        ],
        lambda now: Pose((0.035, 0.025 * (1 - now.lift)), (0.035, -0.025 * (1 - now.lift))),
    ),
    "paper ripping": Gesture("hands", 0.0, _torn_sheet, _rip),
    "plastic crumpling": Gesture(
        "hands",
        0.0,
        _bag,
        lambda now: Pose(
            (0.06 + 0.035 * now.lift, 0.02 * now.turn),
            (0.06 + 0.035 * now.lift, -0.02 * now.turn),
            state=now.lift,
        ),
    ),
    "paper shaking": Gesture("hands", 0.2, _sheet, _shake),
    "stick dropping": Gesture("table", 0.15, _stick, _drop),
}


def _loudspeaker(hands: Hands) -> list[Shape]:
    return [
        (Brush.slab, shifted(hands.source, -0.11, -0.15), (0.22, 0.3, 0.15), BLACK),
        *(
            (Brush.oval, shifted(hands.source, 0.0, up), radius, radius, colour)
            for up, radius, colour in (
                (-0.045, 0.08, (92, 92, 98)),
                (-0.045, 0.028, BLACK),
                (0.09, 0.035, (92, 92, 98)),
                (0.09, 0.01225, BLACK),
            )
        ),
    ]


# The subject holds a loudspeaker that plays recordings.
LOUDSPEAKER = Gesture("hands", 0.0, _loudspeaker, lambda now: Pose((0.15, -0.06), (0.15, -0.06)))
