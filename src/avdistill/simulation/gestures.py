"""How each action moves, as a function of when its sounds begin."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from avdistill.avia.vocabulary import FRAMES_PER_SECOND
from avdistill.simulation.subjects import Subject

TABLE_HEIGHT = 0.98  # m; one stands at it

# Hand offsets from where the sound arises: outwards on the hand's own side, and up; metres.
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
    """What is drawn of a moment; a hand that is None rests on the table."""

    lead: Offset | None
    other: Offset | None
    mouth: float = 0.0
    state: float = 0.0


class Gesture(NamedTuple):
    """An action as the eye sees it.

    Attributes
    ----------
    anchor : where on the body, or on the table before it, the sound arises.
    sideways : metres from the middle of the body to there, towards the leading hand.
    prop : what is handled, by its name in `props.HANDLED`.
    pose : from a moment to a pose.
    """

    anchor: Literal["mouth", "hands", "table"]
    sideways: float
    prop: str | None
    pose: Callable[[Moment], Pose]

    def source_height(self, subject: Subject) -> float:
        """Metres above the floor at which the sound arises."""
        if self.anchor == "mouth":
            return 0.905 * subject.height
        return 0.7 * subject.height if self.anchor == "hands" else TABLE_HEIGHT

    @property
    def reach(self) -> float:
        """Metres by which the body stands behind where the sound arises."""
        return {"mouth": 0.0, "hands": 0.28, "table": 0.38}[self.anchor]


def moments(onsets: np.ndarray, num_frames: int) -> list[Moment]:
    """Place frames in the rhythm that onsets (events,) in seconds give.

    A frame during which an onset falls shows the contact itself.
    """
    if len(onsets) == 0:
        return [Moment(0, 0.5, 0.5, 1.0)] * num_frames
    typical = float(np.median(np.diff(onsets))) if len(onsets) > 1 else 1.0
    bounds = np.concatenate(([onsets[0] - typical], onsets, [onsets[-1] + typical]))
    result = []
    for frame in range(num_frames):
        time = (frame + 0.5) / FRAMES_PER_SECOND
        after = int(np.clip(np.searchsorted(bounds, time), 1, len(bounds) - 1))
        before, next_one = bounds[after - 1], bounds[after]
        nearest = max(0.0, min(time - before, next_one - time) - 0.5 / FRAMES_PER_SECOND)
        half = max(1e-6, (next_one - before) / 2 - 0.5 / FRAMES_PER_SECOND)
        result.append(
            Moment(
                index=after - 1,
                lift=float(np.clip(nearest / half, 0, 1)),
                progress=float(np.clip((time - before) / (next_one - before), 0, 1)),
                since=float(max(0.0, time - before)),
            )
        )
    return result


def _alternate(moment: Moment) -> float:
    return 1.0 if moment.index % 2 else -1.0


def _clap(moment: Moment) -> Pose:
    gap = 0.03 + 0.14 * moment.lift
    return Pose((gap, 0.0), (gap, 0.0))


def _snap(moment: Moment) -> Pose:
    return Pose((0.0, 0.04 * moment.lift), None, state=moment.lift)


def _speak(moment: Moment) -> Pose:
    sway = 0.03 * _alternate(moment) * (1 - moment.lift)
    return Pose((0.2 + sway, -0.42 + sway), (0.2 - sway, -0.45), mouth=1 - moment.lift)


def _whistle(moment: Moment) -> Pose:
    return Pose(None, None, mouth=-1.0)


def _kendama(moment: Moment) -> Pose:
    return Pose((0.0, -0.08), None, state=moment.lift)


def _click(moment: Moment) -> Pose:
    return Pose((0.0, 0.04), None, state=moment.lift)


def _type(moment: Moment) -> Pose:
    down, up = 0.035, 0.035 + 0.035 * (1 - moment.lift)
    lead, other = (down, up) if moment.index % 2 else (up, down)
    return Pose((0.09, lead), (0.09, other))


def _knock(moment: Moment) -> Pose:
    return Pose((0.0, 0.04 + 0.12 * moment.lift), None)


def _hammer(moment: Moment) -> Pose:
    return Pose((0.2, 0.1 + 0.22 * moment.lift), (0.12, 0.04), state=moment.lift)


def _break_peanut(moment: Moment) -> Pose:
    turn = 0.025 * (1 - moment.lift)
    return Pose((0.035, turn), (0.035, -turn))


def _rip(moment: Moment) -> Pose:
    torn = min(1.0, moment.since / 0.5)
    return Pose((0.05 + 0.13 * torn, -0.05 * torn), (0.05 + 0.1 * torn, 0.04 * torn), state=torn)


def _crumple(moment: Moment) -> Pose:
    grip = 0.06 + 0.035 * moment.lift
    wobble = 0.02 * _alternate(moment)
    return Pose((grip, wobble), (grip, -wobble), state=moment.lift)


def _shake(moment: Moment) -> Pose:
    swing = _alternate(moment) * (1 - 2 * moment.progress)
    return Pose((0.02 + 0.05 * swing, 0.13 + 0.02 * moment.lift), None, state=swing)


def _drop(moment: Moment) -> Pose:
    lying = moment.since < 0.45
    # Until it falls the hand holds it up; afterwards it comes down to take it again.
    height = 0.34 if moment.progress > 0.7 else 0.34 - 0.2 * min(1.0, moment.since / 0.5)
    return Pose((0.03, height), None, state=0.0 if lying else 1.0)


def _hold(moment: Moment) -> Pose:
    return Pose((0.15, -0.06), (0.15, -0.06))


GESTURES: dict[str, Gesture] = {
    "clapping": Gesture("hands", 0.0, None, _clap),
    "snapping fingers": Gesture("hands", 0.24, None, _snap),
    "speaking": Gesture("mouth", 0.0, None, _speak),
    "whistling": Gesture("mouth", 0.0, None, _whistle),
    "playing kendama": Gesture("hands", 0.16, "kendama", _kendama),
    "clicking": Gesture("table", 0.2, "mouse", _click),
    "typing": Gesture("table", 0.0, "keyboard", _type),
    "knocking": Gesture("table", 0.2, None, _knock),
    "hammering": Gesture("table", 0.05, "hammer", _hammer),
    "peanut breaking": Gesture("hands", 0.0, "peanut", _break_peanut),
    "paper ripping": Gesture("hands", 0.0, "torn sheet", _rip),
    "plastic crumpling": Gesture("hands", 0.0, "bag", _crumple),
    "paper shaking": Gesture("hands", 0.2, "sheet", _shake),
    "stick dropping": Gesture("table", 0.15, "stick", _drop),
}
# Recordings are heard from a loudspeaker that the subject holds.
LOUDSPEAKER = Gesture("hands", 0.0, "loudspeaker", _hold)
