"""Acoustic images: twelve mel-frequency cepstral coefficients in each of 36 x 48 directions."""

import numpy as np
from scipy.fft import dct

from avdistill.avia.vocabulary import SAMPLE_RATE, SAMPLES_PER_FRAME
from avdistill.simulation.array import SPEED_OF_SOUND, microphone_positions, pixel_directions

NUM_BANDS = 24
ENERGY_FLOOR = 1e-12  # 120 dB below unit mean square


def mel_energies(signals: np.ndarray) -> np.ndarray:
    """Energy per mel band and direction, of each frame of 1024 samples.

    Parameters
    ----------
    signals : (n, 128) float, 12,288 Hz; samples after the last whole frame are left out.

    Returns
    -------
    (n // 1024, 36, 48, 24) float32.
    """
    num_frames = len(signals) // SAMPLES_PER_FRAME
    frames = signals[: num_frames * SAMPLES_PER_FRAME].reshape(num_frames, SAMPLES_PER_FRAME, -1)
    spectra = np.fft.rfft(frames, axis=1)
    directions = pixel_directions().reshape(-1, 3)
    result = np.zeros((num_frames, len(directions), NUM_BANDS), np.float32)
    delays = microphone_positions() @ directions.T / SPEED_OF_SOUND
    for index in range(16, 513):
        steering = np.exp(-2j * np.pi * index * SAMPLE_RATE / SAMPLES_PER_FRAME * delays)
        power = np.abs(spectra[:, index] @ steering) ** 2 / 128**2 / SAMPLES_PER_FRAME
        result[:, :, (index - 1) * NUM_BANDS // 512] += power
    return result.reshape(num_frames, *pixel_directions().shape[:2], NUM_BANDS)


def acoustic_images(signals: np.ndarray) -> np.ndarray:
    """Acoustic images of consecutive frames: `mel_energies`, logarithm, DCT.

    Parameters
    ----------
    signals : (n, 128) float, 12,288 Hz; samples after the last whole frame are left out.

    Returns
    -------
    (n // 1024, 36, 48, 12) float32, dimensionless.
    """
    log_energies = np.log(np.maximum(mel_energies(signals), ENERGY_FLOOR))
    return dct(log_energies, norm="ortho", axis=-1)[..., :12]


def level_from_mfcc(images: np.ndarray) -> np.ndarray:
    """Mean level over the mel bands, which coefficient 0 holds.

    Parameters
    ----------
    images : (..., 12), acoustic images.

    Returns
    -------
    (...) float, dB re unit mean square.
    """
    return images[..., 0] / np.sqrt(NUM_BANDS) * (10 / np.log(10))
