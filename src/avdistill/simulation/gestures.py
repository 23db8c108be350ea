"""How hands, mouth and prop of each action move with its onsets."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from avdistill.avia.vocabulary import FRAMES_PER_SECOND
from avdistill.simulation.subjects import Subject

TABLE_HEIGHT = 0.98  # m; the subject stands at the table

# From where the sound arises to a hand: outwards on the hand's own side, and up; metres.
Offset = tuple[float, float]


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


class Pose(NamedTuple):
    """Hands, mouth and prop at one moment.

    Attributes
    ----------
    lead, other : the leading hand and the other one; a hand that is None rests on the table.
    mouth : from 0 closed to 1 open; below 0 rounded to whistle.
    state : of the prop, which each prop defines.
    """

    lead: Offset | None
    other: Offset | None
    mouth: float = 0.0
    state: float = 0.0


class Gesture(NamedTuple):
    """How an action looks.

    Attributes
    ----------
    anchor : where on the body, or on the table before it, the sound arises.
    sideways : metres from the middle of the body to there, towards the leading hand.
    prop : name in `props.HANDLED` of what the hands handle.
    pose : from a moment to a pose.
    """

    anchor: Literal["mouth", "hands", "table"]
    sideways: float
    prop: str | None
    pose: Callable[[Moment], Pose]

    def source_height(self, subject: Subject) -> float:
        """Return the height in metres above the floor at which the sound arises."""
        mouth, hands = 0.905 * subject.height, 0.7 * subject.height
        return {"mouth": mouth, "hands": hands, "table": TABLE_HEIGHT}[self.anchor]

    @property
    def reach(self) -> float:
        """Distance in metres from where the sound arises back to the body."""
        return {"mouth": 0.0, "hands": 0.28, "table": 0.38}[self.anchor]


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


def _alternate(moment: Moment) -> float:
    return 1.0 if moment.index % 2 else -1.0


def _clap(moment: Moment) -> Pose:
    palm = 0.03 + 0.14 * moment.lift, 0.0
    return Pose(palm, palm)


def _speak(moment: Moment) -> Pose:
    sway = 0.03 * _alternate(moment) * (1 - moment.lift)
    return Pose((0.2 + sway, -0.42 + sway), (0.2 - sway, -0.45), mouth=1 - moment.lift)


def _type(moment: Moment) -> Pose:
    fingers = (0.09, 0.035), (0.09, 0.035 + 0.035 * (1 - moment.lift))
    return Pose(*fingers) if moment.index % 2 else Pose(*reversed(fingers))


def _break_peanut(moment: Moment) -> Pose:
    turn = 0.025 * (1 - moment.lift)
    return Pose((0.035, turn), (0.035, -turn))


def _rip(moment: Moment) -> Pose:
    torn = min(1.0, moment.since / 0.5)
    return Pose((0.05 + 0.13 * torn, -0.05 * torn), (0.05 + 0.1 * torn, 0.04 * torn), state=torn)


def _crumple(moment: Moment) -> Pose:
    grip, wobble = 0.06 + 0.035 * moment.lift, 0.02 * _alternate(moment)
    return Pose((grip, wobble), (grip, -wobble), state=moment.lift)


def _shake(moment: Moment) -> Pose:
    swing = _alternate(moment) * (1 - 2 * moment.progress)
    return Pose((0.02 + 0.05 * swing, 0.13 + 0.02 * moment.lift), None, state=swing)


def _drop(moment: Moment) -> Pose:
    # Until the stick falls the hand holds it up; afterwards it comes down to take it again.
    height = 0.34 if moment.progress > 0.7 else 0.34 - 0.2 * min(1.0, moment.since / 0.5)
    return Pose((0.03, height), None, state=0.0 if moment.since < 0.45 else 1.0)


GESTURES: dict[str, Gesture] = {
    "clapping": Gesture("hands", 0.0, None, _clap),
    "snapping fingers": Gesture(
        "hands", 0.24, None, lambda now: Pose((0.0, 0.04 * now.lift), None, state=now.lift)
    ),
    "speaking": Gesture("mouth", 0.0, None, _speak),
    "whistling": Gesture("mouth", 0.0, None, lambda now: Pose(None, None, mouth=-1.0)),
    "playing kendama": Gesture(
        "hands", 0.16, "kendama", lambda now: Pose((0.0, -0.08), None, state=now.lift)
    ),
    "clicking": Gesture("table", 0.2, "mouse", lambda now: Pose((0.0, 0.04), None, state=now.lift)),
    "typing": Gesture("table", 0.0, "keyboard", _type),
    "knocking": Gesture("table", 0.2, None, lambda now: Pose((0.0, 0.04 + 0.12 * now.lift), None)),
    "hammering": Gesture(
        "table",
        0.05,
        "hammer",
        lambda now: Pose((0.2, 0.1 + 0.22 * now.lift), (0.12, 0.04), state=now.lift),
    ),
    "peanut breaking": Gesture("hands", 0.0, "peanut", _break_peanut),
    "paper ripping": Gesture("hands", 0.0, "torn sheet", _rip),
    "plastic crumpling": Gesture("hands", 0.0, "bag", _crumple),
    "paper shaking": Gesture("hands", 0.2, "sheet", _shake),
    "stick dropping": Gesture("table", 0.15, "stick", _drop),
}
# The subject holds a loudspeaker that plays recordings.
LOUDSPEAKER = Gesture("hands", 0.0, "loudspeaker", lambda now: Pose((0.15, -0.06), (0.15, -0.06)))
