"""The acoustic camera: where its microphones are, and how it projects the world to a picture.

One coordinate system everywhere, in metres: origin at the centre of the array, where the camera
is; x to the right in the picture, y downwards in the picture, z along the viewing direction.

DualCam's 128 microphones stand around an optical camera on about 0.5 x 0.5 m. Their exact layout
and the field of view are not published: those of the simulation are ours.
"""

from functools import cache

import numpy as np

from avdistill.avia.vocabulary import ACOUSTIC_IMAGE_SHAPE, FRAME_SHAPE, NUM_MICROPHONES

SPEED_OF_SOUND = 343.0  # m/s, air at 20 °C
APERTURE = 0.5  # m, diameter of the array
FIELD_OF_VIEW = 64.0  # degrees, horizontally, of picture and acoustic image alike
_ROWS, _COLUMNS, _ = FRAME_SHAPE
FOCAL_LENGTH = _COLUMNS / 2 / np.tan(np.radians(FIELD_OF_VIEW / 2))  # pixels of the picture


@cache
def microphone_positions() -> np.ndarray:
    """Return the places of microphones on a sunflower spiral (Vogel, 1979) of even density.

    Within the field of view its side lobes are those of the full disc, 17 dB below the main lobe,
    at all frequencies. There are no grating lobes, because no separation occurs twice.

    Returns
    -------
    (128, 3) float64, metres, z = 0; read-only.
    """
    index = np.arange(NUM_MICROPHONES)
    radius = APERTURE / 2 * np.sqrt((index + 0.5) / (NUM_MICROPHONES - 0.5))
    angle = index * (np.pi * (3 - np.sqrt(5)))  # the golden angle
    positions = np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * radius], axis=1)
    positions.flags.writeable = False
    return positions


def project(position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a point's place in the picture of 640 x 480 (pinhole camera).

    Parameters
    ----------
    position : (..., 3), metres, in front of the camera (z > 0).

    Returns
    -------
    column, row : (...) pixels from the picture's left and upper edge; the centre is (320, 240).
        Points outside the field of view lie outside the picture.
    """
    x, y, z = np.moveaxis(np.asarray(position, dtype=np.float64), -1, 0)
    return _COLUMNS / 2 + FOCAL_LENGTH * x / z, _ROWS / 2 + FOCAL_LENGTH * y / z


def unproject(column: np.ndarray, row: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Return the point at a place of the picture and a depth: the inverse of `project`.

    Parameters
    ----------
    column, row : (...) pixels of the 640 x 480 picture.
    depth : (...) metres along z.

    Returns
    -------
    (..., 3) metres.
    """
    x = (np.asarray(column) - _COLUMNS / 2) / FOCAL_LENGTH * depth
    y = (np.asarray(row) - _ROWS / 2) / FOCAL_LENGTH * depth
    return np.stack(np.broadcast_arrays(x, y, np.float64(depth)), axis=-1)


@cache
def pixel_directions() -> np.ndarray:
    """Return the directions of the acoustic image's pixels: centres, in the picture's projection.

    Returns
    -------
    (36, 48, 3) float64 unit vectors, from the array outwards; read-only.
    """
    height, width, _ = ACOUSTIC_IMAGE_SHAPE
    row = (np.arange(height)[:, None] + 0.5) * _ROWS / height
    points = unproject((np.arange(width) + 0.5) * _COLUMNS / width, row, 1.0)
    directions = points / np.linalg.norm(points, axis=-1, keepdims=True)
    directions.flags.writeable = False
    return directions
