"""A brush that draws in metres: the camera's perspective and the light of the place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PIL import ImageDraw

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation.array import FOCAL_LENGTH

OVERSAMPLING = 2  # pictures are drawn larger and reduced, for Pillow draws without smoothing

Point = tuple[float, float, float]  # metres to the right of, above and behind another point
Colour = tuple[int, int, int]
Shape = tuple[Any, ...]  # a method of Brush, then its arguments


def shaded(colour: Colour, factor: float) -> Colour:
    """Return a colour made lighter or darker by a factor."""
    return tuple(min(255, int(factor * value)) for value in colour)


def shifted(point: Point, right: float, up: float, away: float = 0.0) -> Point:
    """Return the point that lies some metres to the right, up and away from the camera."""
    return point[0] + right, point[1] + up, point[2] + away


@dataclass
class Brush:
    """Draws on a picture, or a part of one, as a level camera above a floor would show things.

    Attributes
    ----------
    draw : Pillow's, on the picture.
    camera_height : metres above the floor.
    light : factor on every colour.
    origin : upper left corner of the picture, in oversampled pixels of the whole.
    place : what points count from; it counts from the floor under the camera.
    """

    draw: ImageDraw.ImageDraw
    camera_height: float
    light: float
    origin: tuple[int, int] = (0, 0)
    place: Point = (0.0, 0.0, 0.0)

    def moved(self, right: float, up: float, away: float) -> "Brush":
        """Return the brush that counts points from another place."""
        return replace(self, place=shifted(self.place, right, up, away))

    def at(self, point: Point) -> tuple[float, float]:
        """Return where a point is drawn, in oversampled pixels."""
        x, height, z = shifted(self.place, *point)
        scale = FOCAL_LENGTH / z
        column = FRAME_SHAPE[1] / 2 + scale * x
        row = FRAME_SHAPE[0] / 2 + scale * (self.camera_height - height)
        return OVERSAMPLING * column - self.origin[0], OVERSAMPLING * row - self.origin[1]

    def size(self, metres: float, away: float) -> float:
        """Return how many oversampled pixels some metres take up, so far away from the place."""
        return OVERSAMPLING * FOCAL_LENGTH * metres / (self.place[2] + away)

    def lit(self, colour: Colour, factor: float = 1.0) -> Colour:
        """Return a colour in this light."""
        return shaded(colour, self.light * factor)

    def paint(self, *shapes: Shape) -> None:
        """Draw shapes, each over those before."""
        for draw, *arguments in shapes:
            draw(self, *arguments)

    def oval(self, centre: Point, across: float, down: float, colour: Colour) -> None:
        """Fill an upright ellipse by its half axes in metres."""
        self.ellipse(
            self.at(centre),
            self.size(across, centre[2]),
            self.size(down, centre[2]),
            self.lit(colour),
        )

    def ellipse(
        self, centre: tuple[float, float], across: float, down: float, fill: Colour
    ) -> None:
        """Fill an upright ellipse by its half axes in pixels; the light does not change `fill`."""
        column, row = centre
        self.draw.ellipse((column - across, row - down, column + across, row + down), fill=fill)

    def polygon(self, corners: Sequence[Point], colour: Colour, factor: float = 1.0) -> None:
        """Fill a polygon."""
        self.draw.polygon([self.at(corner) for corner in corners], fill=self.lit(colour, factor))

    def panel(self, low: Point, high: Point, colour: Colour, factor: float = 1.0) -> None:
        """Fill a rectangle, level or upright, between two opposite corners."""
        (left, bottom, near), (right, top, far) = low, high
        second, fourth = (top, bottom) if left == right else (bottom, top)  # heights
        self.polygon((low, (right, second, near), high, (left, fourth, far)), colour, factor)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw a line of some metres' width, at least one pixel of the finished picture."""
        self.draw.line(
            [self.at(point) for point in points],
            fill=self.lit(colour),
            width=max(OVERSAMPLING, round(self.size(width, points[0][2]))),
        )

    def limb(self, start: Point, end: Point, widths: tuple[float, float], colour: Colour) -> None:
        """Draw a tapering limb with round ends."""
        (x0, y0), (x1, y1) = self.at(start), self.at(end)
        length = max(1e-6, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
        across, along = (y0 - y1) / length, (x1 - x0) / length
        a, b = self.size(widths[0] / 2, start[2]), self.size(widths[1] / 2, end[2])
        fill = self.lit(colour)
        self.draw.polygon(
            [
                (x0 + a * across, y0 + a * along),
                (x1 + b * across, y1 + b * along),
                (x1 - b * across, y1 - b * along),
                (x0 - a * across, y0 - a * along),
            ],
            fill=fill,
        )
        self.ellipse((x0, y0), a, a, fill)
        self.ellipse((x1, y1), b, b, fill)

    def slab(self, corner: Point, extent: Point, colour: Colour) -> None:
        """Draw a box by its near lower left corner and its width, height and depth."""
        box = self.moved(*corner)
        (left, low, _), (width, height, depth) = box.place, extent
        if self.camera_height > low + height:
            box.panel((0.0, height, 0.0), extent, colour, 1.12)
        if left > 0 or left + width < 0:  # one of the sides faces the camera
            side = 0.0 if left > 0 else width
            box.panel((side, 0.0, 0.0), (side, height, depth), colour, 0.72)
        box.panel((0.0, 0.0, 0.0), (width, height, 0.0), colour, 0.9)
