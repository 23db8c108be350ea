"""From sources to microphones: free field, a room by image sources, and diffuse ambience.

Signals are sound pressure; a source's signal is its pressure at 1 m. Times are the source's own
clock: a sound arrives distance / c later, and what was emitted before the first sample is silence.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.simulation.array import SPEED_OF_SOUND


@dataclass(frozen=True)
class Room:
    """A room shaped like a shoe box, and where the array hangs in it.

    Attributes
    ----------
    dimensions : width, depth, height in metres: the room's own x, y and z (upwards).
    array_position : (3,) metres in the room's coordinates.
    heading : radians; 0 looks along the room's y, pi / 2 along its x. The array looks
        horizontally.
    absorption : share of the energy that each wall absorbs at any frequency, in the order
        x = 0, x = width, y = 0, y = depth, floor, ceiling.
    max_order : most reflections that a path may have.
    """

    dimensions: tuple[float, float, float]
    array_position: tuple[float, float, float]
    heading: float
    absorption: tuple[float, float, float, float, float, float]
    max_order: int = 15

    def axes(self) -> np.ndarray:
        """Return the array's x, y and z axes as rows, in the room's coordinates."""
        sine, cosine = np.sin(self.heading), np.cos(self.heading)
        return np.array([[cosine, -sine, 0.0], [0.0, 0.0, -1.0], [sine, cosine, 0.0]])


def free_field(
    signal: np.ndarray,
    position: np.ndarray,
    microphones: np.ndarray,
    add_to: np.ndarray | None = None,
) -> np.ndarray:
    """Sound of a point source without any reflection: delay distance / c, amplitude 1 / distance.

    Parameters
    ----------
    signal : (n,) float, pressure at 1 m, 12,288 Hz.
    position : (3,) metres.
    microphones : (m, 3) metres.
    add_to : (n, m) float32 that the sound is added to in place; by default a new array of zeros.

    Returns
    -------
    (n, m) float32, `add_to` if given.
    """
    return shoebox(signal, position, None, microphones, add_to)


def shoebox(
    signals: np.ndarray,
    positions: np.ndarray,
    room: Room | None,
    microphones: np.ndarray,
    add_to: np.ndarray | None = None,
) -> np.ndarray:
    """Sound of point sources in a room, by image sources (Allen and Berkley, 1979).

    Several sources at once cost little more than one.

    Parameters
    ----------
    signals : (s, n) float, or (n,) for one source: pressure at 1 m, 12,288 Hz.
    positions : (s, 3), or (3,): metres, in the array's coordinates, inside the room.
    room : the room.
    microphones : (m, 3) metres.
    add_to : (n, m) float32 that the sound is added to in place; by default a new array of zeros.

    Returns
    -------
    (n, m) float32, `add_to` if given.
    """
    signals, positions = np.atleast_2d(signals), np.atleast_2d(positions)
    length = signals.shape[1]
    result = np.zeros((length, len(microphones)), np.float32) if add_to is None else add_to
    frequencies = np.fft.rfftfreq(2 * length, 1 / SAMPLE_RATE)
    for signal, position in zip(signals, positions, strict=True):
        spectrum = np.fft.rfft(signal, 2 * length)
        for column, microphone in enumerate(microphones):
            distance = np.linalg.norm(position - microphone)
            delayed = spectrum * np.exp(-2j * np.pi * frequencies * distance / SPEED_OF_SOUND)
            result[:, column] += np.fft.irfft(delayed)[:length] / distance
    return result


def diffuse_field(
    rng: np.random.Generator,
    num_samples: int,
    spectrum: Callable[[np.ndarray], np.ndarray],
    microphones: np.ndarray,
    add_to: np.ndarray | None = None,
) -> np.ndarray:
    """Stationary noise from everywhere: 64 independent plane waves spread evenly over the sphere.

    Parameters
    ----------
    rng : draws the noise; the same state gives the same noise.
    num_samples : n.
    spectrum : amplitude at each frequency (Hz), smooth; all ones is white noise of mean square 1
        at each microphone.
    microphones : (m, 3) metres.
    add_to : (n, m) float32 that the sound is added to in place; by default a new array of zeros.

    Returns
    -------
    (n, m) float32, `add_to` if given.
    """
    result = np.zeros((num_samples, len(microphones)), np.float32) if add_to is None else add_to
    noise = np.fft.rfft(rng.standard_normal(num_samples))
    noise *= spectrum(np.fft.rfftfreq(num_samples, 1 / SAMPLE_RATE))
    result += np.fft.irfft(noise, num_samples)[:, None]
    return result
