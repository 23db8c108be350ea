"""Props: those that hands handle, and those that lie about on the table."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from avdistill.simulation.brush import Brush, Point, shifted
from avdistill.simulation.gestures import TABLE_HEIGHT, Pose
from avdistill.simulation.subjects import Colour

WOOD, DARK_WOOD, IRON = (196, 150, 98), (132, 92, 58), (86, 90, 98)
STEEL, PAPER, PLASTIC = (150, 154, 160), (238, 236, 228), (196, 210, 216)
BLACK, RED, SHELL = (42, 42, 46), (186, 48, 44), (206, 168, 112)
KEYBOARD = (0.42, 0.02, 0.14), (70, 72, 78)  # width, height and depth; colour
TABLE_TOPS: tuple[Colour, ...] = (
    (196, 162, 118), (164, 122, 82), (216, 208, 194), (142, 140, 138), (120, 92, 70),
    (186, 178, 160),
)  # fmt: skip


class Hands(NamedTuple):
    """Where a prop is handled.

    Attributes
    ----------
    source : where the action's sound arises.
    lead, other : the hands.
    side : direction of the leading hand, -1 left in the picture, 1 right.
    index : how many onsets have passed, from which crumpled props take their changing shape.
    """

    source: Point
    lead: Point
    other: Point
    side: int
    index: int


Handled = Callable[[Brush, Hands, Pose], None]
Lying = Callable[[Brush, float, float, float], None]


def _kendama(brush: Brush, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.lead
    ball = (x + 0.02 * pose.state, height + 0.1 + 0.24 * pose.state, z)
    brush.limb((x, height - 0.06, z), (x, height + 0.09, z), (0.025, 0.02), WOOD)
    cups = (x - 0.045, height + 0.045, z), (x + 0.045, height + 0.045, z)
    brush.limb(*cups, (0.05, 0.04), DARK_WOOD)
    brush.line(((x, height + 0.03, z), ball), 0.003, PAPER)
    brush.disc(ball, 0.034, RED)
    brush.disc((ball[0] - 0.01, ball[1] + 0.01, z), 0.01, (230, 120, 110))


def _hammer(brush: Brush, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.source
    brush.slab((x - 0.07, TABLE_HEIGHT, z - 0.04), (0.14, 0.03, 0.08), DARK_WOOD)
    brush.line(((x, height + 0.03, z), (x, height + 0.07, z)), 0.006, STEEL)
    hx, hy = x + 0.02 * hands.side, height + 0.1 + 0.3 * pose.state
    brush.limb(hands.lead, (hx, hy, z), (0.028, 0.022), WOOD)
    brush.limb((hx, hy + 0.03, z), (hx, hy - 0.04, z), (0.03, 0.036), IRON)


def _peanut(brush: Brush, hands: Hands, pose: Pose) -> None:
    for right in (-0.012, 0.012):
        brush.oval(shifted(hands.source, right, 0.0), 0.016, 0.012, SHELL)


def _sheet(brush: Brush, hands: Hands, pose: Pose) -> None:
    (x, height, z), swing = hands.lead, pose.state
    hem = [(0.1, 0.01, 0.0), (0.12, 0.1, 0.04), (0.1 + 0.02 * swing, 0.2, 0.07), (0.09, 0.28, 0.12)]
    left, right = (
        [(x + side * across + lean * swing, height - down, z) for across, down, lean in hem]
        for side in (-1, 1)
    )
    brush.polygon([*right, *reversed(left)], PAPER)
    for ends in zip(left[1:3], right[1:3], strict=True):
        brush.line(ends, 0.006, (216, 213, 204))


def _torn_sheet(brush: Brush, hands: Hands, pose: Pose) -> None:
    for (x, height, z), towards in ((hands.lead, -hands.side), (hands.other, hands.side)):
        wide = 0.04 + 0.02 * (1 - pose.state)
        ragged = [1 + 0.25 * (step % 2) * pose.state for step in range(7)]
        edge = [
            (x + towards * wide * reach, height + 0.09 - 0.05 * step, z)
            for step, reach in enumerate(ragged)
        ]
        outer = [(x - towards * 0.07, height - 0.2, z), (x - towards * 0.07, height + 0.09, z)]
        brush.polygon(edge + outer, PAPER, 1.0 if towards > 0 else 0.94)


def _bag(brush: Brush, hands: Hands, pose: Pose) -> None:
    (x, height, z), rng = hands.source, np.random.default_rng(hands.index)
    radius = (0.08 + 0.03 * pose.state) * rng.uniform(0.75, 1.25, 11)
    corners = [
        (x + r * math.cos(a), height + 0.8 * r * math.sin(a), z)
        for r, a in zip(radius, np.linspace(0, 2 * math.pi, 11, endpoint=False), strict=True)
    ]
    brush.polygon(corners, PLASTIC)
    for index in range(0, 11, 2):
        crease = (226, 236, 240) if index % 4 else (158, 174, 182)
        brush.line((hands.source, corners[index]), 0.006, crease)


def _stick(brush: Brush, hands: Hands, pose: Pose) -> None:
    turn = 0.1 * math.sin(2.4 * hands.index)
    if pose.state > 0:  # in the hand, upright
        ends = shifted(hands.lead, 0.0, 0.06), shifted(hands.lead, 0.0, -0.24)
    else:
        ends = (shifted(hands.source, side * 0.15, 0.012, side * turn) for side in (-1, 1))
    brush.limb(*ends, (0.022, 0.022), WOOD)


def _loudspeaker(brush: Brush, hands: Hands, pose: Pose) -> None:
    brush.slab(shifted(hands.source, -0.11, -0.15), (0.22, 0.3, 0.15), BLACK)
    for up, radius in ((-0.045, 0.08), (0.09, 0.035)):
        brush.disc(shifted(hands.source, 0.0, up), radius, (92, 92, 98))
        brush.disc(shifted(hands.source, 0.0, up), 0.35 * radius, BLACK)


HANDLED: dict[str, Handled] = {
    "kendama": _kendama,
    "mouse": lambda brush, hands, pose: brush.oval(
        shifted(hands.source, 0.0, 0.015), 0.04, 0.02, BLACK
    ),
    "keyboard": lambda brush, hands, pose: brush.slab(
        shifted(hands.source, -0.21, 0.0, -0.07), *KEYBOARD
    ),
    "hammer": _hammer,
    "peanut": _peanut,
    "sheet": _sheet,
    "torn sheet": _torn_sheet,
    "bag": _bag,
    "stick": _stick,
    "loudspeaker": _loudspeaker,
}


# Props that lie on the table at (x, z) metres; a tint from 0 to 1 varies their colour.


def _lying_books(brush: Brush, x: float, z: float, tint: float) -> None:
    for layer in range(3):
        colour = (int(70 + 90 * tint) + 20 * layer, 84 + 18 * layer, 118 - 24 * layer)
        corner = (x - 0.11 + 0.01 * layer, TABLE_HEIGHT + 0.03 * layer, z)
        brush.slab(corner, (0.22, 0.03, 0.16), colour)


def _lying_laptop(brush: Brush, x: float, z: float, tint: float) -> None:
    brush.slab((x - 0.17, TABLE_HEIGHT, z), (0.34, 0.015, 0.22), (120, 124, 130))
    brush.slab((x - 0.17, TABLE_HEIGHT, z), (0.34, 0.22, 0.01), (94, 98, 106))


def _lying_hammer(brush: Brush, x: float, z: float, tint: float) -> None:
    height = TABLE_HEIGHT + 0.02
    brush.limb((x - 0.12, height, z), (x + 0.12, height, z), (0.025, 0.02), WOOD)
    brush.slab((x + 0.1, TABLE_HEIGHT, z - 0.04), (0.035, 0.04, 0.1), IRON)


def _lying_paper(brush: Brush, x: float, z: float, tint: float) -> None:
    corners = [(-0.12, 0), (0.1, -0.03), (0.13, 0.2), (-0.09, 0.22)]
    brush.polygon([(x + dx, TABLE_HEIGHT + 0.004, z + dz) for dx, dz in corners], PAPER)


def _lying_bag(brush: Brush, x: float, z: float, tint: float) -> None:
    for dx, up, radius in ((-0.04, 0.03, 0.05), (0.03, 0.04, 0.06), (0.0, 0.07, 0.04)):
        shade = (int(150 + 800 * up), int(168 + 700 * up), int(180 + 600 * up))
        brush.oval((x + dx, TABLE_HEIGHT + up, z), radius, 0.8 * radius, shade)


def _lying_bottle(brush: Brush, x: float, z: float, tint: float) -> None:
    foot, shoulder, top = (TABLE_HEIGHT + up for up in (0.03, 0.17, 0.24))
    colour = (96, 150, int(120 + 70 * tint))
    brush.limb((x, foot, z), (x, shoulder, z), (0.065, 0.06), colour)
    brush.limb((x, shoulder, z), (x, top, z), (0.05, 0.025), PLASTIC)


def _lying_peanuts(brush: Brush, x: float, z: float, tint: float) -> None:
    brush.oval((x, TABLE_HEIGHT + 0.035, z), 0.09, 0.035, (206, 200, 190))
    for index in range(7):
        up = 0.05 + 0.012 * (index % 3)
        brush.oval((x + 0.06 * math.sin(2.2 * index), TABLE_HEIGHT + up, z), 0.018, 0.012, SHELL)


def _lying_kendama(brush: Brush, x: float, z: float, tint: float) -> None:
    height = TABLE_HEIGHT + 0.02
    brush.disc((x + 0.06, height + 0.01, z), 0.033, RED)
    brush.limb((x - 0.12, height, z), (x, height, z), (0.025, 0.05), DARK_WOOD)


LYING: dict[str, Lying] = {
    "mug": lambda brush, x, z, tint: brush.slab(
        (x - 0.04, TABLE_HEIGHT, z), (0.08, 0.1, 0.08), (int(110 + 110 * tint), 100, 88)
    ),
    "books": _lying_books,
    "laptop": _lying_laptop,
    "keyboard": lambda brush, x, z, tint: brush.slab((x - 0.21, TABLE_HEIGHT, z), *KEYBOARD),
    "mouse": lambda brush, x, z, tint: brush.oval(
        (x, TABLE_HEIGHT + 0.015, z), 0.035, 0.018, BLACK
    ),
    "hammer": _lying_hammer,
    "paper": _lying_paper,
    "bag": _lying_bag,
    "bottle": _lying_bottle,
    "stick": lambda brush, x, z, tint: brush.limb(
        (x - 0.15, TABLE_HEIGHT + 0.01, z),
        (x + 0.15, TABLE_HEIGHT + 0.01, z + 0.08),
        (0.022, 0.02),
        WOOD,
    ),
    "peanuts": _lying_peanuts,
    "kendama": _lying_kendama,
}


def draw_table(brush: Brush, x: float, z: float, tone: Colour) -> None:
    """Draw the table that the subject stands at, with its middle at (x, z) metres."""
    for across in (-0.72, 0.66):
        brush.slab((x + across, 0.0, z - 0.26), (0.06, TABLE_HEIGHT - 0.05, 0.06), STEEL)
    brush.slab((x - 0.75, TABLE_HEIGHT - 0.05, z - 0.3), (1.5, 0.05, 0.6), tone)
