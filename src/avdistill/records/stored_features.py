"""Stored features of video frames: for each backbone a folder of files `SEQUENCE.npy`.

Each file holds (seconds, frames, 2048) float32; `avdistill.vision` writes them. The folder's name
holds the backbone's digest, so that features of an earlier backbone in the same place are never
used for those of a later one.
"""

from pathlib import Path

import numpy as np

from avdistill.errors import InputError, explain_errors

NUM_FEATURES = 2048  # of a frame, ResNet-50's


def features_folder(backbone: str) -> str:
    """Return the path, below the backbone's folder, of all its features, by its model's sha256."""
    return f"features/{backbone[:16]}"


def feature_path(sequence: str, backbone: str) -> str:
    """Return the path, below the backbone's folder, of a sequence's features."""
    return f"{features_folder(backbone)}/{sequence}.npy"


def open_features(folder: Path, sequence: str, num_frames: int) -> np.ndarray:
    """Open a sequence's features without reading them: the disk is read where they are used.

    Parameters
    ----------
    folder : of one backbone's features, see `features_folder`.
    num_frames : how many frames of each second there must be.

    Returns
    -------
    (seconds, num_frames, 2048) float32.

    Raises
    ------
    InputError : no such file, or a file of other content.
    """
    path = Path(folder) / f"{sequence}.npy"
    problems = {
        FileNotFoundError: "no such features; run compute-features",
        (ValueError, OSError, EOFError): (
            "damaged features ({error}); delete it and run compute-features again"
        ),
    }
    with explain_errors(path, problems):
        features = np.load(path, mmap_mode="r", allow_pickle=False)
    shape = (num_frames, NUM_FEATURES)
    if features.ndim != 3 or features.shape[1:] != shape or features.dtype != np.float32:
        raise InputError(
            f"{path}: holds {features.dtype} of shape {features.shape}, not float32 of (seconds, "
            f"{num_frames}, {NUM_FEATURES}); delete it and run compute-features again"
        )
    return features
