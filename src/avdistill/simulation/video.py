"""The camera's frames: a drawn subject who moves with the sounds, in a drawn place.

The still part of the picture is drawn once for a sequence. Arms, mouth and prop are drawn for each
frame, twice as large as they appear, and reduced. Props of many actions lie about in every
sequence, so that the picture alone only hints at the action.
"""

import io
from collections.abc import Iterator
from functools import cache, partial

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation import figure
from avdistill.simulation.array import FOCAL_LENGTH
from avdistill.simulation.backdrops import HEIGHT, LIGHT, WIDTH, paint_backdrop
from avdistill.simulation.brush import OVERSAMPLING, Brush, Point, Shape, shifted
from avdistill.simulation.gestures import REACH, Gesture, Hands, Moment, moments
from avdistill.simulation.props import LYING, TABLE_HEIGHT, TABLE_TOPS, table_shapes
from avdistill.simulation.scene import Scene
from avdistill.simulation.sounds.resonance import Performance
from avdistill.simulation.subjects import Subject, draw_subject

# How many things lie about, how often one stands before the hands, how often somebody walks past:
# nothing hides the action in the anechoic chamber, much does in the office.
CLUTTER = {"anechoic": (1, 4), "office": (4, 8), "terrace": (2, 6)}
OCCLUDER_CHANCE = {"anechoic": 0.0, "office": 0.45, "terrace": 0.25}
PASSER_CHANCE = {"anechoic": 0.0, "office": 0.35, "terrace": 0.2}


class _Stage:
    """The subject, put behind the table so that the sound arises at the scene's position.

    Attributes
    ----------
    brush : draws on a picture, or on a part of it, in the scene's perspective and light.
    side : of the leading hand in the picture, -1 left, 1 right.
    source : where the action's sound arises.
    x, z : where the subject stands, metres.
    table_z : distance of the table's middle, metres.
    """

    def __init__(self, scene: Scene, subject: Subject, gesture: Gesture, light: float):
        self.subject = subject
        self.gesture = gesture
        self.brush = partial(Brush, camera_height=scene.camera_height, light=light)
        self.side = 1 if subject.left_handed else -1  # the subject faces the camera
        x, _, z = map(float, scene.position)
        self.source = (x, gesture.source_height(subject), z)
        self.x, self.z = x - self.side * gesture.sideways, z + REACH[gesture.anchor]
        self.table_z = self.z - 0.38


def render_frames(
    scene: Scene,
    subject: Subject,
    gesture: Gesture,
    performance: Performance,
    *,
    num_frames: int,
    place_rng: np.random.Generator,
    rng: np.random.Generator,
) -> Iterator[bytes]:
    """Render a sequence's frames.

    Parameters
    ----------
    scene, subject, gesture, performance : what the frames show.
    num_frames : how many, at 12 a second.
    place_rng : draws what all sequences of a scenario share.
    rng : draws the sequence's own.

    Yields
    ------
    JPEG files, 640 x 480, RGB.
    """
    light = LIGHT[scene.kind] * float(rng.uniform(0.92, 1.05))
    stage = _Stage(scene, subject, gesture, light)
    pan = float(rng.uniform(-0.5, 0.5))
    large = paint_backdrop(scene.kind, scene.camera_height, light, place_rng, pan)
    _furnish(large, scene, stage, rng)
    large.paste((0, 0, 0), (0, 0), _vignette())
    box = _moving_part(stage.brush(ImageDraw.Draw(large)), stage)
    occluders = [_choose_occluder(stage, rng)] if rng.random() < OCCLUDER_CHANCE[scene.kind] else []
    passers = (
        [_draw_passer(stage, light, num_frames, rng)]
        if rng.random() < PASSER_CHANCE[scene.kind]
        else []
    )
    still, backing = large.reduce(OVERSAMPLING), large.crop(box)
    corner = box[0] // OVERSAMPLING, box[1] // OVERSAMPLING
    for index, moment in enumerate(moments(performance.onsets, num_frames)):
        patch, frame, buffer = backing.copy(), still.copy(), io.BytesIO()
        brush = stage.brush(ImageDraw.Draw(patch), origin=box[:2])
        _act(brush, stage, moment)
        for place, shapes in occluders:
            brush.moved(*place).paint(*shapes)
        frame.paste(patch.reduce(OVERSAMPLING), corner)
        for cutout, lefts in passers:
            frame.paste(cutout, (int(lefts[index]), 0), cutout)
        frame.save(buffer, "JPEG", quality=76)
        yield buffer.getvalue()


def _furnish(picture: Image.Image, scene: Scene, stage: _Stage, rng: np.random.Generator) -> None:
    """Draw bystanders, the subject's body and the table with what lies on it, far to near."""
    brush = stage.brush(ImageDraw.Draw(picture))
    people = [
        (figure.draw_person, *one) for one in sorted(scene.bystanders, key=lambda one: -one.z)
    ]
    for draw, person, x, z in [*people, (figure.draw_body, stage.subject, stage.x, stage.z)]:
        _cast_shadow(picture, brush, x, z)
        draw(brush, person, x, z)
    top = TABLE_TOPS[rng.integers(len(TABLE_TOPS))]
    brush.moved(stage.x, 0.0, stage.table_z).paint(*table_shapes(top))
    lying = tuple(LYING.values())
    for index in rng.choice(len(lying), rng.integers(*CLUTTER[scene.kind]), replace=False):
        x = stage.x + rng.choice([-1, 1]) * rng.uniform(0.3, 0.65)
        z = stage.table_z + rng.uniform(-0.2, 0.05)
        brush.moved(float(x), TABLE_HEIGHT, float(z)).paint(*lying[index](float(rng.random())))


def _cast_shadow(picture: Image.Image, brush: Brush, x: float, z: float) -> None:
    """Darken the floor around the feet."""
    column, row = map(round, brush.at((x, 0.0, z)))
    across, down = round(brush.size(0.36, z)), max(2, round(brush.size(0.05, z)))
    picture.paste(
        (0, 0, 0), (column - across, row - down), _soft_spot().resize((2 * across, 2 * down))
    )


@cache
def _soft_spot() -> Image.Image:
    """Return a mask, 64 x 32, that is densest in its middle."""
    distance = np.hypot(*np.meshgrid(np.linspace(-1, 1, 64), np.linspace(-1, 1, 32)))
    return Image.fromarray((110 * np.clip(1.2 - 1.2 * distance, 0, 1)).astype(np.uint8))


@cache
def _vignette() -> Image.Image:
    """Return a mask of the whole picture that is denser towards the corners, as lenses darken."""
    column, row = np.linspace(-1, 1, WIDTH // 4), np.linspace(-1, 1, HEIGHT // 4)[:, None]
    dark = 34 * (column**2 + row**2) ** 1.5 / 2**1.5
    return Image.fromarray(dark.astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)


def _moving_part(brush: Brush, stage: _Stage) -> tuple[int, int, int, int]:
    """Return the box around everything that moves, in oversampled pixels at even places."""
    near = stage.z - 0.45
    top = max(0.95 * stage.subject.height, TABLE_HEIGHT + 0.4)
    left, upper = (int(place) // 2 * 2 for place in brush.at((stage.x - 0.62, top, near)))
    right, lower = (
        int(place) // 2 * 2 + 2 for place in brush.at((stage.x + 0.62, TABLE_HEIGHT - 0.3, near))
    )
    return max(0, left), max(0, upper), min(WIDTH, right), min(HEIGHT, lower)


def _act(brush: Brush, stage: _Stage, moment: Moment) -> None:
    """Draw the arms, the mouth and what the hands hold at one moment."""
    subject, gesture = stage.subject, stage.gesture
    pose = gesture.pose(moment)
    sides, before = (stage.side, -stage.side), 0.2 if gesture.anchor == "mouth" else 0.0
    hands = [
        (stage.x + side * 0.24, TABLE_HEIGHT + 0.035, stage.table_z + 0.12)
        if offset is None
        else shifted(stage.source, side * offset[0], offset[1], -before)
        for side, offset in zip(sides, (pose.lead, pose.other), strict=True)
    ]
    figure.draw_mouth(brush, subject, (stage.x, stage.z), pose.mouth)
    if gesture.prop:
        brush.paint(
            *gesture.prop(Hands(stage.source, *hands, stage.side, moment.index, pose.state))
        )
    for side, hand in zip(sides, hands, strict=True):
        figure.draw_arm(
            brush, subject, figure.shoulder(subject, stage.x, stage.z, side), hand, side
        )


def _choose_occluder(stage: _Stage, rng: np.random.Generator) -> tuple[Point, list[Shape]]:
    """Return place and shapes of a thing on the table between the camera and the hands."""
    thing = LYING[("laptop", "books", "bottle", "bag", "mug")[rng.integers(5)]]
    x = stage.x + float(rng.uniform(-0.3, 0.3))
    return (x, TABLE_HEIGHT, stage.table_z - 0.28), thing(float(rng.random()))


def _draw_passer(
    stage: _Stage, light: float, num_frames: int, rng: np.random.Generator
) -> tuple[Image.Image, np.ndarray]:
    """Draw somebody who walks past in front of the subject, out of focus and less lit.

    Returns
    -------
    A cut-out, and its left edge in each frame, (num_frames,) pixels.
    """
    z, person = float(rng.uniform(1.5, 1.9)), draw_subject(rng)
    half = int(OVERSAMPLING * FOCAL_LENGTH * 0.45 / z) // 4 * 4
    overlay = Image.new("RGBA", (2 * half, HEIGHT))
    brush = stage.brush(ImageDraw.Draw(overlay), origin=(WIDTH // 2 - half, 0), light=0.75 * light)
    figure.draw_person(brush, person, 0.0, z)
    cutout = overlay.reduce(OVERSAMPLING).filter(ImageFilter.GaussianBlur(4))
    speed = rng.uniform(22, 34) * rng.choice([-1, 1])  # pixels a frame: 1 to 1.5 m/s
    walked = speed * (np.arange(num_frames) - rng.uniform(0, num_frames))
    return cutout, (FRAME_SHAPE[1] - cutout.width) / 2 + walked
