"""The table that the subject stands at, and the props that lie about on it."""

import math
from collections.abc import Callable

from avdistill.simulation.brush import Brush, Colour, Shape

TABLE_HEIGHT = 0.98  # m

WOOD, DARK_WOOD, IRON = (196, 150, 98), (132, 92, 58), (86, 90, 98)
STEEL, PAPER, PLASTIC = (150, 154, 160), (238, 236, 228), (196, 210, 216)
BLACK, RED, SHELL = (42, 42, 46), (186, 48, 44), (206, 168, 112)
KEYBOARD = (0.42, 0.02, 0.14), (70, 72, 78)  # width, height and depth; colour
TABLE_TOPS: tuple[Colour, ...] = (
    (196, 162, 118), (164, 122, 82), (216, 208, 194), (142, 140, 138), (120, 92, 70),
    (186, 178, 160),
)  # fmt: skip

# Props in place on the table, from a tint from 0 to 1 that varies the colour of some.
LYING: dict[str, Callable[[float], list[Shape]]] = {
    "mug": lambda tint: [
        (Brush.slab, (-0.04, 0, 0), (0.08, 0.1, 0.08), (int(110 + 110 * tint), 100, 88))
    ],
    "books": lambda tint: [
        (
            Brush.slab,
            (-0.11 + 0.01 * layer, 0.03 * layer, 0),
            (0.22, 0.03, 0.16),
            (int(70 + 90 * tint) + 20 * layer, 84 + 18 * layer, 118 - 24 * layer),
        )
        for layer in range(3)
    ],
    "laptop": lambda tint: [
        (Brush.slab, (-0.17, 0, 0), (0.34, 0.015, 0.22), (120, 124, 130)),
        (Brush.slab, (-0.17, 0, 0), (0.34, 0.22, 0.01), (94, 98, 106)),
    ],
    "keyboard": lambda tint: [(Brush.slab, (-0.21, 0, 0), *KEYBOARD)],
    "mouse": lambda tint: [(Brush.oval, (0, 0.015, 0), 0.035, 0.018, BLACK)],
    "hammer": lambda tint: [
        (Brush.limb, (-0.12, 0.02, 0), (0.12, 0.02, 0), (0.025, 0.02), WOOD),
        (Brush.slab, (0.1, 0, -0.04), (0.035, 0.04, 0.1), IRON),
    ],
    "paper": lambda tint: [
        (
            Brush.polygon,
            [(-0.12, 0.004, 0), (0.1, 0.004, -0.03), (0.13, 0.004, 0.2), (-0.09, 0.004, 0.22)],
            PAPER,
        )
    ],
    "bag": lambda tint: [
        (Brush.oval, (-0.04, 0.03, 0), 0.05, 0.04, (174, 189, 198)),
        (Brush.oval, (0.03, 0.04, 0), 0.06, 0.048, (182, 196, 204)),
        (Brush.oval, (0, 0.07, 0), 0.04, 0.032, (206, 217, 222)),
    ],
    "bottle": lambda tint: [
        (Brush.limb, (0, 0.03, 0), (0, 0.17, 0), (0.065, 0.06), (96, 150, int(120 + 70 * tint))),
        (Brush.limb, (0, 0.17, 0), (0, 0.24, 0), (0.05, 0.025), PLASTIC),
    ],
    "stick": lambda tint: [
        (Brush.limb, (-0.15, 0.01, 0), (0.15, 0.01, 0.08), (0.022, 0.02), WOOD),
    ],
    "peanuts": lambda tint: [
        (Brush.oval, (0, 0.035, 0), 0.09, 0.035, (206, 200, 190)),
        *(
            (
                Brush.oval,
                (0.06 * math.sin(2.2 * index), 0.05 + 0.012 * (index % 3), 0),
                0.018,
                0.012,
                SHELL,
            )
            for index in range(7)
        ),
    ],
    "kendama": lambda tint: [
        (Brush.oval, (0.06, 0.03, 0), 0.033, 0.033, RED),
        (Brush.limb, (-0.12, 0.02, 0), (0, 0.02, 0), (0.025, 0.05), DARK_WOOD),
    ],
}


def table_shapes(tone: Colour) -> list[Shape]:
    """Return the legs and the top, of some colour, of a table whose middle is above the brush."""
    return [
        (Brush.slab, (-0.72, 0, -0.26), (0.06, TABLE_HEIGHT - 0.05, 0.06), STEEL),
        (Brush.slab, (0.66, 0, -0.26), (0.06, TABLE_HEIGHT - 0.05, 0.06), STEEL),
        (Brush.slab, (-0.75, TABLE_HEIGHT - 0.05, -0.3), (1.5, 0.05, 0.6), tone),
    ]
