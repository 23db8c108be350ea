"""Features of video frames, computed once by the frozen backbone and stored.

The released code runs the frozen network on every frame in every epoch instead.
"""

import io
from pathlib import Path

import keras
import numpy as np

from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError
from avdistill.files.atomic import atomic_file
from avdistill.files.manifest import ManifestRow, describe_file, file_sha256
from avdistill.networks.batch_norms import fold_batch_norms
from avdistill.records.schema import read_video, record_path
from avdistill.records.stored_features import feature_path
from avdistill.records.video import network_frames
from avdistill.results.backbone_description import BackboneDescription
from avdistill.results.model_folder import load_model

BACKBONE_FILE = "backbone.keras"

_MOST_FRAMES = 48  # in one batch, 29 MB of pixels; changes results by no more than rounding


def compute_features(
    backbone: keras.Model,
    description: BackboneDescription,
    sequence: str,
    *,
    records: Path,
    seconds: int,
    folder: Path,
) -> ManifestRow:
    """Compute and write one sequence's features, atomically.

    Parameters
    ----------
    backbone : see `avdistill.networks.backbone`; a temporal one takes a second's frames together.
    records : folder of the records.
    seconds : length of the sequence.
    folder : folder of the backbone. Features are written to `feature_path(sequence,
        description.sha256)` below it: (seconds, frames, 2048) float32.

    Returns
    -------
    The file's row in the manifest of features.

    Raises
    ------
    InputError : a record is missing or damaged, or a feature is not a finite number.
    """
    num_frames = len(description.frames)
    # All batches have one size, so that TensorFlow traces the network once.
    size = max(
        (n for n in range(1, seconds + 1) if seconds % n == 0 and n * num_frames <= _MOST_FRAMES),
        default=1,
    )
    join = np.stack if description.temporal else np.concatenate
    features = []
    for start in range(0, seconds, size):
        pixels = [
            read_frames(records, sequence, second, description.frames)
            for second in range(start, start + size)
        ]
        features.append(backbone.predict_on_batch(join(pixels)))
    values = np.concatenate(features).reshape(seconds, num_frames, -1).astype(np.float32)
    if not np.isfinite(values).all():
        raise InputError(
            f"{sequence}: the backbone's features are not finite numbers; prepare the backbone "
            "again with other weights"
        )
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    file = feature_path(sequence, description.sha256)
    with atomic_file(Path(folder) / file) as partial:
        partial.write_bytes(stream.getvalue())
    return describe_file(sequence, file, stream.getvalue())


def read_frames(records: Path, sequence: str, second: int, frames: tuple[int, ...]) -> np.ndarray:
    """Read frames of a second as the backbone takes them: (len(frames), 224, 224, 3) float32."""
    path = Path(records) / record_path(sequence, second)
    return network_frames(read_video(path, frames, sequence=SequenceId.parse(sequence)))


def open_backbone(folder: Path) -> tuple[keras.Model, BackboneDescription]:
    """Load a backbone for computing features, its batch norms folded into its convolutions.

    Raises
    ------
    InputError : the folder is damaged, or model and description belong to different backbones.
    """
    description = BackboneDescription.read(folder)
    path = Path(folder) / BACKBONE_FILE
    backbone = load_model(path)
    if file_sha256(path) != description.sha256:
        raise InputError(f"{path}: is not what its description says; run prepare-backbone again")
    return fold_batch_norms(backbone), description
