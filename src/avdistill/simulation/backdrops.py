"""Backgrounds of the three kinds of scenario, drawn in the camera's perspective."""

from collections.abc import Callable
from itertools import product

import numpy as np
from PIL import Image, ImageDraw

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation.brush import OVERSAMPLING, Brush, Colour, Shape

WIDTH, HEIGHT = OVERSAMPLING * FRAME_SHAPE[1], OVERSAMPLING * FRAME_SHAPE[0]
LIGHT = {"anechoic": 0.86, "office": 0.98, "terrace": 1.06}
FOAM: Colour = (96, 102, 112)

_SCREEN: list[Shape] = [
    (Brush.slab, (0.4, 0.85, 0.2), (0.55, 0.34, 0.03), (46, 50, 58)),
    (Brush.slab, (0.43, 0.88, 0.19), (0.49, 0.28, 0.005), (120, 160, 196)),
]


def _rule_floor(
    brush: Brush, left: float, right: float, *, far: float, spacing: float, colour: Colour
) -> None:
    """Draw lines along and across a floor, from its left to its right edge and to its far one."""
    for x in np.arange(left, right + 1e-9, spacing):
        brush.line([(x, 0, 0.6), (x, 0, far)], 0.0015, colour)
    for z in np.arange(1.4, far, spacing):
        brush.line([(left, 0, z), (right, 0, z)], 0.012, colour)


def _anechoic(picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float) -> None:
    """Draw foam wedges on every wall and a floor of wire."""
    edges, far, ceiling, tile = (pan - 3.0, pan + 3.0), 5.2, 3.6, 0.6
    picture.paste(brush.lit(FOAM, 0.3), (0, 0, WIDTH, HEIGHT))
    for row, column, ridge in product(range(round(ceiling / tile)), range(-5, 5), range(6)):
        x, low, a = pan + column * tile, row * tile, ridge * tile / 6
        if (row + column) % 2:
            corners = (x, low + a, far), (x + tile, low + a + tile / 6, far)
        else:
            corners = (x + a, low, far), (x + a + tile / 6, low + tile, far)
        worn = 1.0 + 0.05 * ((7 * row + 3 * column) % 3 - 1)
        brush.panel(*corners, FOAM, (1.06 if ridge % 2 else 0.76) * worn)
    for edge, slat in product(edges, range(24)):  # side walls: wedges foreshortened to slats
        z = 1.6 + 0.15 * slat
        brush.panel((edge, 0.0, z), (edge, ceiling, z + 0.15), FOAM, 0.5 if slat % 2 else 0.78)
    brush.panel((edges[0], 0.0, 0.6), (edges[1], 0.0, far), (78, 80, 84))
    _rule_floor(brush, *edges, far=far, spacing=0.4, colour=(96, 98, 102))


def _office(picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float) -> None:
    """Draw an open space: windows, ceiling lights, desks with screens, shelves, a plant."""
    far, ceiling, here = 8.5, 3.2, brush.moved(pan, 0.0, 0.0)
    picture.paste(brush.lit((206, 204, 196)), (0, 0, WIDTH, HEIGHT))
    here.panel((-6.0, 0.0, 0.6), (6.0, 0.0, far), (122, 128, 138))
    here.panel((-6.0, ceiling, 0.6), (6.0, ceiling, far), (228, 228, 224))
    for z, x in product((2.2, 4.4, 6.6), (-3.6, 0.0, 3.6)):
        here.moved(x, ceiling, z).panel((-0.6, 0, 0), (0.6, 0, 0.6), (255, 255, 250), 1.1)
    for column in range(-4, 4):
        bay = here.moved(1.45 * column, 0.0, far)
        if rng.random() < 0.72:
            bay.paint(
                (Brush.panel, (0.06, 0.96, 0.0), (1.39, 2.64, 0.0), (236, 236, 232)),
                (Brush.panel, (0.1, 1.0, 0.0), (1.35, 2.6, 0.0), (190, 218, 240), 1.05),
                (Brush.panel, (0.1, 1.0, 0.0), (1.35, rng.uniform(1.2, 1.6), 0.0), (140, 164, 146)),
                (Brush.panel, (0.7, 1.0, 0.0), (0.75, 2.6, 0.0), (236, 236, 232)),
            )
        else:
            bay.slab((0.1, 0.0, -0.3), (1.2, 1.9, 0.3), (158, 136, 108))
            shelf = bay.moved(0.16, 0.0, -0.31)
            for book in range(24):
                place = (0.045 * book, 1.42 if book % 2 else 0.9, 0.0)
                shelf.slab(place, (0.07, 0.34, 0.01), tuple(map(int, rng.integers(80, 190, 3))))
    for z, x in product((7.2, 5.6), (-3.6, -1.5, 1.0, 3.2)):
        desk = here.moved(x, 0.0, z).moved(rng.uniform(-0.4, 0.4), 0.0, 0.0)
        desk.paint(
            (Brush.slab, (0.0, 0.0, 0.0), (1.4, 0.72, 0.02), (158, 156, 154)),
            (Brush.slab, (0.0, 0.72, -0.1), (1.4, 0.03, 0.7), (214, 206, 190)),
            *(_SCREEN if rng.random() < 0.8 else ()),
        )
    _draw_plant(here.moved(rng.choice([-2.9, 2.8]), 0.0, 4.9), rng)


def _draw_plant(brush: Brush, rng: np.random.Generator) -> None:
    brush.slab((-0.16, 0.0, -0.16), (0.32, 0.34, 0.3), (158, 96, 70))
    for _ in range(34):
        up, leaf = rng.uniform(0.4, 1.05), rng.uniform(0.05, 0.1)
        green = (int(40 + 50 * up), int(82 + 62 * up), 58)
        brush.oval((rng.normal(0, 0.16), up, 0.0), leaf, 0.7 * leaf, green)


def _terrace(picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float) -> None:
    """Draw sky, hills and houses, a railing, tiles in the sun, plants and a parasol."""
    _draw_distance(picture, brush, rng, pan)
    half, far, here, rail = 8.0, 6.6, brush.moved(pan, 0.0, 0.0), (74, 78, 84)
    here.panel((-half, 0.0, 0.6), (half, 0.0, far), (206, 188, 164))
    _rule_floor(brush, pan - half, pan + half, far=far, spacing=0.6, colour=(184, 165, 141))
    here.slab((-half, 0.0, far), (2 * half, 0.3, 0.2), (222, 210, 192))
    for post in range(54):
        upright = here.moved(-half, 0.0, far).moved(0.3 * post, 0.0, 0.0)
        upright.line([(0.0, 0.3, 0.0), (0.0, 1.05, 0.0)], 0.016 if post % 6 else 0.05, rail)
    here.line([(-half, 1.05, far), (half, 1.05, far)], 0.06, rail)
    for x in (-3.1, -1.9, 2.3, 3.3):
        if rng.random() < 0.75:
            plant = here.moved(x, 0.0, 0.0)
            _draw_plant(plant.moved(rng.uniform(-0.3, 0.3), 0.0, rng.uniform(5.2, 6.2)), rng)
    here.moved(rng.choice([-2.6, 2.7]), 0.0, 5.8).paint(  # a parasol
        (Brush.limb, (0.0, 0.0, 0.0), (0.0, 2.8, 0.0), (0.05, 0.05), (150, 140, 126)),
        (Brush.polygon, [(-1.3, 2.1, 0.0), (0.0, 2.75, 0.0), (1.3, 2.1, 0.0)], (204, 92, 74)),
        (Brush.polygon, [(-0.45, 2.1, 0.0), (0.0, 2.75, 0.0), (0.45, 2.1, 0.0)], (234, 222, 204)),
    )


def _draw_distance(
    picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float
) -> None:
    """Draw sky, clouds, hills and houses; they are so far away that `pan` hardly moves them."""
    horizon = HEIGHT // 2
    sky = np.linspace((112, 164, 222), (224, 236, 244), horizon)[:, None].astype(np.uint8)
    picture.paste(Image.fromarray(sky).resize((WIDTH, horizon), Image.Resampling.NEAREST))
    for _ in range(5):
        column, row = rng.uniform(0, WIDTH), rng.uniform(0.05, 0.6) * horizon
        for _ in range(6):
            centre = column + rng.normal(0, 50), row + rng.normal(0, 9)
            brush.ellipse(centre, rng.uniform(30, 80), rng.uniform(9, 22), (238, 242, 246))
    ridge = [
        (column, horizon - 64 - 34 * np.sin(column / 170 + 3 * rng.random()))
        for column in range(0, WIDTH + 80, 80)
    ]
    brush.draw.polygon([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=(136, 162, 158))
    column = -60 + 40 * pan
    while column < WIDTH:
        wide, eaves = rng.uniform(60, 140), horizon - rng.uniform(24, 100)
        walls = tuple(map(int, rng.uniform(176, 222) * np.array([1.0, 0.9, 0.79])))
        brush.draw.rectangle((column, eaves, column + wide, HEIGHT), fill=walls)
        roof = [(column - 6, eaves), (column + wide + 6, eaves), (column + wide / 2, eaves - 20)]
        brush.draw.polygon(roof, fill=(172, 106, 84))
        for left in np.arange(column + 12, column + wide - 16, 30):
            brush.draw.rectangle((left, eaves + 12, left + 11, eaves + 28), fill=(112, 122, 134))
        column += wide + rng.uniform(-10, 70)


_PAINTERS: dict[str, Callable[[Image.Image, Brush, np.random.Generator, float], None]] = {
    "anechoic": _anechoic,
    "office": _office,
    "terrace": _terrace,
}


def paint_backdrop(
    kind: str, camera_height: float, light: float, rng: np.random.Generator, pan: float
) -> Image.Image:
    """Paint a place, a little out of focus, because the camera focuses on the subject.

    Parameters
    ----------
    kind : one of `scene.KINDS`.
    camera_height : metres above the floor.
    light : factor on every colour.
    rng : draws what the place holds; the same for all sequences of a scenario.
    pan : metres by which the place is shifted to the right, as camera positions differ.

    Returns
    -------
    Picture of 1280 x 960, RGB.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    _PAINTERS[kind](picture, Brush(ImageDraw.Draw(picture), camera_height, light), rng, pan)
    return picture.reduce(2 * OVERSAMPLING).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
