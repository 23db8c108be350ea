"""Weights for the vision backbone: Keras's ImageNet weights, or those of a named file."""

import hashlib
from pathlib import Path

import keras

from avdistill.errors import explain_errors
from avdistill.files.manifest import check_sha256
from avdistill.networks.backbone import PUBLISHED_SCOPE, align_pool, published_kernels
from avdistill.networks.keras_weights import download_imagenet, read_keras_file, slim_variables
from avdistill.networks.published_checkpoints import read_variables
from avdistill.networks.published_variables import assign_published, published_weights

# Variables of slim's `resnet_v1_50.ckpt` that are not the backbone's.
_UNUSED = {f"{PUBLISHED_SCOPE}/{name}" for name in ("logits/weights", "logits/biases", "mean_rgb")}


def load_vision_weights(
    backbone: keras.Model, source: str, file: Path | None = None, sha256: str | None = None
) -> str:
    """Load weights into the backbone, and set the alignment of the stem's pool that they need.

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
    Name of the weights in tables: `random`, `ImageNet (Keras)`, or the file's name.

    Raises
    ------
    InputError : weights cannot be downloaded; the file is missing, damaged or another one; arrays
        in it are missing, surplus, of another shape or not finite, and all are named.
    ValueError : another source, or `file` without one.
    """
    if source == "random":
        return "random"
    pool = "keras"
    if source == "imagenet":
        name = "ImageNet (Keras)"
        variables = slim_variables(download_imagenet(), "ImageNet weights")
    elif source == "file" and file is not None:
        name = file.name
        if sha256 is not None:
            _verify(file, sha256)
        if file.suffix in (".h5", ".keras"):
            variables = slim_variables(read_keras_file(file), file)
        else:
            pool = "slim"
            variables = {
                name: value for name, value in read_variables(file).items() if name not in _UNUSED
            }
    else:
        raise ValueError(f"no such weights: {source!r} from {file}")
    over_time = len(backbone.input_shape) == 5 and any("/conv_temp/" in name for name in variables)
    assign_published(
        published_weights(backbone, published_kernels(over_time), "BatchNorm"),
        variables,
        f"{file or name}: not weights of {PUBLISHED_SCOPE}",
    )
    align_pool(backbone, pool)
    return name


def _verify(file: Path, sha256: str) -> None:
    parts = [file]
    if not file.is_file():  # a checkpoint's prefix
        parts = [
            file.with_name(f"{file.name}.index"),
            *sorted(file.parent.glob(f"{file.name}.data-*")),
        ]
    digest = hashlib.sha256()
    with explain_errors(file, {OSError: "cannot be read ({error.strerror}); name another file"}):
        for part in parts:
            with part.open("rb") as handle:
                hashlib.file_digest(handle, lambda: digest)
    check_sha256(file, digest.hexdigest(), sha256)
