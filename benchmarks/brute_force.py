"""The reference for beamforming: every pixel and every frequency, as the formula is written.

Imported by the benchmarks and by the tests.
"""

import numpy as np

from avdistill.avia.vocabulary import NUM_MICROPHONES, SAMPLES_PER_FRAME
from avdistill.simulation.acoustic_images import mel_filters, window
from avdistill.simulation.array import SPEED_OF_SOUND, microphone_positions, pixel_directions
from avdistill.simulation.beamforming import BIN_WIDTH


def steering(index):
    """exp(-jk x_m · d) for the frequency of a bin: (128, 36 * 48) complex128."""
    wavenumber = 2 * np.pi * BIN_WIDTH * (index + 1) / SPEED_OF_SOUND
    return np.exp(-1j * wavenumber * microphone_positions() @ pixel_directions().reshape(-1, 3).T)


def add_power(result, spectrum, steering_vectors, bin_weights):
    """Add one bin's power to its bands.

    Parameters
    ----------
    result : (bands, frames, pixels) real, changed in place.
    spectrum : (frames, 128) complex.
    steering_vectors : (128, pixels) complex.
    bin_weights : (bands,).
    """
    beams = spectrum @ steering_vectors
    power = beams.real**2 + beams.imag**2
    for band in np.flatnonzero(bin_weights):
        result[band] += bin_weights[band] * power


def band_energies(spectra, weights):
    """Σ_k weights[k, i] |Σ_m X[k, m] exp(-jk x_m · d)|² for pixel direction d.

    Parameters
    ----------
    spectra : (frames, 512, 128) complex.
    weights : (512, bands).

    Returns
    -------
    (bands, frames, 36 * 48) float64.
    """
    result = np.zeros((weights.shape[1], len(spectra), pixel_directions().size // 3))
    for index in np.flatnonzero(weights.any(axis=1)):
        spectrum = spectra[:, index].astype(np.complex128)
        add_power(result, spectrum, steering(index), weights[index])
    return result


def frame_spectra(signals):
    """Spectra of consecutive frames: (n // 1024, 512, 128) complex128."""
    frames = signals.astype(np.float64).reshape(-1, SAMPLES_PER_FRAME, NUM_MICROPHONES)
    return np.fft.rfft(frames * window()[:, None] / NUM_MICROPHONES, axis=1)[:, 1:]


def mel_energies(signals):
    """Brute-force form of `acoustic_images.mel_energies`: (24, n // 1024, 36 * 48) float64."""
    return band_energies(frame_spectra(signals), mel_filters())


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


def cpu_time_per_frame(spectra, weights, bins, clock):
    """CPU time of a frame in single precision, with steering vectors made beforehand.

    Parameters
    ----------
    spectra : (frames, 512, 128) complex.
    weights : (512, bands).
    bins : those to measure; the others are taken to last as long.
    clock : function that returns seconds.

    Returns
    -------
    seconds.
    """
    spectra = spectra.astype(np.complex64)
    num_pixels = pixel_directions().size // 3
    result = np.zeros((weights.shape[1], len(spectra), num_pixels), np.float32)
    seconds = 0.0
    for index in bins:
        spectrum = np.ascontiguousarray(spectra[:, index])
        steering_vectors = steering(index).astype(np.complex64)
        start = clock()
        add_power(result, spectrum, steering_vectors, weights[index])
        seconds += clock() - start
    return seconds / len(spectra) * len(weights) / len(bins)
