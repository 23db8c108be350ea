"""Stored features of video frames: `features/SEQUENCE.npy` below a backbone's folder.

Each file holds (seconds, frames, 2048) float32; `avdistill.vision` writes them.
"""

from pathlib import Path

import numpy as np

from avdistill.errors import InputError

NUM_FEATURES = 2048  # of a frame, ResNet-50's


def feature_path(sequence: str) -> str:
    """Path below the backbone's folder of a sequence's features."""
    return f"features/{sequence}.npy"


def open_features(folder: Path, sequence: str, num_frames: int) -> np.ndarray:
    """Open a sequence's features; they are read from disk as far as they are used.

    Parameters
    ----------
    num_frames : how many frames of each second there must be.

    Returns
    -------
    (seconds, num_frames, 2048) float32.

    Raises
    ------
    InputError : no such file, or another content.
    """
    path = Path(folder) / feature_path(sequence)
    try:
        features = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise InputError(f"{path}: no such features; run compute-features") from None
    except (ValueError, OSError, EOFError) as error:
        raise InputError(
            f"{path}: damaged features ({error}); delete it and run compute-features again"
        ) from None
    shape = (num_frames, NUM_FEATURES)
    if features.ndim != 3 or features.shape[1:] != shape or features.dtype != np.float32:
        raise InputError(
            f"{path}: holds {features.dtype} of shape {features.shape}, not float32 of (seconds, "
            f"{num_frames}, {NUM_FEATURES}); delete it and run compute-features again"
        )
    return features
