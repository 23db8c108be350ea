"""The camera's view while a picture is drawn: from metres to pixels, and the light."""

from typing import NamedTuple

from PIL import ImageDraw

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation.array import FOCAL_LENGTH
from avdistill.simulation.subjects import Colour

OVERSAMPLING = 2  # pictures are drawn larger and reduced, for Pillow draws without smoothing

Point = tuple[float, float]


class View(NamedTuple):
    """A level camera above a floor.

    Attributes
    ----------
    camera_height : metres above the floor.
    light : factor on every colour.
    origin : upper left corner of what is drawn, in oversampled pixels.
    """

    camera_height: float
    light: float
    origin: tuple[int, int] = (0, 0)

    def at(self, x: float, height: float, z: float) -> Point:
        """Where a point is drawn: x metres to the right, some height above the floor, z away."""
        scale = FOCAL_LENGTH / z
        column = FRAME_SHAPE[1] / 2 + scale * x
        row = FRAME_SHAPE[0] / 2 + scale * (self.camera_height - height)
        return OVERSAMPLING * column - self.origin[0], OVERSAMPLING * row - self.origin[1]

    def size(self, metres: float, z: float) -> float:
        """How many oversampled pixels some metres take up at a distance."""
        return OVERSAMPLING * FOCAL_LENGTH * metres / z

    def lit(self, colour: Colour, factor: float = 1.0) -> Colour:
        """Return a colour in this light."""
        red, green, blue = colour
        gain = self.light * factor
        return (
            min(255, int(red * gain)),
            min(255, int(green * gain)),
            min(255, int(blue * gain)),
        )


def disc(draw: ImageDraw.ImageDraw, centre: Point, radius: float, fill: Colour) -> None:
    """Draw a filled circle."""
    oval(draw, centre, radius, radius, fill)


def oval(
    draw: ImageDraw.ImageDraw, centre: Point, across: float, down: float, fill: Colour
) -> None:
    """Draw a filled ellipse by its centre and half axes."""
    column, row = centre
    draw.ellipse((column - across, row - down, column + across, row + down), fill=fill)


def limb(
    draw: ImageDraw.ImageDraw, start: Point, end: Point, widths: tuple[float, float], fill: Colour
) -> None:
    """Draw a tapering limb with round ends."""
    (x0, y0), (x1, y1) = start, end
    length = max(1e-6, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
    across, along = (y0 - y1) / length, (x1 - x0) / length
    a, b = widths[0] / 2, widths[1] / 2
    corners = [
        (x0 + a * across, y0 + a * along),
        (x1 + b * across, y1 + b * along),
        (x1 - b * across, y1 - b * along),
        (x0 - a * across, y0 - a * along),
    ]
    draw.polygon(corners, fill=fill)
    disc(draw, start, a, fill)
    disc(draw, end, b, fill)


def slab(
    draw: ImageDraw.ImageDraw,
    view: View,
    corner: tuple[float, float, float],
    extent: tuple[float, float, float],
    colour: Colour,
) -> None:
    """Draw a box by its near lower left corner (x, height, z) and its width, height and depth."""
    (x, low, near), (width, tall, deep) = corner, extent
    high, far = low + tall, near + deep
    if view.camera_height > high:
        lid = [view.at(x, high, near), view.at(x + width, high, near)]
        lid += [view.at(x + width, high, far), view.at(x, high, far)]
        draw.polygon(lid, fill=view.lit(colour, 1.12))
    for edge, seen in ((x, x > 0), (x + width, x + width < 0)):
        if seen:
            side = [view.at(edge, low, near), view.at(edge, high, near)]
            side += [view.at(edge, high, far), view.at(edge, low, far)]
            draw.polygon(side, fill=view.lit(colour, 0.72))
    front = [view.at(x, low, near), view.at(x + width, low, near)]
    front += [view.at(x + width, high, near), view.at(x, high, near)]
    draw.polygon(front, fill=view.lit(colour, 0.9))
