"""Pictures: form, agreement with the sound's place and time."""

import io

import numpy as np
import pytest
from PIL import Image

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, FRAME_SHAPE, SCENARIOS, SequenceId
from avdistill.simulation import video
from avdistill.simulation.array import project
from avdistill.simulation.gestures import LOUDSPEAKER, moments
from avdistill.simulation.scene import KINDS
from avdistill.simulation.simulate import compose_world

SECONDS = 2
# Whoever clicks, breaks peanuts or whistles moves too little for a centre to be measured.
STILL = {"clicking", "peanut breaking", "whistling"}
DATASET = DatasetDescription("simulated", ACTIONS, SCENARIOS, 9, SECONDS)


def _world(location, subject, action):
    sequence = SequenceId(location, subject, ACTIONS.index(action) + 1)
    return compose_world(sequence, DATASET, seed=0, scenario_kinds=KINDS)


def _frames(world, gesture=None):
    return list(
        video.render_frames(
            world.scene,
            world.subject,
            gesture or world.gesture,
            world.performance,
            num_frames=12 * SECONDS,
            place_rng=np.random.default_rng(1),
            rng=np.random.default_rng(2),
        )
    )


def _decode(frames):
    return np.stack([np.asarray(Image.open(io.BytesIO(frame)), np.float32) for frame in frames])


@pytest.mark.parametrize("action", ACTIONS)
def test_frames_are_small_rgb_jpegs_of_the_cameras_size(action):
    for location in (1, 2, 3):
        frames = _frames(_world(location, 1 + ACTIONS.index(action) % 9, action))
        assert len(frames) == 12 * SECONDS
        for frame in frames[:: 12 * SECONDS - 1]:
            image = Image.open(io.BytesIO(frame))
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", FRAME_SHAPE[1::-1])
        assert np.mean([len(frame) for frame in frames]) < 32_000


@pytest.mark.parametrize("action", sorted(set(ACTIONS) - STILL - {"speaking"}))
def test_what_moves_is_where_the_sound_comes_from(action):
    for subject in (1, 4, 9):
        world = _world(1, subject, action)
        moving = _decode(_frames(world)).std(axis=0).mean(axis=-1)
        moving[moving < 4] = 0  # what JPEG does around edges
        rows, columns = np.indices(moving.shape)
        centre = np.array([(moving * columns).sum(), (moving * rows).sum()]) / moving.sum()
        # Hands move around the place of the sound, on arms that come from one side of it.
        metre = np.hypot(*np.subtract(centre, project(world.scene.position)))
        metre *= world.scene.position[2] / 512
        assert metre < 0.35, f"subject {subject}: {metre:.2f} m away"


def test_a_speakers_mouth_moves_where_the_voice_comes_from():
    for subject in range(1, 6):
        world = _world(1, subject, "speaking")
        moving = _decode(_frames(world)).std(axis=0).mean(axis=-1)
        column, row = (round(float(value)) for value in project(world.scene.position))
        assert moving[row - 1 : row + 8, column - 2 : column + 3].max() > 10


def test_hands_meet_when_a_clap_sounds():
    onsets = np.array([0.3, 0.72, 1.1, 1.55])
    clock = (np.arange(24) + 0.5) / 12
    lifts = np.array([moment.lift for moment in moments(onsets, 24)])
    assert lifts.min() >= 0
    assert lifts.max() <= 1
    for onset in onsets:
        assert lifts[np.argmin(np.abs(clock - onset))] == 0
    for middle in (0.51, 0.91, 1.32):
        assert lifts[np.argmin(np.abs(clock - middle))] > 0.7


def test_moments_count_the_onsets_that_passed():
    counts = [moment.index for moment in moments(np.array([0.5, 1.0]), 18)]
    assert counts == [0] * 6 + [1] * 6 + [2] * 6


def test_without_any_onset_the_subject_stands_still():
    assert len(set(moments(np.array([]), 12))) == 1


def test_recordings_are_seen_to_come_from_a_loudspeaker():
    world = _world(1, 2, "clapping")
    speaker, clapping = _decode(_frames(world, LOUDSPEAKER))[0], _decode(_frames(world))[0]
    column, row = (round(float(value)) for value in project(world.scene.position))
    cone = speaker[row - 2 : row + 3, column - 2 : column + 3]
    assert cone.mean() < 90
    assert np.abs(cone - clapping[row - 2 : row + 3, column - 2 : column + 3]).mean() > 10


def test_people_walk_past_in_some_offices_and_never_in_the_chamber(monkeypatch):
    world = _world(2, 1, "clapping")
    monkeypatch.setattr(video, "PASSER_CHANCE", dict.fromkeys(KINDS, 0.0))
    alone = _decode(_frames(world))
    monkeypatch.setattr(video, "PASSER_CHANCE", dict.fromkeys(KINDS, 1.0))
    crossed = _decode(_frames(world))
    hidden = (np.abs(alone - crossed).mean(axis=-1) > 20).mean(axis=(1, 2))
    assert hidden.max() > 0.1
    assert hidden.min() < 0.01
