import dataclasses

import numpy as np
import pytest
from scipy.signal import fftconvolve, welch

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.simulation.array import SPEED_OF_SOUND, microphone_positions, unproject
from avdistill.simulation.propagation import Room, diffuse_field, free_field, shoebox

MICROPHONES = microphone_positions()[::9]
OFFICE = Room(
    dimensions=(7.5, 6.0, 2.9),
    array_position=(3.4, 0.6, 1.5),
    heading=0.25,
    absorption=(0.3, 0.2, 0.45, 0.15, 0.1, 0.6),
)


def decibels(difference, reference):
    return 10 * np.log10(np.sum(np.square(difference)) / np.sum(np.square(reference)))


def noise_up_to(share_of_nyquist, num_samples, seed):
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal(num_samples) * np.hanning(num_samples))
    spectrum[int(share_of_nyquist * len(spectrum)) :] = 0
    return np.fft.irfft(spectrum, num_samples)


def exact_delays(signal, position, microphones):
    """Delays by phase, in double precision, without wrap-around."""
    distance = np.linalg.norm(position - microphones, axis=1)
    length = 2 * len(signal)
    frequencies = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)[:, None]
    spectrum = np.fft.rfft(signal, length)[:, None] / distance
    spectrum = spectrum * np.exp(-2j * np.pi * frequencies * distance / SPEED_OF_SOUND)
    return np.fft.irfft(spectrum, length, axis=0)[: len(signal)]


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_free_field_is_an_exact_delay_to_80_db_up_to_085_of_nyquist(seed):
    rng = np.random.default_rng(seed)
    position = unproject(*rng.uniform((0, 0, 1), (640, 480, 6)))
    signal = noise_up_to(0.85, 9000, seed)
    heard = free_field(signal, position, microphone_positions())
    exact = exact_delays(signal, position, microphone_positions())
    assert heard.shape == (9000, 128)
    assert heard.dtype == np.float32
    deviation = decibels(heard - exact, exact)
    print(f"seed {seed}: {deviation:.1f} dB")
    assert deviation < -80


def test_free_field_of_a_source_nearer_than_half_a_filter():
    signal, position = noise_up_to(0.8, 3000, 4), np.array([0.05, 0.0, 0.25])
    heard = free_field(signal, position, MICROPHONES)
    exact = exact_delays(signal, position, MICROPHONES)
    assert decibels(heard - exact, exact) < -75


def test_sound_takes_its_time_and_loses_with_distance():
    signal = np.zeros(2000)
    signal[0] = 1
    heard = free_field(signal, np.array([0, 0, 10.0]), np.zeros((1, 3)))[:, 0]
    arrival = 10 / SPEED_OF_SOUND * SAMPLE_RATE
    assert np.all(heard[: int(arrival) - 16] == 0)
    centre = np.sum(np.arange(2000) * heard) / np.sum(heard)
    np.testing.assert_allclose(centre, arrival, atol=1e-3)
    np.testing.assert_allclose(heard.sum(), 1 / 10, rtol=1e-3)


@pytest.fixture
def pra():
    """pyroomacoustics without its high-pass at 10 Hz, whose phase reaches far above 10 Hz."""
    pra = pytest.importorskip("pyroomacoustics")
    enabled = pra.constants.get("rir_hpf_enable")
    pra.constants.set("rir_hpf_enable", False)
    yield pra
    pra.constants.set("rir_hpf_enable", enabled)


def test_free_field_agrees_with_pyroomacoustics(pra):
    position, signal = np.array([0.7, -0.3, 3.1]), noise_up_to(0.7, 4000, 5)
    room = pra.AnechoicRoom(dim=3, fs=SAMPLE_RATE)
    room.add_source(position, signal=signal)
    room.add_microphone_array(MICROPHONES.T)
    room.simulate()
    offset = pra.constants.get("frac_delay_length") // 2
    assert offset == 40
    expected = room.mic_array.signals[:, offset : offset + len(signal)].T
    heard = free_field(signal, position, MICROPHONES)
    # There is no 1 / (4 pi) in its amplitudes, and its filters are 81 taps of a Hann window.
    deviation = decibels(heard - expected, expected)
    print(f"{deviation:.1f} dB")
    assert deviation < -55


def pyroomacoustics_responses(pra, room, position, microphones, num_samples):
    names = ("west", "east", "south", "north", "floor", "ceiling")
    walls = dict(zip(names, map(pra.Material, room.absorption), strict=True))
    other = pra.ShoeBox(room.dimensions, fs=SAMPLE_RATE, max_order=room.max_order, materials=walls)
    other.add_source(room.from_array(position))
    other.add_microphone_array(room.from_array(microphones).T)
    other.compute_rir()
    offset = pra.constants.get("frac_delay_length") // 2
    responses = np.zeros((num_samples, len(microphones)))
    for column, (response,) in enumerate(other.rir):
        kept = response[offset : offset + num_samples]
        responses[: len(kept), column] = kept
    return responses


@pytest.mark.parametrize(
    ("room", "position"),
    [
        (OFFICE, (0.4, -0.2, 3.0)),
        (dataclasses.replace(OFFICE, heading=-0.9, max_order=4), (-0.8, 0.3, 1.7)),
        (Room((4.0, 9.0, 3.2), (2.0, 4.5, 1.2), np.pi / 2, (0.5,) * 6, 15), (0.1, 0.2, 1.5)),
    ],
)
def test_shoebox_agrees_with_pyroomacoustics(pra, room, position):
    expected = pyroomacoustics_responses(pra, room, position, MICROPHONES, 6000)
    impulse = np.zeros(6000)
    impulse[0] = 1
    heard = shoebox(impulse, np.array(position), room, MICROPHONES)
    shares = np.fft.rfftfreq(6000) * 2
    difference, reference = np.fft.rfft(heard - expected, axis=0), np.fft.rfft(expected, axis=0)
    for low, high in ((0.01, 0.1), (0.1, 0.4), (0.4, 0.8)):
        band = (shares > low) & (shares < high)
        deviation = decibels(np.abs(difference[band]), np.abs(reference[band]))
        print(f"{low} to {high} of Nyquist: {deviation:.1f} dB")
        assert deviation < -50


def test_shoebox_without_reflections_is_the_free_field():
    room = dataclasses.replace(OFFICE, max_order=0)
    signal, position = noise_up_to(0.85, 6000, 6), np.array([0.3, 0.2, 2.5])
    alone = free_field(signal, position, MICROPHONES)
    assert decibels(shoebox(signal, position, room, MICROPHONES) - alone, alone) < -75


def test_shoebox_of_a_long_signal_is_the_convolution_with_its_response():
    position = np.array([-0.5, 0.1, 2.8])
    impulse = np.zeros(5000)
    impulse[0] = 1
    response = shoebox(impulse, position, OFFICE, MICROPHONES)
    signal = noise_up_to(0.85, 40_000, 7)  # several blocks
    heard = shoebox(signal, position, OFFICE, MICROPHONES)
    expected = fftconvolve(signal[:, None], response, axes=0)[: len(signal)]
    assert decibels(heard - expected, expected) < -80


def test_shoebox_adds_sources_up_in_place():
    signals = np.stack([noise_up_to(0.85, 8000, seed) for seed in (8, 9)])
    positions = np.array([[0.5, 0.1, 2.0], [-1.0, -0.2, 3.5]])
    together = shoebox(signals, positions, OFFICE, MICROPHONES)
    one_by_one = np.zeros((8000, len(MICROPHONES)), np.float32)
    for signal, position in zip(signals, positions, strict=True):
        returned = shoebox(signal, position, OFFICE, MICROPHONES, add_to=one_by_one)
        assert returned is one_by_one
    assert decibels(together - one_by_one, together) < -90


@pytest.mark.parametrize(
    ("position", "array_position", "name"),
    [((0, 0, 9.0), OFFICE.array_position, "source"), ((0, 0, 2.0), (3, 0.6, 0.1), "microphone")],
)
def test_shoebox_refuses_what_is_outside_the_room(position, array_position, name):
    room = dataclasses.replace(OFFICE, array_position=array_position)
    with pytest.raises(ValueError, match=f"a {name} is outside the room"):
        shoebox(np.ones(10), np.array(position), room, MICROPHONES)


def test_free_field_and_diffuse_field_add_in_place():
    signal, position = noise_up_to(0.85, 5000, 10), np.array([0, 0, 2.0])
    alone = free_field(signal, position, MICROPHONES)
    noise = diffuse_field(np.random.default_rng(1), 5000, np.ones_like, MICROPHONES)
    both = alone.copy()
    returned = diffuse_field(np.random.default_rng(1), 5000, np.ones_like, MICROPHONES, both)
    assert returned is both
    np.testing.assert_allclose(both, alone + noise, atol=1e-6)
    free_field(signal, position, MICROPHONES, add_to=both)
    np.testing.assert_allclose(both, 2 * alone + noise, atol=1e-6)


def test_diffuse_field_has_the_coherence_of_sound_from_everywhere():
    """Cook et al., 1955: sin(kd) / (kd) between microphones at distance d."""
    microphones = np.array([[0, 0, 0], [0.05, 0, 0], [0, 0.12, 0], [0.2, 0.1, 0]])
    field = diffuse_field(np.random.default_rng(2), 400_000, np.ones_like, microphones)
    spectra = np.fft.rfft(field[: 390 * 1024].reshape(390, 1024, 4), axis=1)
    power = np.mean(np.abs(spectra) ** 2, axis=0)
    for index in (1, 2, 3):
        cross = np.mean(spectra[..., 0] * spectra[..., index].conj(), axis=0).real
        coherence = cross / np.sqrt(power[:, 0] * power[:, index])
        smooth = np.convolve(coherence, np.ones(9) / 9, mode="same")[20:-20]
        wavenumber = 2 * np.pi * np.arange(513)[20:-20] * 12 / SPEED_OF_SOUND
        distance = np.linalg.norm(microphones[index])
        expected = np.sinc(wavenumber * distance / np.pi)
        assert np.sqrt(np.mean((smooth - expected) ** 2)) < 0.08


def test_diffuse_field_has_the_spectrum_asked_for_and_is_stationary():
    def spectrum(frequency):
        return 1 / (1 + frequency / 500)

    field = diffuse_field(np.random.default_rng(3), 300_000, spectrum, MICROPHONES)
    frequencies, density = welch(field, SAMPLE_RATE, nperseg=512, axis=0)
    level = 10 * np.log10(density.mean(axis=1) * SAMPLE_RATE / 2)[4:-4]
    assert np.abs(level - 20 * np.log10(spectrum(frequencies[4:-4]))).max() < 0.5
    # The same power wherever in a block of 896 new samples, the first ones included.
    power = np.mean(field[: 334 * 896].reshape(334, 14, 64, -1) ** 2, axis=(0, 2, 3))
    assert np.ptp(10 * np.log10(power)) < 0.5
    assert np.mean(field[:64] ** 2) > 0.3 * np.mean(field**2)


def test_diffuse_field_depends_on_the_generator_alone():
    first, again, other = (
        diffuse_field(np.random.default_rng(seed), 3000, np.ones_like, MICROPHONES)
        for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(first, again)
    assert abs(np.corrcoef(first[:, 0], other[:, 0])[0, 1]) < 0.1
