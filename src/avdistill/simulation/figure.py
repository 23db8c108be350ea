"""People: a body that stands, and arms that reach."""

import math

from PIL import ImageDraw

from avdistill.simulation.subjects import Subject
from avdistill.simulation.view import Point, View, disc, limb, oval

SHOES = (44, 40, 40)


def shoulder(subject: Subject, x: float, side: int) -> tuple[float, float]:
    """Give (x, height) of a shoulder joint in metres; side -1 is left in the picture."""
    return x + side * 0.1 * subject.height * subject.build, 0.815 * subject.height


def draw_body(draw: ImageDraw.ImageDraw, view: View, subject: Subject, x: float, z: float) -> None:
    """Draw legs, trunk and head of someone who stands at (x, z) metres and looks at the camera."""
    tall, broad = subject.height, 0.1 * subject.height * subject.build

    def at(dx: float, height: float) -> Point:
        return view.at(x + dx, height * tall, z)

    def size(metres: float) -> float:
        return view.size(metres, z)

    trousers, top = view.lit(subject.trousers), view.lit(subject.top)
    for side in (-1, 1):
        hip, knee, foot = (
            at(side * 0.52 * broad, 0.5),
            at(side * 0.55 * broad, 0.27),
            at(side * 0.6 * broad, 0.03),
        )
        oval(draw, (foot[0], foot[1] + size(0.02)), size(0.06), size(0.035), view.lit(SHOES))
        limb(draw, knee, foot, (size(0.135), size(0.1)), view.lit(subject.trousers, 0.92))
        limb(draw, hip, knee, (size(0.18), size(0.135)), trousers)
    skin = view.lit(subject.skin)
    if subject.long_hair:
        hair = view.lit(subject.hair, 0.85)
        oval(draw, at(0, 0.9), size(0.115), size(0.19), hair)
    limb(draw, at(0, 0.83), at(0, 0.88), (size(0.12), size(0.105)), view.lit(subject.skin, 0.86))
    trunk = [at(dx * broad, h) for dx, h in (
        (-0.35, 0.845), (0.35, 0.845), (1.0, 0.825), (1.08, 0.79), (0.88, 0.68), (0.82, 0.6),
        (0.92, 0.49), (-0.92, 0.49), (-0.82, 0.6), (-0.88, 0.68), (-1.08, 0.79), (-1.0, 0.825),
    )]  # fmt: skip
    draw.polygon(trunk, fill=top)
    shade = [at(dx * broad, h) for dx, h in (
        (0.55, 0.84), (1.0, 0.825), (1.08, 0.79), (0.88, 0.68), (0.82, 0.6), (0.92, 0.49),
        (0.5, 0.49), (0.45, 0.62),
    )]  # fmt: skip
    draw.polygon(shade, fill=view.lit(subject.top, 0.88))
    draw.polygon([at(-0.04, 0.848), at(0.04, 0.848), at(0, 0.815)], fill=skin)
    _draw_head(draw, view, subject, at(0, 0.925), size(1.0))


def _draw_head(
    draw: ImageDraw.ImageDraw, view: View, subject: Subject, centre: Point, metre: float
) -> None:
    column, row = centre
    skin, dark = view.lit(subject.skin), view.lit(subject.skin, 0.8)
    hair = view.lit(subject.hair)
    for side in (-1, 1):
        oval(draw, (column + side * 0.078 * metre, row + 0.01 * metre), 0.014 * metre, 0.026 * metre, dark)  # fmt: skip
    oval(draw, (column, row - 0.035 * metre), 0.086 * metre, 0.09 * metre, hair)
    oval(draw, centre, 0.076 * metre, 0.108 * metre, skin)
    fringe = (column - 0.08 * metre, row - 0.118 * metre, column + 0.08 * metre, row + 0.03 * metre)
    draw.chord(fringe, 200, 340, fill=hair)
    for side in (-1, 1):
        eye = (column + side * 0.031 * metre, row - 0.008 * metre)
        oval(draw, eye, 0.013 * metre, 0.008 * metre, view.lit((240, 238, 234)))
        disc(draw, eye, 0.0065 * metre, view.lit((52, 40, 32)))
        brow = (eye[0] - 0.017 * metre, eye[1] - 0.024 * metre)
        brow += (eye[0] + 0.017 * metre, eye[1] - 0.017 * metre)
        draw.rectangle(brow, fill=view.lit(subject.hair, 0.9))
    oval(draw, (column, row + 0.022 * metre), 0.011 * metre, 0.014 * metre, dark)


def draw_mouth(
    draw: ImageDraw.ImageDraw,
    view: View,
    subject: Subject,
    place: tuple[float, float],
    opening: float,
) -> None:
    """Draw the mouth of someone at (x, z): from 0 closed to 1 open; below 0 rounded to whistle."""
    x, z = place
    centre, metre = view.at(x, 0.893 * subject.height, z), view.size(1.0, z)
    lips = view.lit((150, 72, 66)) if sum(subject.skin) > 400 else view.lit((96, 44, 42))
    if opening < 0:
        disc(draw, centre, 0.013 * metre, lips)
        disc(draw, centre, 0.006 * metre, view.lit((40, 20, 20)))
        return
    oval(draw, centre, 0.027 * metre, (0.006 + 0.016 * opening) * metre, lips)
    if opening > 0.25:
        oval(draw, centre, 0.02 * metre, 0.012 * opening * metre, view.lit((48, 22, 22)))


def draw_arm(
    draw: ImageDraw.ImageDraw,
    view: View,
    subject: Subject,
    joint: tuple[float, float, float],
    hand: tuple[float, float, float],
    side: int,
) -> None:
    """Draw an arm from a shoulder joint to a hand, both (x, height, z) in metres.

    The elbow bends outwards and down, on the arm's own side.
    """
    upper, lower = 0.172 * subject.height, 0.155 * subject.height
    dx, dy, dz = (b - a for a, b in zip(joint, hand, strict=True))
    reach = max(1e-3, math.sqrt(dx * dx + dy * dy + dz * dz))
    along = min(0.98, (upper**2 - lower**2 + reach**2) / (2 * reach * upper))
    bend = upper * math.sqrt(max(0.0, 1 - along**2))
    down = (0.45 * side, -0.85, 0.28)  # of the elbow, before the part along the arm is taken out
    part = (down[0] * dx + down[1] * dy + down[2] * dz) / reach**2
    away = [d - part * v for d, v in zip(down, (dx, dy, dz), strict=True)]
    norm = max(1e-6, math.sqrt(sum(v * v for v in away)))
    elbow = [
        a + along * upper * d / reach + bend * v / norm
        for a, d, v in zip(joint, (dx, dy, dz), away, strict=True)
    ]
    wrist = [0.1 * e + 0.9 * h for e, h in zip(elbow, hand, strict=True)]
    sleeve, skin = view.lit(subject.top, 0.94), view.lit(subject.skin)
    thick = 0.095 * subject.build
    points = [view.at(*joint), view.at(*elbow), view.at(*wrist)]
    near, middle, far = (
        view.size(thick, joint[2]),
        view.size(0.8 * thick, elbow[2]),
        view.size(0.6 * thick, wrist[2]),
    )
    limb(draw, points[0], points[1], (near, middle), sleeve)
    if subject.long_sleeves:
        limb(draw, points[1], points[2], (middle, far), view.lit(subject.top))
    else:
        limb(draw, points[1], points[2], (0.85 * middle, far), view.lit(subject.skin, 0.93))
        disc(draw, points[1], 0.5 * middle, sleeve)
    palm = view.at(*hand)
    limb(draw, points[2], palm, (0.9 * far, view.size(0.07, hand[2])), skin)
    draw_fingers(
        draw, view, subject, palm, (palm[0] - points[2][0], palm[1] - points[2][1]), hand[2]
    )


def draw_fingers(
    draw: ImageDraw.ImageDraw,
    view: View,
    subject: Subject,
    palm: Point,
    direction: Point,
    z: float,
) -> None:
    """Draw four fingers that go on in the direction of the forearm, slightly spread."""
    angle = math.atan2(direction[1], direction[0])
    length, width = view.size(0.065, z), max(2, round(view.size(0.017, z)))
    for index, spread in enumerate((-0.5, -0.18, 0.14, 0.46)):
        turned = angle + spread
        tip = (palm[0] + length * math.cos(turned), palm[1] + length * math.sin(turned))
        shade = 1.0 if index % 2 else 0.92
        draw.line((palm, tip), fill=view.lit(subject.skin, shade), width=width)


def draw_person(
    draw: ImageDraw.ImageDraw, view: View, subject: Subject, x: float, z: float
) -> None:
    """Draw someone whose arms hang."""
    draw_body(draw, view, subject, x, z)
    draw_mouth(draw, view, subject, (x, z), 0.2)
    for side in (-1, 1):
        across, height = shoulder(subject, x, side)
        hand = (across + side * 0.06, 0.47 * subject.height, z - 0.05)
        draw_arm(draw, view, subject, (across, height, z), hand, side)
