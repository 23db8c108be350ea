"""Things: what hands handle, and what lies about on tables."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import ImageDraw

from avdistill.simulation.gestures import TABLE_HEIGHT, Pose
from avdistill.simulation.view import Point, View, disc, limb, oval, slab

WOOD, DARK_WOOD, STEEL = (196, 150, 98), (132, 92, 58), (150, 154, 160)
PAPER, PLASTIC, BLACK = (238, 236, 228), (188, 206, 214), (42, 42, 46)
RED, SHELL = (186, 48, 44), (206, 168, 112)


class Hands(NamedTuple):
    """Where a prop is handled, in metres.

    Attributes
    ----------
    source : (x, height, z), where the action's sound arises.
    lead, other : (x, height, z) of the hands.
    side : direction of the leading hand, -1 left in the picture, 1 right.
    index : how many onsets have passed; gives crumpled things their changing shape.
    """

    source: tuple[float, float, float]
    lead: tuple[float, float, float]
    other: tuple[float, float, float]
    side: int
    index: int


Handled = Callable[[ImageDraw.ImageDraw, View, Hands, Pose], None]


def _kendama(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.lead
    low, high = view.at(x, height - 0.06, z), view.at(x, height + 0.09, z)
    limb(draw, low, high, (view.size(0.025, z), view.size(0.02, z)), view.lit(WOOD))
    left, right = view.at(x - 0.045, height + 0.045, z), view.at(x + 0.045, height + 0.045, z)
    limb(draw, left, right, (view.size(0.05, z), view.size(0.04, z)), view.lit(DARK_WOOD))
    ball = view.at(x + 0.02 * pose.state, height + 0.1 + 0.24 * pose.state, z)
    draw.line((view.at(x, height + 0.03, z), ball), fill=view.lit(PAPER), width=2)
    disc(draw, ball, view.size(0.034, z), view.lit(RED))
    disc(draw, (ball[0] - view.size(0.01, z), ball[1] - view.size(0.01, z)), view.size(0.01, z), view.lit((230, 120, 110)))  # fmt: skip


def _mouse(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.source
    oval(draw, view.at(x, height + 0.015, z), view.size(0.04, z), view.size(0.02, z), view.lit(BLACK))  # fmt: skip


def _keyboard(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.source
    slab(draw, view, (x - 0.21, height, z - 0.07), (0.42, 0.02, 0.14), (70, 72, 78))


def _hammer(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    (x, height, z), grip = hands.source, view.at(*hands.lead)
    slab(draw, view, (x - 0.07, TABLE_HEIGHT, z - 0.04), (0.14, 0.03, 0.08), DARK_WOOD)
    draw.line((view.at(x, height + 0.03, z), view.at(x, height + 0.07, z)), fill=view.lit(STEEL), width=3)  # fmt: skip
    head = view.at(x + 0.02 * hands.side, height + 0.09 + 0.3 * pose.state, z)
    limb(draw, grip, head, (view.size(0.028, z), view.size(0.022, z)), view.lit(WOOD))
    up, down = (head[0], head[1] - view.size(0.03, z)), (head[0], head[1] + view.size(0.045, z))
    limb(draw, up, down, (view.size(0.03, z), view.size(0.036, z)), view.lit((86, 90, 98)))


def _peanut(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.source
    for dx in (-0.012, 0.012):
        oval(draw, view.at(x + dx, height, z), view.size(0.016, z), view.size(0.012, z), view.lit(SHELL))  # fmt: skip


def _sheet(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    (x, height, z), swing = hands.lead, pose.state
    top = [view.at(x + dx, height - 0.01, z) for dx in (-0.1, 0.1)]
    sag = [(0.12, -0.1, 0.04), (0.1 + 0.02 * swing, -0.2, 0.07), (0.09, -0.28, 0.12)]
    right = [view.at(x + dx + lean * swing, height + dy, z) for dx, dy, lean in sag]
    left = [view.at(x - dx + lean * swing, height + dy, z) for dx, dy, lean in reversed(sag)]
    draw.polygon([*top, *right, *left], fill=view.lit(PAPER))
    draw.line((right[0], left[-1]), fill=view.lit(PAPER, 0.86), width=2)
    draw.line((right[1], left[-2]), fill=view.lit(PAPER, 0.9), width=2)


def _torn_sheet(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    for hand, towards in ((hands.lead, -hands.side), (hands.other, hands.side)):
        x, height, z = hand
        wide = 0.04 + 0.02 * (1 - pose.state)
        edge = [
            (x + towards * wide * (1 + 0.25 * (step % 2) * pose.state), height + 0.09 - 0.05 * step)
            for step in range(7)
        ]
        outer = [(x - towards * 0.07, height - 0.2), (x - towards * 0.07, height + 0.09)]
        fill = view.lit(PAPER, 1.0 if towards > 0 else 0.94)
        draw.polygon([view.at(*corner, z) for corner in edge + outer], fill=fill)


def _bag(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.source
    rng = np.random.default_rng(hands.index)
    radius = (0.08 + 0.03 * pose.state) * rng.uniform(0.75, 1.25, 11)
    corners = [
        view.at(x + r * math.cos(a), height + 0.8 * r * math.sin(a), z)
        for r, a in zip(radius, np.linspace(0, 2 * math.pi, 11, endpoint=False), strict=True)
    ]
    draw.polygon(corners, fill=view.lit(PLASTIC))
    centre = view.at(x, height, z)
    for index in range(0, 11, 2):
        shade = view.lit(PLASTIC, 1.15 if index % 4 else 0.85)
        draw.line((centre, corners[index]), fill=shade, width=2)


def _stick(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.source
    if pose.state > 0:  # in the hand, upright
        hx, up, z = hands.lead
        ends = view.at(hx, up + 0.06, z), view.at(hx, up - 0.24, z)
    else:
        lean = 0.3 * math.sin(2.4 * hands.index)
        ends = view.at(x - 0.15, height + 0.012, z - lean / 3), view.at(x + 0.15, height + 0.012, z + lean / 3)  # fmt: skip
    limb(draw, *ends, (view.size(0.022, z), view.size(0.022, z)), view.lit(WOOD))


def _loudspeaker(draw: ImageDraw.ImageDraw, view: View, hands: Hands, pose: Pose) -> None:
    x, height, z = hands.source
    slab(draw, view, (x - 0.11, height - 0.15, z), (0.22, 0.3, 0.15), BLACK)
    for dy, radius in ((-0.045, 0.08), (0.09, 0.035)):
        centre = view.at(x, height + dy, z)
        disc(draw, centre, view.size(radius, z), view.lit((92, 92, 98)))
        disc(draw, centre, view.size(0.35 * radius, z), view.lit(BLACK))


HANDLED: dict[str, Handled] = {
    "kendama": _kendama,
    "mouse": _mouse,
    "keyboard": _keyboard,
    "hammer": _hammer,
    "peanut": _peanut,
    "sheet": _sheet,
    "torn sheet": _torn_sheet,
    "bag": _bag,
    "stick": _stick,
    "loudspeaker": _loudspeaker,
}


def _on_table(view: View, x: float, z: float, height: float = 0.0) -> Point:
    return view.at(x, TABLE_HEIGHT + height, z)


def draw_lying(
    draw: ImageDraw.ImageDraw, view: View, what: str, x: float, z: float, tint: float
) -> None:
    """Draw one of `LYING` on the table at (x, z) metres; tint from 0 to 1 varies its colour."""
    size = view.size(1.0, z)
    if what == "mug":
        slab(draw, view, (x - 0.04, TABLE_HEIGHT, z), (0.08, 0.1, 0.08), (int(90 + 130 * tint), 90, 80))  # fmt: skip
    elif what == "books":
        for layer in range(3):
            colour = (int(60 + 150 * tint), 70 + 45 * layer, 150 - 40 * layer)
            slab(draw, view, (x - 0.11 + 0.01 * layer, TABLE_HEIGHT + 0.03 * layer, z), (0.22, 0.03, 0.16), colour)  # fmt: skip
    elif what == "laptop":
        slab(draw, view, (x - 0.17, TABLE_HEIGHT, z), (0.34, 0.015, 0.22), (120, 124, 130))
        slab(draw, view, (x - 0.17, TABLE_HEIGHT, z + 0.22), (0.34, 0.22, 0.01), (64, 68, 76))
    elif what == "keyboard":
        slab(draw, view, (x - 0.21, TABLE_HEIGHT, z), (0.42, 0.02, 0.14), (70, 72, 78))
    elif what == "mouse":
        oval(draw, _on_table(view, x, z, 0.015), 0.035 * size, 0.018 * size, view.lit(BLACK))
    elif what == "hammer":
        limb(draw, _on_table(view, x - 0.12, z, 0.02), _on_table(view, x + 0.12, z, 0.02), (0.025 * size, 0.02 * size), view.lit(WOOD))  # fmt: skip
        slab(draw, view, (x + 0.1, TABLE_HEIGHT, z - 0.04), (0.035, 0.04, 0.1), (86, 90, 98))
    elif what == "paper":
        corners = [(x - 0.12, z), (x + 0.1, z - 0.03), (x + 0.13, z + 0.2), (x - 0.09, z + 0.22)]
        draw.polygon([_on_table(view, *corner, 0.004) for corner in corners], fill=view.lit(PAPER))
    elif what == "bag":
        for dx, dy, radius in ((-0.04, 0.03, 0.05), (0.03, 0.04, 0.06), (0.0, 0.07, 0.04)):
            fill = view.lit(PLASTIC, 0.9 + dy)
            oval(draw, _on_table(view, x + dx, z, dy), radius * size, 0.8 * radius * size, fill)
    elif what == "bottle":
        limb(draw, _on_table(view, x, z, 0.03), _on_table(view, x, z, 0.17), (0.065 * size, 0.06 * size), view.lit((96, 160, int(120 + 90 * tint))))  # fmt: skip
        limb(draw, _on_table(view, x, z, 0.17), _on_table(view, x, z, 0.24), (0.05 * size, 0.025 * size), view.lit(PLASTIC))  # fmt: skip
    elif what == "stick":
        limb(draw, _on_table(view, x - 0.15, z, 0.01), _on_table(view, x + 0.15, z + 0.08, 0.01), (0.022 * size, 0.02 * size), view.lit(WOOD))  # fmt: skip
    elif what == "peanuts":
        oval(draw, _on_table(view, x, z, 0.035), 0.09 * size, 0.035 * size, view.lit((206, 200, 190)))  # fmt: skip
        for index in range(7):
            spot = _on_table(view, x + 0.06 * math.sin(2.2 * index), z, 0.05 + 0.012 * (index % 3))
            oval(draw, spot, 0.018 * size, 0.012 * size, view.lit(SHELL))
    else:  # kendama
        disc(draw, _on_table(view, x + 0.06, z, 0.03), 0.033 * size, view.lit(RED))
        limb(draw, _on_table(view, x - 0.12, z, 0.02), _on_table(view, x, z, 0.02), (0.025 * size, 0.05 * size), view.lit(DARK_WOOD))  # fmt: skip


LYING = (
    "mug", "books", "laptop", "keyboard", "mouse", "hammer", "paper", "bag", "bottle", "stick",
    "peanuts", "kendama",
)  # fmt: skip


def draw_table(
    draw: ImageDraw.ImageDraw, view: View, x: float, z: float, tone: tuple[int, int, int]
) -> None:
    """Draw the table that one stands at, its middle at (x, z) metres."""
    for across in (-0.72, 0.66):
        slab(draw, view, (x + across, 0.0, z - 0.26), (0.06, TABLE_HEIGHT - 0.05, 0.06), STEEL)
    slab(draw, view, (x - 0.75, TABLE_HEIGHT - 0.05, z - 0.3), (1.5, 0.05, 0.6), tone)
