import numpy as np
import pytest
from scipy.fft import dct
from scipy.signal import butter, sosfilt

from avdistill.avia.vocabulary import SAMPLE_RATE, SAMPLES_PER_FRAME
from avdistill.simulation.acoustic_images import (
    ENERGY_FLOOR,
    acoustic_images,
    level_from_mfcc,
    mel_energies,
    mel_filters,
    window,
)
from avdistill.simulation.array import microphone_positions, pixel_directions, unproject
from avdistill.simulation.propagation import Room, diffuse_field, free_field, shoebox

NUM_SAMPLES = 2 * SAMPLES_PER_FRAME


def somewhere(rng):
    return unproject(*rng.uniform((0, 0, 2), (640, 480, 4)))


def free_field_scene(rng):
    return free_field(rng.standard_normal(NUM_SAMPLES), somewhere(rng), microphone_positions())


def several_sources_scene(rng):
    result = np.zeros((NUM_SAMPLES, 128), np.float32)
    for level in (0, -5, -10, -20):
        signal = 10 ** (level / 20) * rng.standard_normal(NUM_SAMPLES)
        free_field(signal, somewhere(rng), microphone_positions(), add_to=result)
    return result


def clicks_scene(rng):
    signal = np.zeros(NUM_SAMPLES)
    signal[rng.integers(NUM_SAMPLES, size=6)] = 1
    return free_field(signal, somewhere(rng), microphone_positions())


def low_rumble_scene(rng):
    rumble = sosfilt(butter(2, 500, fs=SAMPLE_RATE, output="sos"), rng.standard_normal(NUM_SAMPLES))
    return free_field(rumble, somewhere(rng), microphone_positions())


def diffuse_scene(rng):
    return diffuse_field(
        rng, NUM_SAMPLES, lambda frequency: 1 / (1 + frequency / 400), microphone_positions()
    )


def reverberant_scene(rng):
    room = Room((7, 6, 3), (3.5, 0.5, 1.5), 0.1, (0.2, 0.3, 0.2, 0.3, 0.1, 0.5))
    signals = rng.standard_normal((2, NUM_SAMPLES)) * np.array([[1], [0.3]])
    positions = [unproject(320 + shift, 260, 3.0) for shift in rng.uniform(-200, 200, 2)]
    return shoebox(signals, np.array(positions), room, microphone_positions())


def noise_from_the_side_scene(rng):
    """Nothing but a source outside the field of view, seen through side lobes only."""
    position = np.array([3.0, rng.uniform(-0.5, 0.5), 1.0])
    return free_field(rng.standard_normal(NUM_SAMPLES), position, microphone_positions())


SCENES = (
    free_field_scene,
    several_sources_scene,
    clicks_scene,
    low_rumble_scene,
    diffuse_scene,
    reverberant_scene,
    noise_from_the_side_scene,
)


SEEDS = (101, 102)


@pytest.fixture(scope="module")
def references(brute_force):
    """Signals, and the brute-force form of their energies, by scene; steered all at once."""
    signals = [scene(np.random.default_rng(seed)) for scene in SCENES for seed in SEEDS]
    energies = brute_force.mel_energies(np.concatenate(signals))
    energies = np.split(energies, len(signals), axis=1)
    names = [(scene.__name__, seed) for scene in SCENES for seed in SEEDS]
    return dict(zip(names, zip(signals, energies, strict=True), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scene", [scene.__name__ for scene in SCENES])
def test_mel_energies_are_those_of_brute_force_within_03_db(scene, seed, references, brute_force):
    signals, reference = references[scene, seed]
    difference = brute_force.deviation(mel_energies(signals), reference)
    largest, rms = np.abs(difference).max(), np.sqrt(np.mean(difference**2))
    print(f"{scene}, seed {seed}: at most {largest:.4f} dB, rms {rms:.5f} dB")
    assert largest < 0.3
    assert rms < 0.006


def test_acoustic_images_are_levels_and_dct_of_mel_energies():
    signals = several_sources_scene(np.random.default_rng(3))[: NUM_SAMPLES - 1]
    images = acoustic_images(signals)
    assert images.shape == (1, 36, 48, 12)  # the last frame is not whole
    assert images.dtype == np.float32
    bels = np.log10(mel_energies(signals)[:, 0].T.reshape(36, 48, 24) / 2e-5**2)
    expected = dct(bels.astype(np.float64), norm="ortho")[..., :12]
    np.testing.assert_allclose(images[0], expected, atol=1e-4)


def test_frames_do_not_depend_on_their_neighbours():
    rng = np.random.default_rng(4)
    signals = rng.standard_normal((40 * SAMPLES_PER_FRAME, 128)).astype(np.float32)
    images = acoustic_images(signals)  # in two portions
    for frame in (0, 31, 32, 39):
        alone = acoustic_images(signals[frame * SAMPLES_PER_FRAME :][:SAMPLES_PER_FRAME])
        np.testing.assert_allclose(images[frame], alone[0], atol=1e-3)


def test_silence_lies_on_the_floor():
    images = acoustic_images(np.zeros((SAMPLES_PER_FRAME, 128), np.float32))
    np.testing.assert_allclose(
        images[..., 0], np.log10(ENERGY_FLOOR / 2e-5**2) * np.sqrt(24), rtol=1e-5
    )
    np.testing.assert_allclose(images[..., 1:], 0, atol=1e-3)


def test_mel_filters_share_out_every_frequency_between_their_centres():
    filters = mel_filters()
    assert filters.shape == (512, 24)
    assert filters.min() == 0
    assert np.count_nonzero(filters, axis=1).max() == 2
    highest = filters.argmax(axis=0)
    np.testing.assert_allclose(filters[highest[0] + 1 : highest[-1]].sum(axis=1), 1, atol=1e-6)
    assert np.all(np.diff(highest) > 0)


def test_energies_add_up_to_the_mean_square_of_a_plane_wave():
    time = np.arange(SAMPLES_PER_FRAME) / SAMPLE_RATE
    row, column = 12, 30
    advance = microphone_positions() @ pixel_directions()[row, column] / 343.0
    tone = 0.3 * np.sin(2 * np.pi * 1000.0 * (time[:, None] + advance))
    total = mel_energies(tone.astype(np.float32)).sum(axis=0).reshape(36, 48)
    np.testing.assert_allclose(total[row, column], 0.3**2 / 2, rtol=0.01)
    assert window().shape == (SAMPLES_PER_FRAME,)


@pytest.mark.parametrize("frequency", [800.0, 2500.0])
def test_level_shows_where_even_a_pure_tone_comes_from(frequency):
    position = unproject(450, 150, 3.0)
    time = np.arange(SAMPLES_PER_FRAME * 2) / SAMPLE_RATE
    heard = free_field(np.sin(2 * np.pi * frequency * time), position, microphone_positions())
    heard += np.float32(1e-3) * np.random.default_rng(6).standard_normal(heard.shape, np.float32)
    level = level_from_mfcc(acoustic_images(heard)[1])
    row, column = np.unravel_index(level.argmax(), level.shape)
    assert abs(row - 150 / 480 * 36) < 2
    assert abs(column - 450 / 640 * 48) < 2
    received = 10 * np.log10(0.5 / np.sum(position**2) / 2e-5**2)  # dB SPL
    assert received - 8 < level.max() < received + 3
