"""A brush that draws in metres: the camera's perspective and the light of the place."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation.array import FOCAL_LENGTH
from avdistill.simulation.subjects import Colour

OVERSAMPLING = 2  # pictures are drawn larger and reduced, for Pillow draws without smoothing

Point = tuple[float, float, float]  # x to the right of the camera, height above the floor, distance
Pixel = tuple[float, float]


def shaded(colour: Colour, factor: float) -> Colour:
    """Return a colour made lighter or darker by a factor."""
    red, green, blue = (min(255, int(factor * value)) for value in colour)
    return red, green, blue


def shifted(point: Point, right: float, up: float, away: float = 0.0) -> Point:
    """Return the point that lies some metres to the right, up and away from the camera."""
    return point[0] + right, point[1] + up, point[2] + away


class Brush:
    """Draws on a picture, or a part of one, as a level camera above a floor would show things.

    Parameters
    ----------
    picture : what to draw on.
    camera_height : metres above the floor.
    light : factor on every colour.
    origin : upper left corner of `picture`, in oversampled pixels of the whole.
    """

    def __init__(
        self,
        picture: Image.Image,
        camera_height: float,
        light: float,
        origin: tuple[int, int] = (0, 0),
    ):
        self.draw = ImageDraw.Draw(picture)
        self.camera_height = camera_height
        self.light = light
        self.origin = origin

    def at(self, point: Point) -> Pixel:
        """Return where a point is drawn, in oversampled pixels."""
        scale = FOCAL_LENGTH / point[2]
        column = FRAME_SHAPE[1] / 2 + scale * point[0]
        row = FRAME_SHAPE[0] / 2 + scale * (self.camera_height - point[1])
        return OVERSAMPLING * column - self.origin[0], OVERSAMPLING * row - self.origin[1]

    def size(self, metres: float, z: float) -> float:
        """Return how many oversampled pixels some metres at a distance take up."""
        return OVERSAMPLING * FOCAL_LENGTH * metres / z

    def lit(self, colour: Colour, factor: float = 1.0) -> Colour:
        """Return a colour in this light."""
        return shaded(colour, self.light * factor)

    def oval(self, centre: Point, across: float, down: float, colour: Colour) -> None:
        """Fill an upright ellipse by its half axes in metres."""
        across, down = self.size(across, centre[2]), self.size(down, centre[2])
        self.ellipse(self.at(centre), across, down, self.lit(colour))

    def ellipse(self, centre: Pixel, across: float, down: float, fill: Colour) -> None:
        """Fill an upright ellipse by its half axes in pixels; the light does not change `fill`."""
        column, row = centre
        self.draw.ellipse((column - across, row - down, column + across, row + down), fill=fill)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Fill a circle that faces the camera."""
        self.oval(centre, radius, radius, colour)

    def polygon(self, corners: Sequence[Point], colour: Colour, factor: float = 1.0) -> None:
        """Fill a polygon."""
        self.draw.polygon([self.at(corner) for corner in corners], fill=self.lit(colour, factor))

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draw a line of some metres' width, at least one pixel of the finished picture."""
        pixels = max(OVERSAMPLING, round(self.size(width, points[0][2])))
        self.draw.line([self.at(point) for point in points], fill=self.lit(colour), width=pixels)

    def limb(self, start: Point, end: Point, widths: tuple[float, float], colour: Colour) -> None:
        """Draw a tapering limb with round ends."""
        (x0, y0), (x1, y1) = self.at(start), self.at(end)
        length = max(1e-6, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
        across, along = (y0 - y1) / length, (x1 - x0) / length
        a, b = self.size(widths[0] / 2, start[2]), self.size(widths[1] / 2, end[2])
        fill = self.lit(colour)
        corners = [
            (x0 + a * across, y0 + a * along),
            (x1 + b * across, y1 + b * along),
            (x1 - b * across, y1 - b * along),
            (x0 - a * across, y0 - a * along),
        ]
        self.draw.polygon(corners, fill=fill)
        self.ellipse((x0, y0), a, a, fill)
        self.ellipse((x1, y1), b, b, fill)

    def slab(self, corner: Point, extent: Point, colour: Colour) -> None:
        """Draw a box by its near lower left corner and its width, height and depth."""
        (left, low, near), (right, high, far) = corner, shifted(corner, *extent)
        if self.camera_height > high:
            lid = (left, near), (right, near), (right, far), (left, far)
            self.polygon([(x, high, z) for x, z in lid], colour, 1.12)
        if left > 0 or right < 0:  # one of the sides faces the camera
            x = left if left > 0 else right
            side = [(x, low, near), (x, high, near), (x, high, far), (x, low, far)]
            self.polygon(side, colour, 0.72)
        front = (left, low), (right, low), (right, high), (left, high)
        self.polygon([(*place, near) for place in front], colour, 0.9)
