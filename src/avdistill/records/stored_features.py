"""Stored features of video frames: a folder of each backbone's, in which are `SEQUENCE.npy`.

Each file holds (seconds, frames, 2048) float32; `avdistill.vision` writes them. The folder is
named after the backbone's digest, so that features of another one, prepared in the same place
before, are never taken for its own.
"""

from pathlib import Path

import numpy as np

from avdistill.errors import InputError

NUM_FEATURES = 2048  # of a frame, ResNet-50's


def features_folder(backbone: str) -> str:
    """Path below the backbone's folder of all its features, by the sha256 of its model."""
    return f"features/{backbone[:16]}"


def feature_path(sequence: str, backbone: str) -> str:
    """Path below the backbone's folder of a sequence's features."""
    return f"{features_folder(backbone)}/{sequence}.npy"


def open_features(folder: Path, sequence: str, num_frames: int) -> np.ndarray:
    """Open a sequence's features; they are read from disk as far as they are used.

    Parameters
    ----------
    folder : of one backbone's features, see `features_folder`.
    num_frames : how many frames of each second there must be.

    Returns
    -------
    (seconds, num_frames, 2048) float32.

    Raises
    ------
    InputError : no such file, or another content.
    """
    path = Path(folder) / f"{sequence}.npy"
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
