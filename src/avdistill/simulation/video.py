"""The camera's frames: a drawn subject who moves with the sounds, in a drawn place.

What stands still is drawn once for a sequence; arms, mouth and prop are drawn for each frame,
twice as large as they appear, and reduced. Things of many actions lie about in every sequence, so
that the picture alone only hints at the action.
"""

import io
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation import figure, props
from avdistill.simulation.array import FOCAL_LENGTH
from avdistill.simulation.backdrops import HEIGHT, LIGHT, WIDTH, paint_backdrop
from avdistill.simulation.brush import OVERSAMPLING, Brush, Point
from avdistill.simulation.gestures import TABLE_HEIGHT, Gesture, Moment, moments
from avdistill.simulation.scene import Scene
from avdistill.simulation.sounds.resonance import Performance
from avdistill.simulation.subjects import Subject, draw_subject

JPEG_QUALITY = 76
# How many things lie about, how often one stands before the hands, how often somebody walks past:
# nothing hides the action in the anechoic chamber, much does in the office.
CLUTTER = {"anechoic": (1, 4), "office": (4, 8), "terrace": (2, 6)}
OCCLUDER_CHANCE = {"anechoic": 0.0, "office": 0.45, "terrace": 0.25}
PASSER_CHANCE = {"anechoic": 0.0, "office": 0.35, "terrace": 0.2}

Box = tuple[int, int, int, int]


class _Stage(NamedTuple):
    """Where the subject stands, at (x, z) metres behind the table, and what is done there."""

    subject: Subject
    gesture: Gesture
    source: Point
    x: float
    z: float
    table_z: float
    side: int  # of the leading hand in the picture


class _Passer(NamedTuple):
    """Somebody who walks past in front: a cut-out, and its left edge in each frame."""

    cutout: Image.Image
    lefts: np.ndarray


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
    scene, subject, gesture, performance : what is seen.
    num_frames : how many, at 12 a second.
    place_rng : draws what all sequences of a scenario share.
    rng : draws the sequence's own.

    Yields
    ------
    JPEG files, 640 x 480, RGB.
    """
    stage = _set_stage(scene, subject, gesture)
    light = LIGHT[scene.kind] * float(rng.uniform(0.92, 1.05))
    pan = float(rng.uniform(-0.5, 0.5))
    large = paint_backdrop(scene.kind, scene.camera_height, light, place_rng, pan)
    _furnish(large, Brush(large, scene.camera_height, light), scene, stage, rng)
    large.paste((0, 0, 0), (0, 0), _vignette())
    box = _moving_part(Brush(large, scene.camera_height, light), stage)
    occluder = _draw_occluder(scene, light, stage, box, rng)
    passer = _draw_passer(scene, light, num_frames, rng)
    still, backing = large.reduce(OVERSAMPLING), large.crop(box)
    corner = box[0] // OVERSAMPLING, box[1] // OVERSAMPLING
    for index, moment in enumerate(moments(performance.onsets, num_frames)):
        patch = backing.copy()
        _act(Brush(patch, scene.camera_height, light, origin=box[:2]), stage, moment)
        if occluder is not None:
            patch.paste(occluder, (0, 0), occluder)
        frame = still.copy()
        frame.paste(patch.reduce(OVERSAMPLING), corner)
        if passer is not None:
            frame.paste(passer.cutout, (int(passer.lefts[index]), 0), passer.cutout)
        buffer = io.BytesIO()
        frame.save(buffer, "JPEG", quality=JPEG_QUALITY)
        yield buffer.getvalue()


def _set_stage(scene: Scene, subject: Subject, gesture: Gesture) -> _Stage:
    """Put the subject so that the sound arises where the scene says."""
    x, _, z = map(float, scene.position)
    side = 1 if subject.left_handed else -1  # facing us, the right hand is on the left
    body_x, body_z = x - side * gesture.sideways, z + gesture.reach
    source = (x, gesture.source_height(subject), z)
    return _Stage(subject, gesture, source, body_x, body_z, body_z - 0.38, side)


def _furnish(
    picture: Image.Image, brush: Brush, scene: Scene, stage: _Stage, rng: np.random.Generator
) -> None:
    """Draw bystanders, the subject's body and the table with what lies on it, far to near."""
    for person, x, z in sorted(scene.bystanders, key=lambda one: -one.z):
        _cast_shadow(picture, brush, x, z)
        figure.draw_person(brush, person, x, z)
    _cast_shadow(picture, brush, stage.x, stage.z)
    figure.draw_body(brush, stage.subject, stage.x, stage.z)
    tone = props.TABLE_TOPS[rng.integers(len(props.TABLE_TOPS))]
    props.draw_table(brush, stage.x, stage.table_z, tone)
    names = tuple(props.LYING)
    for index in rng.choice(len(names), rng.integers(*CLUTTER[scene.kind]), replace=False):
        x = stage.x + rng.choice([-1, 1]) * rng.uniform(0.3, 0.65)
        z = stage.table_z + rng.uniform(-0.2, 0.05)
        props.LYING[names[index]](brush, float(x), float(z), float(rng.random()))


def _cast_shadow(picture: Image.Image, brush: Brush, x: float, z: float) -> None:
    """Darken the floor around the feet."""
    column, row = map(round, brush.at((x, 0.0, z)))
    across, down = round(brush.size(0.36, z)), max(2, round(brush.size(0.05, z)))
    mask = _soft_spot().resize((2 * across, 2 * down))
    picture.paste((0, 0, 0), (column - across, row - down), mask)


@cache
def _soft_spot() -> Image.Image:
    distance = np.hypot(*np.meshgrid(np.linspace(-1, 1, 64), np.linspace(-1, 1, 32)))
    return Image.fromarray((110 * np.clip(1.2 - 1.2 * distance, 0, 1)).astype(np.uint8))


@cache
def _vignette() -> Image.Image:
    """Darken towards the corners, as lenses do."""
    column, row = np.linspace(-1, 1, WIDTH // 4), np.linspace(-1, 1, HEIGHT // 4)[:, None]
    dark = 34 * (column**2 + row**2) ** 1.5 / 2**1.5
    return Image.fromarray(dark.astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)


def _moving_part(brush: Brush, stage: _Stage) -> Box:
    """Box around everything that moves, in oversampled pixels at even places."""
    near = stage.z - 0.45
    top = max(0.95 * stage.subject.height, TABLE_HEIGHT + 0.4)
    left, upper = brush.at((stage.x - 0.62, top, near))
    right, lower = brush.at((stage.x + 0.62, TABLE_HEIGHT - 0.3, near))
    return (
        max(0, int(left) // 2 * 2),
        max(0, int(upper) // 2 * 2),
        min(WIDTH, int(right) // 2 * 2 + 2),
        min(HEIGHT, int(lower) // 2 * 2 + 2),
    )


def _act(brush: Brush, stage: _Stage, moment: Moment) -> None:
    """Draw the arms, the mouth and what the hands hold at one moment."""
    subject, gesture = stage.subject, stage.gesture
    pose = gesture.pose(moment)
    x, height, z = stage.source
    before = 0.2 if gesture.anchor == "mouth" else 0.0
    sides = (stage.side, -stage.side)
    hands = [
        (stage.x + side * 0.24, TABLE_HEIGHT + 0.035, stage.table_z + 0.12)
        if offset is None
        else (x + side * offset[0], height + offset[1], z - before)
        for side, offset in zip(sides, (pose.lead, pose.other), strict=True)
    ]
    figure.draw_mouth(brush, subject, (stage.x, stage.z), pose.mouth)
    if gesture.prop:
        held = props.Hands(stage.source, *hands, stage.side, moment.index)
        props.HANDLED[gesture.prop](brush, held, pose)
    for side, hand in zip(sides, hands, strict=True):
        joint = figure.shoulder(subject, stage.x, stage.z, side)
        figure.draw_arm(brush, subject, joint, hand, side)


def _draw_occluder(
    scene: Scene, light: float, stage: _Stage, box: Box, rng: np.random.Generator
) -> Image.Image | None:
    """Sometimes something stands on the table between the camera and the hands."""
    if rng.random() >= OCCLUDER_CHANCE[scene.kind]:
        return None
    overlay = Image.new("RGBA", (box[2] - box[0], box[3] - box[1]))
    brush = Brush(overlay, scene.camera_height, light, origin=box[:2])
    draw = props.LYING[("laptop", "books", "bottle", "bag", "mug")[rng.integers(5)]]
    x = stage.x + float(rng.uniform(-0.3, 0.3))
    draw(brush, x, stage.table_z - 0.28, float(rng.random()))
    return overlay


def _draw_passer(
    scene: Scene, light: float, num_frames: int, rng: np.random.Generator
) -> _Passer | None:
    """Sometimes somebody crosses the picture between the camera and the subject, out of focus."""
    if rng.random() >= PASSER_CHANCE[scene.kind]:
        return None
    z, person = float(rng.uniform(1.5, 1.9)), draw_subject(rng)
    half = int(OVERSAMPLING * FOCAL_LENGTH * 0.45 / z) // 4 * 4
    overlay = Image.new("RGBA", (2 * half, HEIGHT))
    brush = Brush(overlay, scene.camera_height, 0.75 * light, (WIDTH // 2 - half, 0))
    figure.draw_person(brush, person, 0.0, z)
    cutout = overlay.reduce(OVERSAMPLING).filter(ImageFilter.GaussianBlur(4))
    speed = rng.uniform(22, 34) * rng.choice([-1, 1])  # pixels a frame: 1 to 1.5 m/s
    meeting = rng.uniform(0, num_frames)
    lefts = (FRAME_SHAPE[1] - cutout.width) / 2 + speed * (np.arange(num_frames) - meeting)
    return _Passer(cutout, lefts)
