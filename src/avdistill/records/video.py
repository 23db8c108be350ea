"""From a video frame to what a vision network sees: reference.md, section 5."""

import numpy as np

SIZE = 224  # pixels, ResNet's
_SHORT_SIDE = 256  # pixels after resizing
_MEAN_RGB = np.array((123.68, 116.78, 103.94), np.float32)  # ImageNet's


def network_frames(frames: np.ndarray) -> np.ndarray:
    """Resize so that the short side is 256, cut the central 224x224, subtract the mean RGB.

    Bilinear as TensorFlow 1 resizes (the left neighbour of output pixel i is floor(i * scale),
    without half-pixel centres and without smoothing); only what is cut out is computed.

    Parameters
    ----------
    frames : (num_frames, rows, columns, 3) uint8, RGB.

    Returns
    -------
    (num_frames, 224, 224, 3) float32, about -124 to 151.
    """
    rows, columns = frames.shape[1:3]
    scale = _SHORT_SIDE / min(rows, columns)
    top, bottom, down = _neighbours(rows, round(rows * scale))
    left, right, across = _neighbours(columns, round(columns * scale))
    across, down = across[:, np.newaxis], down[:, np.newaxis, np.newaxis]

    def blend_columns(selected: np.ndarray) -> np.ndarray:
        begin = selected[:, :, left].astype(np.float32)
        return begin + (selected[:, :, right] - begin) * across

    upper = blend_columns(frames[:, top])
    return upper + (blend_columns(frames[:, bottom]) - upper) * down - _MEAN_RGB


def _neighbours(size: int, resized: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for the central pixels of an axis, both source pixels and the second one's weight."""
    offset = (resized - SIZE) // 2
    position = np.arange(offset, offset + SIZE, dtype=np.float32) * np.float32(size / resized)
    first = position.astype(np.intp)
    return first, np.minimum(first + 1, size - 1), position - first.astype(np.float32)
