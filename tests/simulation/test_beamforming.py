import numpy as np
import pytest

from avdistill.simulation.array import SPEED_OF_SOUND, microphone_positions, pixel_directions
from avdistill.simulation.beamforming import BIN_WIDTH, NUM_BINS, band_energies, frequency_groups

BINS = np.array([41, 83, 167, 250, 375, 500])  # 492 Hz to 6 kHz


@pytest.fixture(scope="module")
def scene():
    """One frame: a plane wave from (0.3, -0.1) and noise of each microphone, 10 dB below it."""
    rng = np.random.default_rng(21)
    spectra = np.zeros((1, NUM_BINS, 128), np.complex64)
    wavenumbers = 2 * np.pi * BIN_WIDTH * BINS / SPEED_OF_SOUND
    paths = microphone_positions()[:, :2] @ (0.3, -0.1)
    noise = rng.standard_normal((2, len(BINS), 128)) * np.sqrt(0.1 / 2)
    spectra[0, BINS - 1] = np.exp(1j * wavenumbers[:, None] * paths) + noise[0] + 1j * noise[1]
    weights = np.zeros((NUM_BINS, len(BINS)), np.float32)
    weights[BINS - 1, np.arange(len(BINS))] = 1
    return spectra, weights


@pytest.fixture(scope="module")
def acoular_maps(scene):
    """Delay-and-sum by acoular, with its spherical waves made plane.

    Its phases are in single precision, too coarse for the distances at which spherical waves look
    plane.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBLAS_NUM_THREADS", "1")  # acoular warns when it is imported without
        ac = pytest.importorskip("acoular")
    ac.config.global_caching = "none"

    class PlaneWaves(ac.Environment):
        def apparent_r(self, gpos, mpos=0.0):
            return np.ones(gpos.shape[1]) if np.isscalar(mpos) else np.squeeze(1 - gpos.T @ mpos)

    frequencies = BIN_WIDTH * BINS
    spectra = scene[0][0, BINS - 1].astype(np.complex128)
    csm = spectra[:, :, None] * spectra[:, None].conj()
    beamformer = ac.BeamformerBase(
        freq_data=ac.PowerSpectraImport(csm=csm, frequencies=frequencies),
        steer=ac.SteeringVector(
            grid=ac.ImportGrid(pos=pixel_directions().reshape(-1, 3).T),
            mics=ac.MicGeom(pos_total=microphone_positions().T),
            env=PlaneWaves(c=SPEED_OF_SOUND),
            steer_type="classic",
        ),
        r_diag=False,
        cached=False,
    )
    maps = [beamformer.synthetic(frequency, 0) for frequency in frequencies]
    return np.array(maps)[:, None] * 128**2  # acoular takes the mean over microphones


@pytest.mark.parametrize("form", ["reference", "fast"])
def test_beams_agree_with_acoular_at_six_frequencies(form, scene, acoular_maps, brute_force):
    energies = (brute_force.band_energies if form == "reference" else band_energies)(*scene)
    for index, frequency in enumerate(BIN_WIDTH * BINS):
        difference = brute_force.deviation(energies[[index]], acoular_maps[[index]], 30)
        print(f"{form}, {frequency:.0f} Hz: at most {np.abs(difference).max():.5f} dB")
        assert np.abs(difference).max() < 0.01


def test_beam_points_to_where_a_wave_comes_from():
    for row, column in ((3, 5), (30, 40)):
        direction = pixel_directions()[row, column]
        wavenumbers = 2 * np.pi * BIN_WIDTH * np.arange(1, NUM_BINS + 1) / SPEED_OF_SOUND
        wave = np.exp(1j * wavenumbers[:, None] * (microphone_positions() @ direction))
        weights = np.zeros((NUM_BINS, 1), np.float32)
        weights[300:340] = 0.5
        energies = band_energies(wave[None].astype(np.complex64), weights)[0, 0].reshape(36, 48)
        assert np.unravel_index(energies.argmax(), energies.shape) == (row, column)
        np.testing.assert_allclose(energies[row, column], 40 * 0.5 * 128**2, rtol=1e-3)


def test_few_directions_are_steered_to():
    directions = [2 * len(group.even) for group in frequency_groups()]
    assert directions == sorted(directions)
    assert np.mean(directions) < 36 * 48 / 7
