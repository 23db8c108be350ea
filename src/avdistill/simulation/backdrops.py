"""Backgrounds of the three kinds of scenario, drawn in the camera's perspective."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation.subjects import Colour
from avdistill.simulation.view import OVERSAMPLING, View, disc, limb, oval, slab

WIDTH, HEIGHT = OVERSAMPLING * FRAME_SHAPE[1], OVERSAMPLING * FRAME_SHAPE[0]
LIGHT = {"anechoic": 0.82, "office": 0.98, "terrace": 1.06}

Corner = tuple[float, float, float]


def _face(
    draw: ImageDraw.ImageDraw, view: View, corners: list[Corner], colour: Colour, factor: float = 1
) -> None:
    draw.polygon([view.at(*corner) for corner in corners], fill=view.lit(colour, factor))


def _fade(picture: Image.Image, top: int, bottom: int, upper: Colour, lower: Colour) -> None:
    """Fill rows with a vertical gradient."""
    top, bottom = max(0, top), min(HEIGHT, bottom)
    if bottom <= top:
        return
    blend = np.linspace(0, 1, bottom - top)[:, None, None]
    rows = (1 - blend) * np.array(upper) + blend * np.array(lower)
    strip = Image.fromarray(np.clip(rows, 0, 255).astype(np.uint8))
    picture.paste(strip.resize((WIDTH, bottom - top), Image.Resampling.NEAREST), (0, top))


def _anechoic(picture: Image.Image, view: View, rng: np.random.Generator, pan: float) -> None:
    """Foam wedges on every wall, a wire floor."""
    draw = ImageDraw.Draw(picture)
    foam: Colour = (92, 98, 108)
    wall, half, ceiling, tile = 5.2, 3.0, 3.6, 0.6
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=view.lit(foam, 0.35))
    for row in range(round(ceiling / tile)):
        for column in range(-5, 5):
            x, low = pan + column * tile, row * tile
            for ridge in range(3):
                upright = (row + column) % 2 == 0
                for part, shade in ((0, 0.72), (0.5, 1.12)):
                    a, b = (ridge + part) * tile / 3, (ridge + part + 0.5) * tile / 3
                    if upright:
                        near, far = view.at(x + a, low, wall), view.at(x + b, low + tile, wall)
                    else:
                        near, far = view.at(x, low + a, wall), view.at(x + tile, low + b, wall)
                    box = (near[0], far[1], far[0], near[1])
                    draw.rectangle(box, fill=view.lit(foam, shade - 0.06 * (ridge == 1)))
    for side in (-1, 1):  # side walls: wedges foreshortened to slats
        edge = pan + side * half
        for slat in range(24):
            z0, z1 = 1.6 + 0.15 * slat, 1.6 + 0.15 * (slat + 1)
            corners = [(edge, 0.0, z0), (edge, ceiling, z0), (edge, ceiling, z1), (edge, 0.0, z1)]
            _face(draw, view, corners, foam, 0.5 if slat % 2 else 0.78)
    floor = [(pan - half, 0.0, 1.2), (pan + half, 0.0, 1.2), (pan + half, 0.0, wall)]
    _face(draw, view, [*floor, (pan - half, 0.0, wall)], (74, 76, 80))
    for line in range(16):
        z = 1.4 + 0.25 * line
        draw.line((view.at(pan - half, 0, z), view.at(pan + half, 0, z)), fill=view.lit((104, 106, 110)), width=2)  # fmt: skip
        x = pan - half + 0.4 * line
        draw.line((view.at(x, 0, 1.2), view.at(x, 0, wall)), fill=view.lit((104, 106, 110)), width=2)  # fmt: skip


def _office(picture: Image.Image, view: View, rng: np.random.Generator, pan: float) -> None:
    """Open space: windows, ceiling lights, desks with screens, shelves and plants."""
    draw = ImageDraw.Draw(picture)
    wall, half, ceiling = 8.5, 6.0, 3.2
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=view.lit((206, 204, 196)))
    ground = [(pan - half, 0.0, 1.2), (pan + half, 0.0, 1.2), (pan + half, 0.0, wall)]
    _face(draw, view, [*ground, (pan - half, 0.0, wall)], (122, 128, 138))
    roof = [(pan - half, ceiling, 1.2), (pan + half, ceiling, 1.2), (pan + half, ceiling, wall)]
    _face(draw, view, [*roof, (pan - half, ceiling, wall)], (228, 228, 224))
    for z in (2.2, 4.4, 6.6):
        for x in (-3.6, 0.0, 3.6):
            lamp = [(pan + x + dx, ceiling, z + dz) for dx, dz in ((-0.6, 0), (0.6, 0), (0.6, 0.6), (-0.6, 0.6))]  # fmt: skip
            _face(draw, view, lamp, (255, 255, 250), 1.1)
    for column in range(-4, 4):
        x = pan + 1.45 * column
        if rng.random() < 0.72:
            near, far = view.at(x + 0.1, 1.0, wall), view.at(x + 1.35, 2.6, wall)
            draw.rectangle((near[0], far[1], far[0], near[1]), fill=view.lit((196, 222, 240), 1.05))
            sill = view.at(x + 0.1, 1.0 + 0.4 * rng.random(), wall)
            draw.rectangle((near[0], sill[1], far[0], near[1]), fill=view.lit((142, 164, 150)))
            bar = view.at(x + 0.72, 2.6, wall)
            draw.line((bar, (bar[0], near[1])), fill=view.lit((236, 236, 232)), width=5)
        else:
            slab(draw, view, (x + 0.1, 0.0, wall - 0.3), (1.2, 1.9, 0.3), (158, 136, 108))
            for book in range(12):
                colour = tuple(int(v) for v in rng.integers(60, 210, 3))
                slab(draw, view, (x + 0.16 + 0.09 * book, 1.1, wall - 0.31), (0.07, 0.34, 0.01), colour)  # fmt: skip
    for z in (7.2, 5.6):
        for x in (-3.6, -1.5, 1.0, 3.2):
            place = pan + x + rng.uniform(-0.4, 0.4)
            slab(draw, view, (place, 0.0, z), (1.4, 0.72, 0.02), (150, 150, 152))
            slab(draw, view, (place, 0.72, z - 0.1), (1.4, 0.03, 0.7), (214, 206, 190))
            if rng.random() < 0.8:
                slab(draw, view, (place + 0.4, 0.85, z + 0.2), (0.55, 0.34, 0.03), (46, 50, 58))
                slab(draw, view, (place + 0.43, 0.88, z + 0.19), (0.49, 0.28, 0.005), (120, 160, 196))  # fmt: skip
    _plant(draw, view, rng, pan + rng.choice([-2.9, 2.8]), 4.9, 0.0)


def _plant(
    draw: ImageDraw.ImageDraw, view: View, rng: np.random.Generator, x: float, z: float, low: float
) -> None:
    """Draw a potted plant."""
    slab(draw, view, (x - 0.16, low, z - 0.16), (0.32, 0.34, 0.3), (158, 96, 70))
    for _ in range(26):
        dx, up = rng.normal(0, 0.17), rng.uniform(0.4, 1.05)
        green = (int(rng.uniform(46, 88)), int(rng.uniform(96, 146)), 62)
        leaf = view.size(rng.uniform(0.05, 0.1), z)
        oval(draw, view.at(x + dx, low + up, z), leaf, 0.7 * leaf, view.lit(green))


def _terrace(picture: Image.Image, view: View, rng: np.random.Generator, pan: float) -> None:
    """Sky, far hills and houses, a railing, tiles in the sun, plants and a parasol."""
    horizon = round(view.at(0, view.camera_height, 1.0)[1])
    _fade(picture, 0, horizon, (118, 168, 222), (222, 234, 242))
    draw = ImageDraw.Draw(picture)
    for _ in range(5):
        column, row = rng.uniform(0, WIDTH), rng.uniform(0.05, 0.6) * horizon
        for _ in range(6):
            spot = (column + rng.normal(0, 50), row + rng.normal(0, 9))
            oval(draw, spot, rng.uniform(30, 80), rng.uniform(9, 22), (238, 242, 246))
    ridge = [
        (column, horizon - 60 - 34 * np.sin(column / 170 + 3 * rng.random()) + pan * 4)
        for column in range(-40, WIDTH + 80, 80)
    ]
    draw.polygon([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=(128, 156, 150))
    column = -30 + 40 * pan
    while column < WIDTH:
        wide, tall = rng.uniform(50, 130), rng.uniform(24, 110)
        front = int(rng.uniform(168, 222))
        walls = (front, int(0.9 * front), int(0.78 * front))
        draw.rectangle((column, horizon - tall, column + wide, HEIGHT), fill=walls)
        roof = [(column - 6, horizon - tall), (column + wide + 6, horizon - tall)]
        draw.polygon([*roof, (column + wide / 2, horizon - tall - 22)], fill=(168, 96, 74))
        for window in range(int(wide // 26)):
            left, top = column + 10 + 26 * window, horizon - tall + 12
            draw.rectangle((left, top, left + 10, top + 15), fill=(104, 116, 130))
        column += wide + rng.uniform(-10, 70)
    edge, half = 6.6, 8.0
    ground = [(pan - half, 0.0, 1.2), (pan + half, 0.0, 1.2), (pan + half, 0.0, edge)]
    _face(draw, view, [*ground, (pan - half, 0.0, edge)], (204, 186, 162))
    for line in range(28):
        x, z = pan - half + 0.6 * line, 1.3 + 0.4 * line
        draw.line((view.at(x, 0, 1.2), view.at(x, 0, edge)), fill=view.lit((178, 158, 134)), width=2)  # fmt: skip
        if z < edge:
            draw.line((view.at(-half, 0, z), view.at(half, 0, z)), fill=view.lit((178, 158, 134)), width=2)  # fmt: skip
    slab(draw, view, (pan - half, 0.0, edge), (2 * half, 0.3, 0.2), (220, 208, 190))
    for post in range(81):
        x = pan - half + 0.2 * post
        width = 7 if post % 8 == 0 else 3
        draw.line((view.at(x, 0.3, edge), view.at(x, 1.05, edge)), fill=view.lit((78, 82, 88)), width=width)  # fmt: skip
    rail = view.at(pan - half, 1.05, edge), view.at(pan + half, 1.05, edge)
    draw.line(rail, fill=view.lit((70, 74, 80)), width=9)
    for x in (-3.1, -1.9, 2.3, 3.3):
        if rng.random() < 0.75:
            _plant(draw, view, rng, pan + x + rng.uniform(-0.3, 0.3), rng.uniform(5.2, 6.2), 0.0)
    x = pan + rng.choice([-2.6, 2.7])
    limb(draw, view.at(x, 0, 5.8), view.at(x, 2.4, 5.8), (9, 9), view.lit((150, 140, 126)))
    shade = [(x - 1.3, 2.1, 5.8), (x, 2.75, 5.8), (x + 1.3, 2.1, 5.8)]
    _face(draw, view, shade, (204, 92, 74))
    _face(draw, view, [(x - 0.45, 2.1, 5.8), (x, 2.75, 5.8), (x + 0.45, 2.1, 5.8)], (234, 222, 204))
    disc(draw, view.at(x, 2.78, 5.8), 6, view.lit((150, 140, 126)))


_PAINTERS: dict[str, Callable[[Image.Image, View, np.random.Generator, float], None]] = {
    "anechoic": _anechoic,
    "office": _office,
    "terrace": _terrace,
}


def paint_backdrop(kind: str, view: View, rng: np.random.Generator, pan: float) -> Image.Image:
    """Paint a place.

    Parameters
    ----------
    kind : one of `scene.KINDS`.
    rng : draws what the place holds; the same for all sequences of a scenario.
    pan : metres by which the place is shifted to the right, as camera positions differ.

    Returns
    -------
    Picture of 1280 x 960, RGB.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    _PAINTERS[kind](picture, view, rng, pan)
    return picture
