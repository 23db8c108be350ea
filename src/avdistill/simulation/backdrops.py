"""Backgrounds of the three kinds of scenario, drawn in the camera's perspective."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation.brush import OVERSAMPLING, Brush, Point
from avdistill.simulation.subjects import Colour

WIDTH, HEIGHT = OVERSAMPLING * FRAME_SHAPE[1], OVERSAMPLING * FRAME_SHAPE[0]
LIGHT = {"anechoic": 0.86, "office": 0.98, "terrace": 1.06}


class Hall(NamedTuple):
    """A floor from before the camera to a far wall; metres.

    Attributes
    ----------
    middle : shift to the right, as camera positions differ.
    half : half the width.
    far : distance of the far wall.
    """

    middle: float
    half: float
    far: float

    def level(self, height: float) -> list[Point]:
        """Return the corners of a level surface over the whole floor."""
        left, right = self.middle - self.half, self.middle + self.half
        corners = (left, 0.6), (right, 0.6), (right, self.far), (left, self.far)
        return [(x, height, z) for x, z in corners]

    def rule(self, brush: Brush, spacing: float, width: float, colour: Colour) -> None:
        """Draw lines along and across the floor."""
        left, right = self.middle - self.half, self.middle + self.half
        for x in np.arange(left, right + 1e-9, spacing):
            brush.line([(x, 0, 0.6), (x, 0, self.far)], width / 8, colour)
        for z in np.arange(1.4, self.far, spacing):
            brush.line([(left, 0, z), (right, 0, z)], width, colour)


def _rectangle(brush: Brush, low: Point, high: Point, colour: Colour, factor: float = 1.0) -> None:
    """Fill a rectangle that faces the camera, from lower left to upper right corner."""
    (left, bottom), (right, top) = brush.at(low), brush.at(high)
    if right > left and bottom > top:
        brush.draw.rectangle((left, top, right, bottom), fill=brush.lit(colour, factor))


def _anechoic(picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float) -> None:
    """Draw foam wedges on every wall and a floor of wire."""
    foam: Colour = (96, 102, 112)
    hall, ceiling, tile = Hall(pan, 3.0, 5.2), 3.6, 0.6
    picture.paste(brush.lit(foam, 0.3), (0, 0, WIDTH, HEIGHT))
    for row in range(round(ceiling / tile)):
        for column in range(-5, 5):
            x, low = pan + column * tile, row * tile
            worn = 1.0 + 0.05 * ((7 * row + 3 * column) % 3 - 1)
            for ridge in range(3):
                for half, shade in ((0, 0.76), (1, 1.06)):
                    a = (2 * ridge + half) * tile / 6
                    if (row + column) % 2:
                        corners = (x, low + a), (x + tile, low + a + tile / 6)
                    else:
                        corners = (x + a, low), (x + a + tile / 6, low + tile)
                    low_corner, high_corner = ((*corner, hall.far) for corner in corners)
                    _rectangle(brush, low_corner, high_corner, foam, shade * worn)
    for edge in (pan - hall.half, pan + hall.half):  # side walls: wedges foreshortened to slats
        for slat in range(24):
            z = 1.6 + 0.15 * slat
            wall = (0.0, z), (ceiling, z), (ceiling, z + 0.15), (0.0, z + 0.15)
            corners = [(edge, *corner) for corner in wall]
            brush.polygon(corners, foam, 0.5 if slat % 2 else 0.78)
    brush.polygon(hall.level(0.0), (78, 80, 84))
    hall.rule(brush, 0.4, 0.012, (96, 98, 102))


def _office(picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float) -> None:
    """Draw an open space: windows, ceiling lights, desks with screens, shelves, a plant."""
    hall, ceiling = Hall(pan, 6.0, 8.5), 3.2
    picture.paste(brush.lit((206, 204, 196)), (0, 0, WIDTH, HEIGHT))
    brush.polygon(hall.level(0.0), (122, 128, 138))
    brush.polygon(hall.level(ceiling), (228, 228, 224))
    for z in (2.2, 4.4, 6.6):
        for x in (-3.6, 0.0, 3.6):
            lamp = (-0.6, 0.0), (0.6, 0.0), (0.6, 0.6), (-0.6, 0.6)
            corners = [(pan + x + dx, ceiling, z + dz) for dx, dz in lamp]
            brush.polygon(corners, (255, 255, 250), 1.1)
    for column in range(-4, 4):
        x = pan + 1.45 * column
        if rng.random() < 0.72:
            _draw_window(brush, x, hall.far, rng.uniform(1.2, 1.6))
        else:
            brush.slab((x + 0.1, 0.0, hall.far - 0.3), (1.2, 1.9, 0.3), (158, 136, 108))
            for book in range(24):
                colour = tuple(int(value) for value in rng.integers(80, 190, 3))
                low = 1.42 if book % 2 else 0.9
                corner = (x + 0.16 + 0.045 * book, low, hall.far - 0.31)
                brush.slab(corner, (0.07, 0.34, 0.01), colour)
    for z in (7.2, 5.6):
        for x in (-3.6, -1.5, 1.0, 3.2):
            _draw_desk(brush, pan + x + rng.uniform(-0.4, 0.4), z, rng.random() < 0.8)
    _draw_plant(brush, rng, pan + rng.choice([-2.9, 2.8]), 4.9)


def _draw_window(brush: Brush, x: float, z: float, trees: float) -> None:
    """Draw frame, sky, trees up to a height in metres, and the bar between two panes."""
    for (left, bottom), (right, top), colour, factor in (
        ((0.06, 0.96), (1.39, 2.64), (236, 236, 232), 1.0),
        ((0.1, 1.0), (1.35, 2.6), (190, 218, 240), 1.05),
        ((0.1, 1.0), (1.35, trees), (140, 164, 146), 1.0),
        ((0.7, 1.0), (0.75, 2.6), (236, 236, 232), 1.0),
    ):
        _rectangle(brush, (x + left, bottom, z), (x + right, top, z), colour, factor)


def _draw_desk(brush: Brush, x: float, z: float, screen: bool) -> None:
    brush.slab((x, 0.0, z), (1.4, 0.72, 0.02), (158, 156, 154))
    brush.slab((x, 0.72, z - 0.1), (1.4, 0.03, 0.7), (214, 206, 190))
    if screen:
        brush.slab((x + 0.4, 0.85, z + 0.2), (0.55, 0.34, 0.03), (46, 50, 58))
        brush.slab((x + 0.43, 0.88, z + 0.19), (0.49, 0.28, 0.005), (120, 160, 196))


def _draw_plant(brush: Brush, rng: np.random.Generator, x: float, z: float) -> None:
    brush.slab((x - 0.16, 0.0, z - 0.16), (0.32, 0.34, 0.3), (158, 96, 70))
    for _ in range(34):
        up = rng.uniform(0.4, 1.05)
        leaf = rng.uniform(0.05, 0.1)
        green = (int(40 + 50 * up), int(82 + 62 * up), 58)
        brush.oval((x + rng.normal(0, 0.16), up, z), leaf, 0.7 * leaf, green)


def _terrace(picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float) -> None:
    """Draw sky, hills and houses, a railing, tiles in the sun, plants and a parasol."""
    _draw_distance(picture, brush, rng, pan)
    hall, rail = Hall(pan, 8.0, 6.6), (74, 78, 84)
    brush.polygon(hall.level(0.0), (206, 188, 164))
    hall.rule(brush, 0.6, 0.012, (184, 165, 141))
    brush.slab((pan - hall.half, 0.0, hall.far), (2 * hall.half, 0.3, 0.2), (222, 210, 192))
    for post in range(54):
        x = pan - hall.half + 0.3 * post
        ends = [(x, 0.3, hall.far), (x, 1.05, hall.far)]
        brush.line(ends, 0.05 if post % 6 == 0 else 0.016, rail)
    brush.line([(pan + edge, 1.05, hall.far) for edge in (-hall.half, hall.half)], 0.06, rail)
    for x in (-3.1, -1.9, 2.3, 3.3):
        if rng.random() < 0.75:
            _draw_plant(brush, rng, pan + x + rng.uniform(-0.3, 0.3), rng.uniform(5.2, 6.2))
    x, z = pan + rng.choice([-2.6, 2.7]), 5.8
    brush.limb((x, 0.0, z), (x, 2.8, z), (0.05, 0.05), (150, 140, 126))
    for half, colour in ((1.3, (204, 92, 74)), (0.45, (234, 222, 204))):
        brush.polygon([(x - half, 2.1, z), (x, 2.75, z), (x + half, 2.1, z)], colour)


def _draw_distance(
    picture: Image.Image, brush: Brush, rng: np.random.Generator, pan: float
) -> None:
    """Draw sky, clouds, hills and houses; they are so far away that `pan` hardly moves them."""
    horizon = HEIGHT // 2
    blend = np.linspace(0, 1, horizon)[:, None, None]
    sky = (1 - blend) * np.array([112, 164, 222]) + blend * np.array([224, 236, 244])
    strip = Image.fromarray(sky.astype(np.uint8))
    picture.paste(strip.resize((WIDTH, horizon), Image.Resampling.NEAREST), (0, 0))
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
        wide, tall = rng.uniform(60, 140), rng.uniform(24, 100)
        front = rng.uniform(176, 222)
        walls = (int(front), int(0.9 * front), int(0.79 * front))
        brush.draw.rectangle((column, horizon - tall, column + wide, HEIGHT), fill=walls)
        eaves = [(column - 6, horizon - tall), (column + wide + 6, horizon - tall)]
        top = (column + wide / 2, horizon - tall - 20)
        brush.draw.polygon([*eaves, top], fill=(172, 106, 84))
        for left in np.arange(column + 12, column + wide - 16, 30):
            box = (left, horizon - tall + 12, left + 11, horizon - tall + 28)
            brush.draw.rectangle(box, fill=(112, 122, 134))
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
    _PAINTERS[kind](picture, Brush(picture, camera_height, light), rng, pan)
    return picture.reduce(2 * OVERSAMPLING).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
