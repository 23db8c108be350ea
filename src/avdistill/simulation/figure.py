"""People: a body that stands, and arms that reach."""

import math

import numpy as np

from avdistill.simulation.brush import Brush, Point, shaded, shifted
from avdistill.simulation.subjects import Subject


def shoulder(subject: Subject, x: float, z: float, side: int) -> Point:
    """Return the joint of a shoulder; side -1 is left in the picture, 1 right."""
    return x + side * 0.098 * subject.height * subject.build, 0.808 * subject.height, z


def draw_body(brush: Brush, subject: Subject, x: float, z: float) -> None:
    """Draw legs, trunk and head of a subject at (x, z) metres who looks at the camera."""
    tall, broad = subject.height, 0.1 * subject.height * subject.build

    def at(across: float, height: float) -> Point:
        return x + across * broad, height * tall, z

    for side in (-1, 1):
        hip, knee, foot = at(0.46 * side, 0.5), at(0.52 * side, 0.27), at(0.56 * side, 0.03)
        brush.paint(
            (Brush.oval, (foot[0], 0.015, z), 0.06, 0.035, (44, 40, 40)),
            (Brush.limb, knee, foot, (0.135, 0.1), shaded(subject.trousers, 0.9)),
            (Brush.limb, hip, knee, (0.19, 0.135), subject.trousers),
        )
    if subject.long_hair:
        brush.oval(at(0, 0.895), 0.108, 0.17, shaded(subject.hair, 0.82))
    right = [
        (0.0, 0.842), (0.42, 0.843), (0.8, 0.83), (1.02, 0.808), (1.05, 0.77), (0.9, 0.69),
        (0.8, 0.6), (0.86, 0.54), (0.9, 0.485), (0.0, 0.48),
    ]  # fmt: skip
    left = [(-across, height) for across, height in reversed(right)]
    brush.paint(
        (Brush.limb, at(0, 0.82), at(0, 0.88), (0.12, 0.105), shaded(subject.skin, 0.84)),
        (Brush.polygon, [at(*corner) for corner in right + left], subject.top),
        (
            Brush.polygon,
            [at(*corner) for corner in (*right[2:-1], (0.5, 0.485), (0.45, 0.62))],
            subject.top,
            0.86,
        ),
        (Brush.polygon, [at(-0.36, 0.846), at(0.36, 0.846), at(0, 0.81)], subject.skin),
    )
    _draw_head(brush.moved(x, 0.925 * tall, z), subject)


def _draw_head(brush: Brush, subject: Subject) -> None:
    """Draw a head around the brush's place."""
    dark, brows = shaded(subject.skin, 0.8), shaded(subject.hair, 0.9)
    brush.paint(
        (Brush.oval, (-0.077, -0.01, 0), 0.013, 0.024, dark),
        (Brush.oval, (0.077, -0.01, 0), 0.013, 0.024, dark),
        (Brush.oval, (0, 0.033, 0), 0.084, 0.09, subject.hair),
        (Brush.oval, (0, 0, 0), 0.075, 0.108, subject.skin),
    )
    brush.draw.chord(  # the fringe
        [brush.at((-0.077, 0.116, 0)), brush.at((0.077, -0.03, 0))],
        205,
        335,
        fill=brush.lit(subject.hair),
    )
    for side in (-1, 1):
        brow = [(0.013 * side, 0.024, 0), (0.03 * side, 0.029, 0), (0.046 * side, 0.024, 0)]
        brush.paint(
            (Brush.oval, (0.03 * side, 0.006, 0), 0.013, 0.008, (240, 238, 234)),
            (Brush.oval, (0.03 * side, 0.006, 0), 0.0065, 0.0065, (52, 40, 32)),
            (Brush.line, brow, 0.005, brows),
        )
    brush.oval((0, -0.022, 0), 0.011, 0.013, dark)


def draw_mouth(brush: Brush, subject: Subject, place: tuple[float, float], opening: float) -> None:
    """Draw the mouth of a subject at (x, z): 0 closed to 1 open; below 0 rounded to whistle."""
    centre = (place[0], 0.893 * subject.height, place[1])
    lips = (166, 88, 80) if sum(subject.skin) > 400 else (104, 50, 46)
    if opening < 0:
        brush.paint(
            (Brush.oval, centre, 0.013, 0.013, lips),
            (Brush.oval, centre, 0.006, 0.006, (40, 20, 20)),
        )
    else:
        brush.oval(centre, 0.025, 0.006 + 0.014 * opening, lips)
    if opening > 0.25:
        brush.oval(centre, 0.018, 0.011 * opening, (48, 22, 22))


def draw_arm(brush: Brush, subject: Subject, joint: Point, hand: Point, side: int) -> None:
    """Draw an arm from a shoulder's joint to a hand.

    The elbow bends outwards, backwards and down, on the arm's own side.
    """
    upper, lower = 0.172 * subject.height, 0.155 * subject.height
    start, end = np.array(joint), np.array(hand)
    reach = max(1e-3, float(np.linalg.norm(end - start)))
    forward = (end - start) / reach
    along = min(0.98 * upper, (upper**2 - lower**2 + reach**2) / (2 * reach))
    away = np.array([0.45 * side, -0.85, 0.28])
    away -= (away @ forward) * forward
    away *= math.sqrt(max(0.0, upper**2 - along**2)) / max(1e-6, float(np.linalg.norm(away)))
    bent = start + along * forward + away
    elbow, wrist = tuple(map(float, bent)), tuple(map(float, 0.12 * bent + 0.88 * end))
    thick, sleeve = 0.092 * subject.build, shaded(subject.top, 0.93)
    middle = tuple(0.35 * a + 0.65 * b for a, b in zip(joint, elbow, strict=True))
    long_sleeve = [
        (Brush.limb, elbow, wrist, (0.82 * thick, 0.62 * thick), shaded(subject.top, 1.06))
    ]
    short_sleeve = [
        (Brush.limb, elbow, wrist, (0.72 * thick, 0.55 * thick), shaded(subject.skin, 0.94)),
        (Brush.limb, joint, middle, (1.02 * thick, 0.95 * thick), sleeve),
    ]
    brush.paint(
        (Brush.limb, joint, elbow, (thick, 0.84 * thick), sleeve),
        *(long_sleeve if subject.long_sleeves else short_sleeve),
        (Brush.limb, wrist, hand, (0.05, 0.066), subject.skin),
    )
    # Four fingers go on in the forearm's direction, slightly spread.
    angle = math.atan2(hand[1] - wrist[1], hand[0] - wrist[0])
    for index, spread in enumerate((-0.5, -0.18, 0.14, 0.46)):
        tip = shifted(hand, 0.06 * math.cos(angle + spread), 0.06 * math.sin(angle + spread))
        brush.line((hand, tip), 0.017, shaded(subject.skin, 1.0 if index % 2 else 0.9))


def draw_person(brush: Brush, subject: Subject, x: float, z: float) -> None:
    """Draw a person whose arms hang down."""
    draw_body(brush, subject, x, z)
    draw_mouth(brush, subject, (x, z), 0.2)
    for side in (-1, 1):
        joint = shoulder(subject, x, z, side)
        hand = (joint[0] + 0.07 * side, 0.45 * subject.height, z - 0.03)
        draw_arm(brush, subject, joint, hand, side)
