"""Who stands where: nothing about a position depends on the action."""

import numpy as np
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, NUM_SUBJECTS, SCENARIOS, SequenceId
from avdistill.errors import InputError
from avdistill.simulation.array import project
from avdistill.simulation.gestures import GESTURES, TABLE_HEIGHT
from avdistill.simulation.scene import KINDS, compose_scene
from avdistill.simulation.simulate import compose_world
from avdistill.simulation.subjects import draw_numbered_subject

DATASET = DatasetDescription("simulated", ACTIONS, SCENARIOS, NUM_SUBJECTS, 1)


def _scene(kind, height, seed=0):
    rngs = {"room_rng": np.random.default_rng(7), "rng": np.random.default_rng(seed)}
    return compose_scene(kind, 1, source_height=height, **rngs)


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_sound_arises_on_the_body_does_not_move_its_source(kind):
    mouth, table = _scene(kind, 1.6), _scene(kind, TABLE_HEIGHT)
    np.testing.assert_array_equal(mouth.position, table.position)
    for one, other in zip(mouth.others, table.others, strict=True):
        np.testing.assert_array_equal(one.position[[0, 2]], other.position[[0, 2]])
        np.testing.assert_array_equal(one.signal, other.signal)
    assert mouth.camera_height - table.camera_height == pytest.approx(1.6 - TABLE_HEIGHT)


def test_positions_of_all_sequences_say_nothing_about_the_action():
    """Share of variance between actions: no more than chance gives (permutations, 1 %)."""
    sequences = [sequence for sequence in DATASET.sequences() if sequence.location != 2]
    worlds = [
        compose_world(sequence, DATASET, seed=0, scenario_kinds=KINDS) for sequence in sequences
    ]
    positions = np.array([world.scene.position for world in worlds])
    positions = (positions - positions.mean(0)) / positions.std(0)
    labels = np.array([sequence.label for sequence in sequences])

    def between(labels):
        means = [positions[labels == label].mean(axis=0) for label in range(len(ACTIONS))]
        return np.var(means, axis=0).sum()

    rng = np.random.default_rng(1)
    chance = [between(rng.permutation(labels)) for _ in range(500)]
    assert between(labels) < np.quantile(chance, 0.99)


def test_sources_are_in_the_picture_and_two_to_four_metres_away():
    for seed in range(200):
        scene = _scene("anechoic", 1.2, seed)
        column, row = project(scene.position)
        assert 100 < column < 540
        assert 150 < row < 350
        assert 2 <= scene.position[2] <= 4
        assert 0.2 < scene.camera_height < 2.4


def test_kinds_differ_in_what_is_heard_beside_the_action():
    for seed in range(30):
        chamber, office, terrace = (_scene(kind, 1.2, seed) for kind in KINDS)
        assert (chamber.others, chamber.room, chamber.ambience) == ([], None, None)
        assert len(office.others) in (2, 3)
        assert office.room is not None
        assert office.ambience is None
        assert len(terrace.others) in (1, 2, 3)
        assert terrace.room is None
        assert terrace.ambience is not None


def test_everything_in_the_office_is_inside_its_room():
    for seed in range(50):
        scene = _scene("office", 1.62, seed)
        points = np.stack([scene.position, *(other.position for other in scene.others)])
        inside = scene.room.from_array(points)
        assert (inside > 0).all()
        assert (inside < np.array(scene.room.dimensions)).all()


def test_a_voice_in_the_office_comes_from_a_bystanders_mouth():
    scene = _scene("office", 1.2, 3)
    talker, voice = scene.bystanders[0], scene.others[0]
    mouth = (talker.x, scene.camera_height - 0.9 * talker.person.height, talker.z)
    np.testing.assert_allclose(voice.position, mouth)


def test_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match="unknown kind of scenario 'cellar'"):
        _scene("cellar", 1.0)


def test_every_action_has_a_gesture_at_a_height_that_people_reach():
    assert tuple(GESTURES) == ACTIONS
    for subject in range(1, 10):
        for gesture in GESTURES.values():
            height = gesture.source_height(draw_numbered_subject(0, subject))
            assert TABLE_HEIGHT <= height < 0.95 * draw_numbered_subject(0, subject).height


def test_a_sequences_world_depends_on_its_own_numbers_alone():
    larger = DatasetDescription("simulated", ACTIONS, SCENARIOS, 9, 1)
    smaller = DatasetDescription("simulated", ACTIONS, SCENARIOS, 2, 1)
    sequence = SequenceId(3, 2, 5)
    one, other = (
        compose_world(sequence, dataset, seed=4, scenario_kinds=KINDS)
        for dataset in (larger, smaller)
    )
    np.testing.assert_array_equal(one.performance.signal, other.performance.signal)
    np.testing.assert_array_equal(one.scene.position, other.scene.position)
