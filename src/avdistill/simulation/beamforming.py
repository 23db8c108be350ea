"""Delay-and-sum beamforming to every pixel of the acoustic image, summed into frequency bands.

The beams' power is a band-limited function of the direction cosines (u, v): it is a sum over pairs
of microphones of waves exp(jk (u Δx + v Δy)), and no pair is further apart than the aperture. So
it is computed in few directions for each group of frequencies, summed over frequencies into bands
and interpolated in all other directions. Directions come in opposite pairs, ±(u, v), whose beams
share their arithmetic; the sums and the differences of a pair are interpolated separately.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import j1

from avdistill.avia.vocabulary import SAMPLE_RATE, SAMPLES_PER_FRAME
from avdistill.simulation.array import (
    APERTURE,
    SPEED_OF_SOUND,
    microphone_positions,
    pixel_directions,
)

NUM_BINS = SAMPLES_PER_FRAME // 2  # positive frequencies of a frame: 12 Hz, 24 Hz … 6144 Hz
BIN_WIDTH = SAMPLE_RATE / SAMPLES_PER_FRAME  # 12 Hz

_BINS_PER_GROUP = 32


class FrequencyGroup(NamedTuple):
    """Tables for one group of neighbouring frequency bins, and h chosen pairs of directions.

    Attributes
    ----------
    steering : (2, bins, 128, h) float32: cos φ and sin φ of each microphone's phase φ in the first
        direction of each pair; in the second φ changes its sign.
    even, odd : (h, 864) float32: interpolation of sums and differences of opposite directions.
    """

    steering: np.ndarray
    even: np.ndarray
    odd: np.ndarray


def _covariance(cosines: np.ndarray, others: np.ndarray, wavenumber: float) -> np.ndarray:
    """Return the covariance of a power map at two places: the Airy pattern of the aperture.

    It is the transform of the density of pairs of microphones over their separation.
    """
    distance = np.hypot(*np.moveaxis(cosines - others, -1, 0))
    argument = np.maximum(wavenumber * APERTURE / 2 * distance, 1e-9)
    return (2 * j1(argument) / argument) ** 2


def _choose_pairs(cosines: np.ndarray, wavenumber: float) -> tuple[list[int], list[np.ndarray]]:
    """Choose directions whose powers, with those of the opposite ones, determine all others.

    The next choice is always the direction that the chosen ones explain least: a Cholesky
    decomposition with pivoting of the covariances of the sums and of the differences, both with
    the same pivots.

    Parameters
    ----------
    cosines : (p, 2) direction cosines of one direction of each pair.
    wavenumber : radians per metre, the highest of the group.

    Returns
    -------
    chosen : h indices of pairs.
    interpolation : for sums and for differences, (h, p) weights of the chosen.
    """
    factors = np.zeros((2, len(cosines), len(cosines)))
    opposite = _covariance(cosines, -cosines, wavenumber)
    unexplained = np.stack([1 + opposite, 1 - opposite]) / 2
    chosen: list[int] = []
    while unexplained.sum(axis=0).max() > 1e-9:  # of the variance: what may be missed anywhere
        pivot, known = int(unexplained.sum(axis=0).argmax()), len(chosen)
        same = _covariance(cosines[pivot], cosines, wavenumber)
        opposite = _covariance(cosines[pivot], -cosines, wavenumber)
        for factor, rest, covariance in zip(
            factors, unexplained, (same + opposite, same - opposite), strict=True
        ):
            row = covariance / 2 - factor[:known, pivot] @ factor[:known]
            # Double precision can hardly distinguish variances below 1e-13 from zero.
            factor[known] = row / np.sqrt(max(row[pivot], 1e-13))
            np.subtract(rest, factor[known] ** 2, out=rest)
        chosen.append(pivot)
    factors = factors[:, : len(chosen)]
    return chosen, [solve_triangular(factor[:, chosen], factor) for factor in factors]


@cache
def frequency_groups() -> tuple[FrequencyGroup, ...]:
    """Return the tables of all groups, about 75 MB, made once per process in half a second."""
    # The other half, in reverse order, are opposite.
    cosines, _ = np.split(pixel_directions().reshape(-1, 3)[:, :2], 2)
    groups = []
    for bins in np.arange(1, NUM_BINS + 1).reshape(-1, _BINS_PER_GROUP):
        wavenumbers = 2 * np.pi * (BIN_WIDTH * bins) / SPEED_OF_SOUND
        chosen, tables = _choose_pairs(cosines, wavenumbers[-1])
        paths = (microphone_positions()[:, :2] @ cosines[chosen].T).astype(np.float32)
        phases = wavenumbers.astype(np.float32)[:, None, None] * paths
        steering = np.stack([np.cos(phases), np.sin(phases)])
        groups.append(FrequencyGroup(steering, *(table.astype(np.float32) for table in tables)))
    return tuple(groups)


def band_energies(spectra: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the power of the delay-and-sum beam to each pixel, summed into frequency bands.

    For pixel direction d, band i and spectra X: Σ_k weights[k, i] |Σ_m X[k, m] exp(-jk x_m · d)|²,
    where a wave from direction d arrives at the microphone at x_m with phase +jk x_m · d.

    Parameters
    ----------
    spectra : (frames, 512, 128) complex64, at 12 Hz, 24 Hz … 6144 Hz.
    weights : (512, bands) float32.

    Returns
    -------
    (bands, frames, 36 * 48) float32; rounding can leave values slightly below zero.
    """
    num_frames, _, num_microphones = spectra.shape
    num_bands, num_pairs = weights.shape[1], frequency_groups()[0].even.shape[1]
    sums, differences = np.zeros((2, num_bands, num_frames, num_pairs), np.float32)
    parts = np.empty((_BINS_PER_GROUP, 2, num_frames, num_microphones), np.float32)
    for index, (steering, even, odd) in enumerate(frequency_groups()):
        bins = slice(index * _BINS_PER_GROUP, (index + 1) * _BINS_PER_GROUP)
        (bands,) = np.nonzero(weights[bins].any(axis=0))
        group_weights = np.ascontiguousarray(weights[bins, bands].T)
        by_bin = spectra[:, bins].swapaxes(0, 1)
        parts[:, 0], parts[:, 1] = by_bin.real, by_bin.imag
        # With C and S the sums of X cos φ and X sin φ, the beam is C - jS, the opposite C + jS,
        # and their powers are |C|² + |S|² ± 2 (Re C Im S - Im C Re S).
        beams = parts.reshape(_BINS_PER_GROUP, -1, num_microphones) @ steering
        cosine, sine = beams.reshape(2, _BINS_PER_GROUP, 2, -1)
        difference = cosine[:, 0] * sine[:, 1] - cosine[:, 1] * sine[:, 0]
        np.square(beams, out=beams)
        total = cosine[:, 0] + cosine[:, 1] + sine[:, 0] + sine[:, 1]
        for power, interpolation, result in ((total, even, sums), (difference, odd, differences)):
            energy = (group_weights @ power).reshape(-1, len(interpolation))
            result[bands] += (energy @ interpolation).reshape(len(bands), *result.shape[1:])
    differences *= 2
    return np.concatenate([sums + differences, (sums - differences)[..., ::-1]], axis=-1)
