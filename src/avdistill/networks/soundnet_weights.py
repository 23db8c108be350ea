"""Reading SoundNet's own weights, which OurSoundNet's first four layers can start from."""

import hashlib
import io
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from avdistill.errors import InputError, explain_errors
from avdistill.files.manifest import check_sha256
from avdistill.networks.published_variables import read_npz
from avdistill.networks.torch7 import TorchObject, decode_torch7

PRETRAINED = ("conv1", "conv2", "conv3", "conv4")  # OurSoundNet's layers of SoundNet's own shapes

_LARGEST_FILE = 1 << 30  # bytes; the published ones have up to 60 million

# Names: ours, in Torch's files, in `.npz` files (of SoundNet's TensorFlow version).
_CONVOLUTION = (("weights", "weight", "weights"), ("biases", "bias", "biases"))
_NORM = (
    ("norm/gamma", "weight", "gamma"),
    ("norm/beta", "bias", "beta"),
    ("norm/moving_mean", "running_mean", "mean"),
    ("norm/moving_variance", "running_var", "var"),
)


def read_soundnet_weights(file: Path, sha256: str | None) -> dict[str, np.ndarray]:
    """Read SoundNet's published weights of conv1 to conv4 and of the batch norms behind them.

    Parameters
    ----------
    file : SoundNet's network of 5 layers: Torch's `soundnet5_final.t7`, or an `.npz` with the
        arrays `conv1/weights` (64, 1, 1, 32), `conv1/biases`, `conv1/mean`, `conv1/var`,
        `conv1/beta` and `conv1/gamma` (32,), and the same for `conv2` to `conv4`; others are
        ignored. Nothing in it is executed.
    sha256 : of the file; None: it is not verified.

    Returns
    -------
    Arrays such as `conv1/weights` and `conv1/norm/gamma`, in the shapes of an `.npz` file; those
    that the file lacks are missing.

    Raises
    ------
    InputError : the file is missing, damaged or another one, or its network has 8 layers.
    """
    readers = {".t7": _from_torch, ".npz": _from_numpy}
    if file.suffix not in readers:
        raise InputError(f"{file}: SoundNet's weights are read from .t7 or .npz files; name one")
    variables = readers[file.suffix](_read(file, sha256), file)
    if np.shape(variables.get("conv1/weights"))[-1:] == (16,):
        raise InputError(
            f"{file}: weights of SoundNet's network of 8 layers, whose first layer has 16 filters, "
            "not 32: they fit no layer of OurSoundNet, which is its network of 5 layers; name the "
            "file of that one, soundnet5_final.t7"
        )
    return variables


def _read(file: Path, sha256: str | None) -> bytes:
    with explain_errors(file, {OSError: "cannot be read ({error.strerror}); name another file"}):
        if file.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{file}: too large for SoundNet's weights; name another file")
        data = file.read_bytes()
    check_sha256(file, hashlib.sha256(data).hexdigest(), sha256)
    return data


def _from_torch(data: bytes, file: Path) -> dict[str, np.ndarray]:
    network = decode_torch7(data, str(file))
    modules = network.fields.get("modules") if isinstance(network, TorchObject) else None
    if not isinstance(modules, dict) or not all(isinstance(key, float) for key in modules):
        raise InputError(f"{file}: holds no network of Torch (nn.Sequential); name another file")
    parts = [modules[key] for key in sorted(modules)]
    pairs = [
        pair for pair in pairwise([*parts, None]) if _class_name(pair[0]) == "SpatialConvolution"
    ]
    variables = {}
    for layer, (convolution, norm) in zip(PRETRAINED, pairs, strict=False):
        if _class_name(norm) != "SpatialBatchNormalization":
            raise InputError(
                f"{file}: no batch norm follows its convolution {layer[-1]}; name another file"
            )
        fields = _arrays(convolution.fields)
        if "weight" in fields and fields["weight"].ndim > 1:
            # (outputs, inputs, height, width); time is the height
            fields["weight"] = np.moveaxis(fields["weight"], (0, 1), (-1, -2))
        for names, arrays in ((_CONVOLUTION, fields), (_NORM, _norm_fields(norm, file))):
            variables |= {
                f"{layer}/{ours}": arrays[torch] for ours, torch, _ in names if torch in arrays
            }
    return variables


def _class_name(part: Any) -> str:
    """Return a Torch object's class without its package: `nn`, or `cudnn` on a GPU."""
    return part.name.split(".")[-1] if isinstance(part, TorchObject) else ""


def _norm_fields(norm: TorchObject, file: Path) -> dict[Any, np.ndarray]:
    fields = _arrays(norm.fields)
    if norm.version < 2 and "running_std" in fields:
        # Before version 2 the layer stored 1 / sqrt(variance + epsilon) under this name.
        epsilon = norm.fields.get("eps", 1e-5)
        if not isinstance(epsilon, float):
            raise InputError(f"{file}: a batch norm's eps is no number; get the file again")
        with np.errstate(divide="ignore"):  # values that are not finite are refused later
            fields["running_var"] = fields["running_std"].astype(np.float64) ** -2 - epsilon
    return fields


def _from_numpy(data: bytes, file: Path) -> dict[str, np.ndarray]:
    arrays = read_npz(io.BytesIO(data), str(file))
    return {
        f"{layer}/{ours}": arrays[f"{layer}/{theirs}"]
        for layer in PRETRAINED
        for ours, _, theirs in _CONVOLUTION + _NORM
        if f"{layer}/{theirs}" in arrays
    }


def _arrays(fields: Mapping[Any, Any]) -> dict[Any, np.ndarray]:
    return {key: value for key, value in fields.items() if isinstance(value, np.ndarray)}
