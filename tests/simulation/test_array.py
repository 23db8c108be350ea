import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.simulation.array import (
    APERTURE,
    SPEED_OF_SOUND,
    microphone_positions,
    pixel_directions,
    project,
    unproject,
)


def test_microphones_stand_apart_on_a_disc_of_half_a_metre():
    positions = microphone_positions()
    assert positions.shape == (128, 3)
    assert np.all(positions[:, 2] == 0)
    radius = np.linalg.norm(positions, axis=1)
    assert radius.max() == APERTURE / 2
    distances = np.linalg.norm(positions[:, None] - positions, axis=-1)
    assert distances[~np.eye(128, dtype=bool)].min() > 0.03


def test_positions_cannot_be_changed_by_a_caller():
    assert not microphone_positions().flags.writeable
    assert not pixel_directions().flags.writeable


def test_side_lobes_stay_17_db_down_in_the_field_of_view():
    positions = microphone_positions()[:, :2]
    directions = pixel_directions()[:, :, :2]
    u, v = np.concatenate(  # from each corner and from the centre to every pixel
        [(directions - directions[corner]).reshape(-1, 2) for corner in ((0, 0), (0, -1), (18, 24))]
    ).T
    for frequency in (1500, 3000, 4500, 6144):
        wavenumber = 2 * np.pi * frequency / SPEED_OF_SOUND
        phases = wavenumber * np.stack([u, v], axis=1) @ positions.T
        pattern = np.abs(np.exp(1j * phases).mean(axis=1)) ** 2
        first_null = 1.22 * SPEED_OF_SOUND / frequency / APERTURE
        side_lobes = pattern[np.hypot(u, v) > 1.1 * first_null]
        assert 10 * np.log10(side_lobes.max()) < -17


def test_pixels_of_the_acoustic_image_tile_the_picture():
    column, row = project(pixel_directions())
    size = 640 / 48
    np.testing.assert_allclose(column, np.tile((np.arange(48) + 0.5) * size, (36, 1)))
    np.testing.assert_allclose(row, np.tile((np.arange(36)[:, None] + 0.5) * size, 48))
    np.testing.assert_allclose(np.linalg.norm(pixel_directions(), axis=-1), 1)


def test_field_of_view_is_64_degrees_wide_and_axes_point_right_and_down():
    left, right = unproject([0, 640], [240, 240], 1.0)
    assert np.degrees(np.arctan(right[0] - 0)) == -np.degrees(np.arctan(left[0]))
    np.testing.assert_allclose(np.degrees(np.arctan(right[0])), 32)
    column, row = project(np.array([0.1, 0.2, 2.0]))
    assert column > 320
    assert row > 240


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.floats(-100, 740), st.floats(-100, 580), st.floats(0.1, 50))
def test_unproject_is_the_inverse_of_project(column, row, depth):
    point = unproject(column, row, depth)
    assert point[2] == depth
    np.testing.assert_allclose(project(point), (column, row), atol=1e-9)
