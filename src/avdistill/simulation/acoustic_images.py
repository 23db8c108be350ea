"""Acoustic images: twelve mel-frequency cepstral coefficients in each of 36 x 48 directions.

Each frame of 1024 samples is windowed and transformed; its 512 positive frequencies are steered to
every pixel by delay and sum. The beams' powers are summed into 24 mel bands from 0 to 6144 Hz. The
image holds the first 12 coefficients of the DCT of the bands' levels, in bels re 20 uPa, so that
coefficients are a few units large: the networks take them as they are stored. DualCam's number of
bands, window, unit and floor are not published: these are ours.
"""

from functools import cache

import numpy as np
from scipy.fft import dct, idct, rfft
from scipy.special import logsumexp

from avdistill.avia.vocabulary import ACOUSTIC_IMAGE_SHAPE, NUM_MICROPHONES, SAMPLES_PER_FRAME
from avdistill.simulation.beamforming import BIN_WIDTH, NUM_BINS, band_energies

NUM_BANDS = 24
REFERENCE_ENERGY = 2e-5**2  # Pa^2: 0 dB SPL, the unit that coefficients count from
ENERGY_FLOOR = REFERENCE_ENERGY * 1e-3  # -30 dB SPL in a band, below any microphone's own noise
_TAPER = 64  # samples
_FRAMES_AT_ONCE = 32


@cache
def window() -> np.ndarray:
    """Return a flat window with cosine tapers of 64 samples (5 ms) at either end.

    Frames do not overlap: a wider taper would lose a click between two of them. The scale
    makes the squared magnitudes of the positive frequencies add up to the frame's mean square.

    Returns
    -------
    (1024,) float32.
    """
    rise = np.sin(np.pi / 2 * (np.arange(_TAPER) + 0.5) / _TAPER) ** 2
    values = np.concatenate([rise, np.ones(SAMPLES_PER_FRAME - 2 * _TAPER), rise[::-1]])
    return (values * np.sqrt(2 / SAMPLES_PER_FRAME / np.sum(values**2))).astype(np.float32)


@cache
def mel_filters() -> np.ndarray:
    """Return 24 triangles of height 1, evenly spaced over 0 to 6144 Hz in mel (O'Shaughnessy).

    Returns
    -------
    (512, 24) float32: weight of each positive frequency in each band.
    """
    highest = 1127 * np.log1p(NUM_BINS * BIN_WIDTH / 700)
    corners = 700 * np.expm1(np.linspace(0, highest, NUM_BANDS + 2) / 1127)
    frequencies = BIN_WIDTH * (np.arange(NUM_BINS) + 1.0)[:, None]
    rising = (frequencies - corners[:-2]) / np.diff(corners)[:-1]
    falling = (corners[2:] - frequencies) / np.diff(corners)[1:]
    return np.maximum(np.minimum(rising, falling), 0).astype(np.float32)


def mel_energies(signals: np.ndarray) -> np.ndarray:
    """Return the energy of each frame of 1024 samples per mel band and direction.

    In its own direction, a plane wave's energies add up over the bands to its mean square.

    Parameters
    ----------
    signals : (n, 128) float32, 12,288 Hz; samples after the last whole frame are ignored.

    Returns
    -------
    (24, n // 1024, 36 * 48) float32; rounding can leave values slightly below zero.
    """
    frames = signals[: len(signals) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME].reshape(
        -1, SAMPLES_PER_FRAME, NUM_MICROPHONES
    )
    spectra = rfft(frames * (window()[:, None] / NUM_MICROPHONES), axis=1)[:, 1:]
    return band_energies(spectra, mel_filters())


def acoustic_images(signals: np.ndarray) -> np.ndarray:
    """Return the acoustic images of consecutive frames: the DCT of the levels of `mel_energies`.

    Parameters
    ----------
    signals : (n, 128) float32, Pa, 12,288 Hz; samples after the last whole frame are ignored.

    Returns
    -------
    (n // 1024, 36, 48, 12) float32, bels re 20 uPa.
    """
    num_frames = len(signals) // SAMPLES_PER_FRAME
    images = np.empty((num_frames, *ACOUSTIC_IMAGE_SHAPE), np.float32)
    basis = dct(np.eye(NUM_BANDS, dtype=np.float32), norm="ortho")[:, : ACOUSTIC_IMAGE_SHAPE[2]]
    for first in range(0, num_frames, _FRAMES_AT_ONCE):
        some = images[first : first + _FRAMES_AT_ONCE]
        energies = mel_energies(
            signals[first * SAMPLES_PER_FRAME : (first + len(some)) * SAMPLES_PER_FRAME]
        )
        np.maximum(energies, ENERGY_FLOOR, out=energies)
        np.log10(energies / np.float32(REFERENCE_ENERGY), out=energies)
        some[:] = (energies.reshape(NUM_BANDS, -1).T @ basis).reshape(some.shape)
    return images


def level_from_mfcc(images: np.ndarray, lowest_band: int = 0) -> np.ndarray:
    """Return the level in each direction, for pictures, by inverting the DCT.

    Twelve coefficients describe only a spectrum's rough shape, so the level of a pure tone comes
    out a few dB low. Coefficient 0 alone would hardly show a tone: it is the mean of all bands'
    levels in dB, most of which a tone does not change.

    Parameters
    ----------
    images : (..., 12), acoustic images.
    lowest_band : the sum leaves out bands below it; 0 takes all.

    Returns
    -------
    (...) float, dB re 20 uPa.
    """
    bels = idct(images, n=NUM_BANDS, norm="ortho", axis=-1)
    return 10 / np.log(10) * logsumexp(bels[..., lowest_band:] * np.log(10), axis=-1)
