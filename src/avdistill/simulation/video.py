"""The camera's frames: a drawn subject who moves with the sounds, in a drawn place.

What stands still is drawn once for a sequence; arms, mouth and prop are drawn for each frame,
twice as large as they appear, and reduced.
"""

import io
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from avdistill.avia.vocabulary import FRAME_SHAPE
from avdistill.simulation import figure, props
from avdistill.simulation.backdrops import LIGHT, paint_backdrop
from avdistill.simulation.gestures import TABLE_HEIGHT, Gesture, Moment, Pose, moments
from avdistill.simulation.scene import Scene
from avdistill.simulation.sounds.resonance import Performance
from avdistill.simulation.subjects import Subject, draw_subject
from avdistill.simulation.view import OVERSAMPLING, View

JPEG_QUALITY = 78
# How many things lie about, how often one stands before the hands, how often somebody walks past.
CLUTTER = {"anechoic": (0, 3), "office": (4, 8), "terrace": (2, 5)}
OCCLUDER_CHANCE = {"anechoic": 0.0, "office": 0.45, "terrace": 0.25}
PASSER_CHANCE = {"anechoic": 0.0, "office": 0.35, "terrace": 0.2}


class _Stage(NamedTuple):
    """Where the subject stands: metres, and the direction of the leading hand."""

    source: tuple[float, float, float]
    x: float
    z: float
    table_x: float
    table_z: float
    side: int


class _Passer(NamedTuple):
    """Somebody who walks past in front: a cut-out, and its left edge in each frame."""

    cutout: Image.Image
    top: int
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
    view = View(scene.camera_height, LIGHT[scene.kind] * float(rng.uniform(0.92, 1.05)))
    large = paint_backdrop(scene.kind, view, place_rng, float(rng.uniform(-0.5, 0.5)))
    _furnish(ImageDraw.Draw(large), view, scene, subject, stage, rng)
    _add_grain(large, rng)
    box = _moving_part(view, subject, stage)
    still = large.reduce(OVERSAMPLING)
    occluder = _draw_occluder(view, scene, stage, box, rng)
    passer = _draw_passer(view, scene, num_frames, rng)
    backing = large.crop(box)
    near_view = view._replace(origin=box[:2])
    corner = box[0] // OVERSAMPLING, box[1] // OVERSAMPLING
    for index, moment in enumerate(moments(performance.onsets, num_frames)):
        patch = backing.copy()
        _act(ImageDraw.Draw(patch), near_view, subject, gesture, stage, moment)
        if occluder is not None:
            patch.paste(occluder, (0, 0), occluder)
        frame = still.copy()
        frame.paste(patch.reduce(OVERSAMPLING), corner)
        if passer is not None:
            frame.paste(passer.cutout, (int(passer.lefts[index]), passer.top), passer.cutout)
        buffer = io.BytesIO()
        frame.save(buffer, "JPEG", quality=JPEG_QUALITY)
        yield buffer.getvalue()


def _set_stage(scene: Scene, subject: Subject, gesture: Gesture) -> _Stage:
    """Put the subject so that the sound arises where the scene says."""
    x, _, z = map(float, scene.position)
    side = 1 if subject.left_handed else -1  # facing us, the right hand is on the left
    body_x, body_z = x - side * gesture.sideways, z + gesture.reach
    source = (x, gesture.source_height(subject), z)
    return _Stage(source, body_x, body_z, body_x, body_z - 0.38, side)


def _furnish(
    draw: ImageDraw.ImageDraw,
    view: View,
    scene: Scene,
    subject: Subject,
    stage: _Stage,
    rng: np.random.Generator,
) -> None:
    """Draw bystanders, the subject's body and the table with what lies on it, far to near."""
    for person, x, z in sorted(scene.bystanders, key=lambda one: -one.z):
        figure.draw_person(draw, view, person, x, z)
    figure.draw_body(draw, view, subject, stage.x, stage.z)
    tone = tuple(int(v) for v in rng.uniform((130, 100, 70), (220, 200, 180)))
    props.draw_table(draw, view, stage.table_x, stage.table_z, tone)
    things = rng.choice(len(props.LYING), rng.integers(*CLUTTER[scene.kind]), replace=False)
    for index in things:
        across = stage.table_x + rng.choice([-1, 1]) * rng.uniform(0.3, 0.65)
        z = stage.table_z + rng.uniform(-0.2, 0.05)
        props.draw_lying(draw, view, props.LYING[index], across, z, float(rng.random()))


def _add_grain(picture: Image.Image, rng: np.random.Generator) -> None:
    """Take away the flatness of drawn areas: faint large blotches and a darker rim."""
    width, height = picture.size
    blotches = rng.normal(128, 14, (15, 20)).clip(0, 255).astype(np.uint8)
    veil = Image.fromarray(blotches).resize((width, height), Image.Resampling.BICUBIC)
    picture.paste((0, 0, 0), (0, 0), veil.point(lambda value: max(0, value - 118) // 2))


def _moving_part(view: View, subject: Subject, stage: _Stage) -> tuple[int, int, int, int]:
    """Box around everything that moves, in oversampled pixels at even places."""
    width, height = (OVERSAMPLING * FRAME_SHAPE[axis] for axis in (1, 0))
    near = stage.z - 0.45
    left, top = view.at(stage.x - 0.62, max(0.95 * subject.height, TABLE_HEIGHT + 0.4), near)
    right, bottom = view.at(stage.x + 0.62, TABLE_HEIGHT - 0.3, near)
    return (
        max(0, int(left) // 2 * 2),
        max(0, int(top) // 2 * 2),
        min(width, int(right) // 2 * 2 + 2),
        min(height, int(bottom) // 2 * 2 + 2),
    )


def _act(
    draw: ImageDraw.ImageDraw,
    view: View,
    subject: Subject,
    gesture: Gesture,
    stage: _Stage,
    moment: Moment,
) -> None:
    """Draw the arms, the mouth and what the hands hold at one moment."""
    pose: Pose = gesture.pose(moment)
    x, height, z = stage.source
    hands = []
    for side, offset in ((stage.side, pose.lead), (-stage.side, pose.other)):
        if offset is None:
            hand = (stage.x + side * 0.24, TABLE_HEIGHT + 0.035, stage.table_z + 0.12)
        elif gesture.anchor == "mouth":
            hand = (x + side * offset[0], height + offset[1], z - 0.2)
        else:
            hand = (x + side * offset[0], height + offset[1], z)
        hands.append(hand)
    figure.draw_mouth(draw, view, subject, (stage.x, stage.z), pose.mouth)
    held = props.Hands(stage.source, hands[0], hands[1], stage.side, moment.index)
    handled = props.HANDLED[gesture.prop] if gesture.prop else None
    if handled:
        handled(draw, view, held, pose)
    for side, hand in zip((stage.side, -stage.side), hands, strict=True):
        joint = (*figure.shoulder(subject, stage.x, side), stage.z)
        figure.draw_arm(draw, view, subject, joint, hand, side)


def _draw_occluder(
    view: View,
    scene: Scene,
    stage: _Stage,
    box: tuple[int, int, int, int],
    rng: np.random.Generator,
) -> Image.Image | None:
    """Sometimes something stands on the table between the camera and the hands."""
    if rng.random() >= OCCLUDER_CHANCE[scene.kind]:
        return None
    overlay = Image.new("RGBA", (box[2] - box[0], box[3] - box[1]))
    draw = ImageDraw.Draw(overlay)
    what = ["laptop", "books", "bottle", "bag", "mug"][rng.integers(5)]
    x = stage.table_x + rng.uniform(-0.3, 0.3)
    near = view._replace(origin=box[:2])
    props.draw_lying(draw, near, what, x, stage.table_z - 0.28, float(rng.random()))
    return overlay


def _draw_passer(
    view: View, scene: Scene, num_frames: int, rng: np.random.Generator
) -> _Passer | None:
    """Sometimes somebody crosses the picture between the camera and the subject."""
    if rng.random() >= PASSER_CHANCE[scene.kind]:
        return None
    z, person = float(rng.uniform(1.5, 1.9)), draw_subject(rng)
    rows, columns, _ = FRAME_SHAPE
    half = int(view.size(0.4, z))
    middle = view.at(0.0, 0.0, z)[0]
    overlay = Image.new("RGBA", (2 * half, OVERSAMPLING * rows))
    shifted = view._replace(origin=(int(middle) - half, 0), light=0.7 * view.light)
    figure.draw_person(ImageDraw.Draw(overlay), shifted, person, 0.0, z)
    cutout = overlay.reduce(2 * OVERSAMPLING).resize((half, rows), Image.Resampling.BILINEAR)
    speed = rng.uniform(16, 26) * rng.choice([-1, 1])  # pixels a frame, about 1 m/s
    meeting = rng.uniform(0, num_frames)
    lefts = columns / 2 - half / 2 + speed * (np.arange(num_frames) - meeting)
    return _Passer(cutout, 0, lefts)
