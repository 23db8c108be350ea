"""From a video frame to a vision network's input, as the released code prepares it."""

import numpy as np

SIZE = 224  # pixels, ResNet's
_SHORT_SIDE = 256  # pixels after resizing
_MEAN_RGB = np.array((123.68, 116.78, 103.94), np.float32)  # ImageNet's


def network_frames(frames: np.ndarray) -> np.ndarray:
    """Resize so that the short side is 256, cut the central 224x224, subtract the mean RGB.

    Bilinear as TensorFlow 1 resizes (the left neighbour of output pixel i is floor(i * scale),
    without half-pixel centres and without smoothing); only the part that is kept is computed.

    Parameters
    ----------
    frames : (num_frames, rows, columns, 3) uint8, RGB.

    Returns
    -------
    (num_frames, 224, 224, 3) float32, about -124 to 151.
    """
    num_frames, rows, columns, channels = frames.shape
    scale = _SHORT_SIDE / min(rows, columns)
    top, bottom, down = _neighbours(rows, round(rows * scale))
    left, right, across = _neighbours(columns, round(columns * scale))
    # Columns and channels as one axis, a frame at a time: more than twice as fast.
    left, right = (
        (side[:, np.newaxis] * channels + np.arange(channels)).ravel() for side in (left, right)
    )
    across, down = np.repeat(across, channels), down[:, np.newaxis]

    def blend_columns(selected: np.ndarray) -> np.ndarray:
        begin = selected.take(left, axis=1).astype(np.float32)
        return begin + (selected.take(right, axis=1) - begin) * across

    resized = np.empty((num_frames, SIZE, SIZE * channels), np.float32)
    for frame, result in zip(frames.reshape(num_frames, rows, -1), resized, strict=True):
        upper = blend_columns(frame[top])
        result[:] = upper + (blend_columns(frame[bottom]) - upper) * down
    return resized.reshape(num_frames, SIZE, SIZE, channels) - _MEAN_RGB


def _neighbours(size: int, resized: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for the central pixels of an axis, both source pixels and the second one's weight."""
    offset = (resized - SIZE) // 2
    position = np.arange(offset, offset + SIZE, dtype=np.float32) * np.float32(size / resized)
    first = position.astype(np.intp)
    return first, np.minimum(first + 1, size - 1), position - first.astype(np.float32)
