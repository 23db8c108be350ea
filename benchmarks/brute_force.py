"""The reference for beamforming: every pixel, every frequency, double precision, as it is written.

Imported by the benchmark of acoustic images and by the tests.
"""

import numpy as np

from avdistill.avia.vocabulary import NUM_MICROPHONES, SAMPLES_PER_FRAME
from avdistill.simulation.acoustic_images import mel_filters, window
from avdistill.simulation.array import SPEED_OF_SOUND, microphone_positions, pixel_directions
from avdistill.simulation.beamforming import BIN_WIDTH


def band_energies(spectra, weights, dtype=np.complex128):
    """Σ_k weights[k, i] |Σ_m X[k, m] exp(-jk x_m · d)|² for pixel direction d.

    Parameters
    ----------
    spectra : (frames, 512, 128) complex.
    weights : (512, bands).
    dtype : of the arithmetic.

    Returns
    -------
    (bands, frames, 36 * 48) real.
    """
    paths = microphone_positions() @ pixel_directions().reshape(-1, 3).T
    result = np.zeros((weights.shape[1], len(spectra), paths.shape[1]), np.finfo(dtype).dtype)
    for index in np.flatnonzero(weights.any(axis=1)):
        wavenumber = 2 * np.pi * BIN_WIDTH * (index + 1) / SPEED_OF_SOUND
        beams = spectra[:, index].astype(dtype) @ np.exp(-1j * wavenumber * paths).astype(dtype)
        power = beams.real**2 + beams.imag**2
        for band in np.flatnonzero(weights[index]):
            result[band] += weights[index, band] * power
    return result


def mel_energies(signals):
    """Brute-force form of `acoustic_images.mel_energies`: (24, n // 1024, 36 * 48) float64."""
    frames = signals.astype(np.float64).reshape(-1, SAMPLES_PER_FRAME, NUM_MICROPHONES)
    spectra = np.fft.rfft(frames * window()[:, None] / NUM_MICROPHONES, axis=1)[:, 1:]
    return band_energies(spectra, mel_filters())


def deviation(energies, reference, dynamic_range=40.0):
    """Differences in dB where the reference is within a range below each frame's maximum.

    Parameters
    ----------
    energies, reference : (bands, frames, pixels).
    dynamic_range : dB.

    Returns
    -------
    1-D array, dB.
    """
    audible = reference > reference.max(axis=(0, 2), keepdims=True) * 10 ** (-dynamic_range / 10)
    return 10 * np.log10(np.maximum(energies[audible], 1e-30) / reference[audible])
