"""Weights for the vision backbone: Keras's ImageNet weights, or those of a named file."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from avdistill.errors import InputError
from avdistill.files.manifest import check_sha256
from avdistill.networks import keras_weights
from avdistill.networks.backbone import PUBLISHED_SCOPE, align_pool, published_kernels
from avdistill.networks.published_checkpoints import TRAINING_STATE, read_variables
from avdistill.networks.published_variables import assign_published, published_weights

if TYPE_CHECKING:
    import keras

# In slim's `resnet_v1_50.ckpt` besides the backbone and what training leaves there.
_UNUSED = {"logits/weights", "logits/biases", "mean_rgb"}


def load_vision_weights(
    backbone: "keras.Model", source: str, file: Path | None = None, sha256: str | None = None
) -> str:
    """Give the backbone weights, and the alignment of the stem's pool that goes with them.

    A temporal backbone's convolutions over time stay the identity, unless a checkpoint has them.

    Parameters
    ----------
    backbone : see `build_backbone`; changed in place.
    source : `random` leaves it as it is; `imagenet` has Keras download its ResNet50's weights;
        `file` reads `file`.
    file : `.h5` or `.keras` of a `keras.applications.ResNet50`, with or without its top; or else a
        TensorFlow 1 checkpoint or `.npz` of slim's `resnet_v1_50` (see `read_variables`).
    sha256 : of the file; of a checkpoint in several files, that of `.index` and all `.data-*` in
        order of name, one after the other.

    Returns
    -------
    What to call the weights in tables: `random`, `ImageNet (Keras)`, or the file's name.

    Raises
    ------
    InputError : weights cannot be downloaded; the file is missing, damaged or another one; arrays
        in it are missing, surplus, of another shape or not finite, and all are named.
    ValueError : another source, or `file` without one.
    """
    if source == "random":
        return "random"
    if source == "imagenet":
        arrays = keras_weights.download_imagenet()
        _assign(backbone, keras_weights.slim_variables(arrays, "ImageNet weights"), "ImageNet")
        align_pool(backbone, "keras")
        return "ImageNet (Keras)"
    if source != "file" or file is None:
        raise ValueError(f"no such weights: {source!r} from {file}")
    file = Path(file)
    if sha256 is not None:
        _verify(file, sha256)
    if file.suffix in (".h5", ".keras"):
        arrays = keras_weights.read_keras_file(file)
        _assign(backbone, keras_weights.slim_variables(arrays, file), file)
        align_pool(backbone, "keras")
    else:
        unused = {f"{PUBLISHED_SCOPE}/{name}" for name in _UNUSED}
        variables = {
            name: value
            for name, value in read_variables(file).items()
            if name not in unused and name.split("/")[-1] not in TRAINING_STATE
        }
        _assign(backbone, variables, file)
        align_pool(backbone, "slim")
    return file.name


def _assign(
    backbone: "keras.Model", variables: Mapping[str, np.ndarray], source: Path | str
) -> None:
    over_time = len(backbone.input_shape) == 5 and any("/conv_temp/" in name for name in variables)
    assign_published(
        published_weights(backbone, published_kernels(over_time), "BatchNorm"),
        variables,
        f"{source}: not weights of {PUBLISHED_SCOPE}",
    )


def _verify(file: Path, sha256: str) -> None:
    parts = [file]
    if not file.is_file():  # a checkpoint's prefix
        parts = sorted(file.parent.glob(f"{file.name}.data-*"))
        parts.insert(0, file.with_name(f"{file.name}.index"))
    digest = hashlib.sha256()
    try:
        for part in parts:
            with part.open("rb") as handle:
                while block := handle.read(1 << 20):
                    digest.update(block)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name another file") from error
    check_sha256(file, digest.hexdigest(), sha256)
