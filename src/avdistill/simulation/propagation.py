"""From sources to microphones: free field, a room by image sources, and diffuse ambience.

Signals are sound pressure at 12,288 Hz; a source's signal is its pressure at 1 m. A sound arrives
distance / c after its source emits it, and before their first samples sources are silent.
Microphones are omnidirectional. The array is planar: a sound from behind arrives as one from its
mirror image in front would.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import irfft, next_fast_len, rfft

from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.simulation.array import SPEED_OF_SOUND

_SAMPLES_PER_METRE = SAMPLE_RATE / SPEED_OF_SOUND

_FRACTIONAL_TAPS = 32
_KAISER_BETA = 8.0
_SAMPLES_AT_ONCE = 4096
_COLUMNS_AT_ONCE = 16  # microphones whose transforms fit the processor's cache

_SPREAD = 6  # steps of the half-sample grid that an impulse is spread over
_SPREAD_BETA = 0.75 * np.pi * _SPREAD  # Beatty, Nishimura and Pauly, 2005, at 2-fold oversampling
_SPREAD_RESOLUTION = 8192  # distinct fractions of a step: -85 dB
_HIGHEST_IN_ROOM = 0.9  # of the Nyquist frequency, where the room's low-pass begins

_NUM_WAVES = 64
_NOISE_BLOCK = 1024
_CROSSFADE = 128


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

    def from_array(self, positions: np.ndarray) -> np.ndarray:
        """Turn (..., 3) positions from the array's coordinates into the room's."""
        sine, cosine = np.sin(self.heading), np.cos(self.heading)
        axes = np.array([[cosine, -sine, 0.0], [0.0, 0.0, -1.0], [sine, cosine, 0.0]])
        return positions @ axes + self.array_position


def free_field(
    signal: np.ndarray,
    position: np.ndarray,
    microphones: np.ndarray,
    add_to: np.ndarray | None = None,
) -> np.ndarray:
    """Return a point source's sound without reflections: delay distance / c, gain 1 / distance.

    Delays are windowed sincs of 32 taps, exact to -80 dB up to 0.85 of the Nyquist frequency. The
    microphones receive nearly the same stretch of the signal, so that all their filters are
    columns of one matrix.

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
    distances = np.linalg.norm(np.asarray(position) - microphones, axis=1)
    delays = distances * _SAMPLES_PER_METRE
    first = int(np.floor(delays.min())) - _FRACTIONAL_TAPS // 2 + 1
    last = int(np.floor(delays.max())) + _FRACTIONAL_TAPS // 2
    offsets = np.arange(last, first - 1, -1)[:, None] - delays  # the oldest sample comes first
    edge = np.clip(1 - (offsets / (_FRACTIONAL_TAPS / 2)) ** 2, 0, None)
    window = np.where(edge > 0, np.i0(_KAISER_BETA * np.sqrt(edge)) / np.i0(_KAISER_BETA), 0)
    filters = (np.sinc(offsets) * window / distances).astype(np.float32)

    stretches = sliding_window_view(
        np.pad(np.asarray(signal, np.float32), (last, max(0, -first))), len(filters)
    )
    result = np.zeros((len(signal), len(microphones)), np.float32) if add_to is None else add_to
    for start in range(0, len(signal), _SAMPLES_AT_ONCE):
        block = result[start : start + _SAMPLES_AT_ONCE]
        block += np.ascontiguousarray(stretches[start : start + len(block)]) @ filters
    return result


def _image_sources(position: np.ndarray, room: Room) -> tuple[np.ndarray, np.ndarray]:
    """Return a source and its mirror images in a shoe box (Allen and Berkley, 1979).

    Returns
    -------
    positions : (i, 3) metres, in the room's coordinates.
    gains : (i,) product of the reflection factors along each path.
    """
    order = np.arange(-room.max_order, room.max_order + 1)
    cells = np.stack(np.meshgrid(order, order, order, indexing="ij"), axis=-1)
    cells = cells[abs(cells).sum(axis=-1) <= room.max_order]
    mirrored = np.where(cells % 2 == 0, position, room.dimensions - position)
    near_wall, far_wall = np.sqrt(1 - np.reshape(room.absorption, (3, 2)).T)
    # Walls alternate along a path; to a positive cell the first and last is the far one.
    gains = near_wall ** abs(cells // 2) * far_wall ** abs((cells + 1) // 2)
    return cells * np.array(room.dimensions) + mirrored, gains.prod(axis=1)


@cache
def _spreading() -> np.ndarray:
    """Return the Kaiser-Bessel window around an impulse, for each fraction of a step.

    Returns
    -------
    (resolution + 1, 6) float32.
    """
    fraction = np.linspace(0, 1, _SPREAD_RESOLUTION + 1)[:, None]
    distance = np.arange(_SPREAD) - (_SPREAD // 2 - 1) - fraction
    edge = np.clip(1 - (2 * distance / _SPREAD) ** 2, 0, None)
    return np.i0(_SPREAD_BETA * np.sqrt(edge)).astype(np.float32)


def _transfer_functions(
    images: np.ndarray, gains: np.ndarray, microphones: np.ndarray, length: int
) -> np.ndarray:
    """Sum all images' delays and attenuations, at the frequencies of an FFT of some length.

    A nonuniform FFT spreads impulses on a grid of half samples, transforms the grid and divides by
    the transform of the spread. A low-pass near the Nyquist frequency keeps delays short in time.

    Returns
    -------
    (length // 2 + 1, m) complex64.
    """
    squares = np.sum(images**2, axis=1) + np.sum(microphones**2, axis=1)[:, None]
    distances = np.sqrt(squares - 2 * microphones @ images.T)
    steps = 2 * _SAMPLES_PER_METRE * distances
    whole = steps.astype(np.int64)
    fraction = np.rint((steps - whole) * _SPREAD_RESOLUTION).astype(np.int64)
    grid = np.empty((len(microphones), 2 * length), np.float32)
    for row, microphone_whole, microphone_fraction, factor in zip(
        grid, whole, fraction, gains / distances, strict=True
    ):
        weights = _spreading()[microphone_fraction] * factor[:, None]
        places = microphone_whole[:, None] + np.arange(_SPREAD)
        spread = np.bincount(places.ravel(), weights.ravel(), len(row))
        row[:] = np.roll(spread, 1 - _SPREAD // 2)  # the spread begins before the impulse
    frequency = np.arange(length // 2 + 1) / (length / 2)  # of the Nyquist frequency
    root = np.sqrt(_SPREAD_BETA**2 - (np.pi / 4 * _SPREAD * frequency) ** 2)
    spread = _SPREAD * np.sinh(root) / root
    above = np.clip((frequency - _HIGHEST_IN_ROOM) / (1 - _HIGHEST_IN_ROOM), 0, 1)
    low_pass = np.cos(np.pi / 2 * above) ** 2
    spectrum = rfft(grid.T, axis=0)[: len(frequency)]
    spectrum *= (low_pass / spread).astype(np.float32)[:, None]
    return spectrum


def shoebox(
    signals: np.ndarray,
    positions: np.ndarray,
    room: Room,
    microphones: np.ndarray,
    add_to: np.ndarray | None = None,
) -> np.ndarray:
    """Return the sound of point sources in a room: image sources, overlap-add convolution.

    Several sources in one call cost less than in one call each.

    Parameters
    ----------
    signals : (s, n) float, or (n,) for one source: pressure at 1 m, 12,288 Hz. Frequencies
        above 0.9 of the Nyquist frequency are attenuated.
    positions : (s, 3), or (3,): metres, in the array's coordinates, inside the room.
    room : the room.
    microphones : (m, 3) metres.
    add_to : (n, m) float32 that the sound is added to in place; by default a new array of zeros.

    Returns
    -------
    (n, m) float32, `add_to` if given.

    Raises
    ------
    ValueError : a source or microphone is outside the room.
    """
    signals = np.atleast_2d(np.asarray(signals, np.float32))
    sources = room.from_array(np.atleast_2d(positions))
    microphones = room.from_array(microphones)
    for name, points in (("source", sources), ("microphone", microphones)):
        if (points <= 0).any() or (points >= room.dimensions).any():
            raise ValueError(f"a {name} is outside the room of {room.dimensions} m")
    images = [_image_sources(source, room) for source in sources]
    num_samples = signals.shape[1]
    reach = max(np.linalg.norm(places - room.array_position, axis=1).max() for places, _ in images)
    decay = int((reach + 1) * _SAMPLES_PER_METRE) + 1  # samples; the array is smaller than 1 m
    block_length = min(num_samples, 3 * decay)
    length = 2 * next_fast_len((block_length + decay + 1) // 2, real=True)
    transfer_functions = [
        _transfer_functions(places, gains, microphones, length) for places, gains in images
    ]
    result = np.zeros((num_samples, len(microphones)), np.float32) if add_to is None else add_to
    for start in range(0, num_samples, block_length):
        blocks = rfft(signals[:, start : start + block_length], length)
        part = result[start : start + length]
        for first in range(0, len(microphones), _COLUMNS_AT_ONCE):
            some = slice(first, first + _COLUMNS_AT_ONCE)
            spectrum = sum(
                block[:, None] * transfer_function[:, some]
                for block, transfer_function in zip(blocks, transfer_functions, strict=True)
            )
            part[:, some] += irfft(spectrum, length, axis=0)[: len(part)]
    return result


def diffuse_field(
    rng: np.random.Generator,
    num_samples: int,
    spectrum: Callable[[np.ndarray], np.ndarray],
    microphones: np.ndarray,
    add_to: np.ndarray | None = None,
) -> np.ndarray:
    """Draw stationary noise from everywhere: 64 independent plane waves, evenly spread.

    Blocks with random phases fade over into each other. Waves come from the half space in front,
    because those from behind reach a planar array as those from in front do.

    Parameters
    ----------
    rng : draws directions and noise; the same state gives the same noise.
    num_samples : n.
    spectrum : amplitude at each frequency (Hz), smooth; all ones is white noise of mean square 1
        at each microphone.
    microphones : (m, 3) metres.
    add_to : (n, m) float32 that the sound is added to in place; by default a new array of zeros.

    Returns
    -------
    (n, m) float32, `add_to` if given.
    """
    index = np.arange(_NUM_WAVES)
    depth = (index + rng.random()) / _NUM_WAVES
    azimuth = index * np.pi * (3 - np.sqrt(5)) + rng.uniform(0, 2 * np.pi)
    radius = np.sqrt(1 - depth**2)
    directions = np.stack([radius * np.cos(azimuth), radius * np.sin(azimuth), depth])
    advance = (microphones @ directions).T / SPEED_OF_SOUND  # s, before the array's centre

    frequencies = np.arange(_NOISE_BLOCK // 2 + 1) * SAMPLE_RATE / _NOISE_BLOCK
    # exp(j ω τ) at all frequencies, as products of those at every 32nd and at the first 32
    coarse, fine = (
        np.exp(2j * np.pi * some[:, None, None] * advance).astype(np.complex64)
        for some in (frequencies[::32], frequencies[:32])
    )
    steering = (coarse[:, None] * fine).reshape(-1, *advance.shape)[: len(frequencies)]
    scale = spectrum(frequencies) * np.sqrt(_NOISE_BLOCK / _NUM_WAVES)
    steering *= scale.astype(np.float32)[:, None, None]
    phasors = np.exp(2j * np.pi * np.arange(256) / 256).astype(np.complex64)

    rise = ((np.arange(_NOISE_BLOCK) + 0.5) / _CROSSFADE).clip(max=1)
    fade = np.sin(np.pi / 2 * np.minimum(rise, rise[::-1])).astype(np.float32)[:, None]
    result = np.zeros((num_samples, len(microphones)), np.float32) if add_to is None else add_to
    # The first block starts early, so that its rise is over when the result begins.
    starts = np.arange(-_CROSSFADE, num_samples, _NOISE_BLOCK - _CROSSFADE)
    for some in np.split(starts, range(16, len(starts), 16)):
        phases = rng.integers(256, size=(len(frequencies), len(some), _NUM_WAVES), dtype=np.uint8)
        blocks = phasors[phases] @ steering
        for number, start in enumerate(some):
            part = result[max(start, 0) : start + _NOISE_BLOCK]
            block = irfft(blocks[:, number], axis=0) * fade
            part += block[max(-start, 0) :][: len(part)]
    return result
