"""Keras's own ResNet50: reading its files, and turning its weights into slim's.

Where slim has a stride in a block's last 3x3 convolution, Keras has it in the next block's first
1x1 convolution. The same positions are computed, so the weights are the same. Other differences are
removed here.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import h5py
import keras
import numpy as np

from avdistill.errors import InputError, explain_errors
from avdistill.networks.backbone import BATCH_NORM_EPSILON, published_kernels
from avdistill.networks.published_variables import check_arrays

_LARGEST = 1 << 30  # bytes, unpacked; the weights have 100 million
_KERAS_EPSILON = 1.001e-5
_UNREADABLE = (
    *(OSError, EOFError, KeyError, ValueError, RuntimeError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)
_PARTS = {"shortcut": 0, "conv1": 1, "conv2": 2, "conv3": 3}
_NORM = ("gamma", "beta", "moving_mean", "moving_variance")
_WEIGHTS = {"conv2d": ("kernel", "bias"), "dense": ("kernel", "bias"), "batch_normalization": _NORM}


def download_imagenet() -> dict[str, np.ndarray]:
    """Let Keras download ResNet50's ImageNet weights, or take them from its cache.

    Keras verifies their checksum.

    Returns
    -------
    Arrays by `layer/weight`, without the classifier.

    Raises
    ------
    InputError : they cannot be downloaded.
    """
    problem = (
        "Keras could not get them ({error}); without a network, name a file that has them "
        "(weights: file, and its path and sha256)"
    )
    # Keras raises bare exceptions where a download fails.
    with explain_errors("ImageNet weights", {Exception: problem}):
        model = keras.applications.ResNet50(weights="imagenet", include_top=False)
    return {
        f"{layer.name}/{weight.name}": weight.numpy()
        for layer in model.layers
        for weight in layer.weights
    }


def read_keras_file(file: Path) -> dict[str, np.ndarray]:
    """Read the arrays of a `.h5` or `.keras` file, without executing anything in it.

    It reads the legacy layout, of weights or of a whole model, and that of Keras 3, of
    `.weights.h5` or within `.keras`. It leaves out a classifier and an optimizer.

    Returns
    -------
    Arrays by `layer/weight`. The values of an array that is not ResNet50's, or has another shape,
    are not read: an array of booleans of its shape replaces it, which `slim_variables` refuses.

    Raises
    ------
    InputError : the file is missing or damaged, or keeps its arrays in another file.
    """
    problems = {
        FileNotFoundError: "no such file",
        _UNREADABLE: "not readable as weights of Keras ({error}); get the file again",
    }
    with explain_errors(file, problems):
        if file.suffix != ".keras":
            return _read_h5(file)
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo("model.weights.h5").file_size > _LARGEST:
                raise InputError(f"{file}: too large for ResNet50; name another file")
            return _read_h5(io.BytesIO(archive.read("model.weights.h5")))


def slim_variables(arrays: Mapping[str, np.ndarray], source: Path | str) -> dict[str, np.ndarray]:
    """Turn the weights of Keras's ResNet50 into those of slim's `resnet_v1_50`.

    Keras's input is BGR, ours RGB: the first kernel's channels are reversed. Keras's convolutions
    have a bias b, and its batch norms another ε': (x + b - μ) / sqrt(σ² + ε') stays the same if b
    is subtracted from μ, and ε' - ε added to σ².

    Parameters
    ----------
    source : file that messages name.

    Raises
    ------
    InputError : arrays are missing, surplus, of another shape or not finite; names them all.
    """
    check_arrays(_shapes(), arrays, f"{source}: not weights of Keras's ResNet50")
    variables = {}
    for layer, (published, _) in published_kernels().items():
        name = _keras_name(layer)
        kernel = arrays[f"{name}_conv/kernel"]
        norm = {weight: arrays[f"{name}_bn/{weight}"].astype(np.float64) for weight in _NORM}
        norm["moving_mean"] -= arrays[f"{name}_conv/bias"]
        norm["moving_variance"] += _KERAS_EPSILON - BATCH_NORM_EPSILON
        variables[f"{published}/weights"] = kernel[:, :, ::-1] if layer == "conv1" else kernel
        variables |= {f"{published}/BatchNorm/{weight}": value for weight, value in norm.items()}
    return variables


def _shapes() -> dict[str, tuple[int, ...]]:
    """Return the shapes of ResNet50's arrays by `layer/weight`, without the classifier."""
    shapes = {}
    for layer, (_, kernel) in published_kernels().items():
        name = _keras_name(layer)
        vectors = (f"{name}_conv/bias", *(f"{name}_bn/{weight}" for weight in _NORM))
        shapes |= {f"{name}_conv/kernel": kernel, **dict.fromkeys(vectors, kernel[-1:])}
    return shapes


def _keras_name(layer: str) -> str:
    """Return Keras's name of a convolution: `conv3_block1_0` for `block2_unit_1_shortcut`."""
    if layer == "conv1":
        return layer
    block, _, unit, part = layer.split("_")
    return f"conv{int(block.removeprefix('block')) + 1}_block{unit}_{_PARTS[part]}"


def _read_h5(source: Path | io.BytesIO) -> dict[str, np.ndarray]:
    arrays, shapes = {}, _shapes()

    def visit(path: str, item: h5py.Group | h5py.Dataset) -> None:
        *folders, leaf = path.split("/")
        if not isinstance(item, h5py.Dataset) or not folders or path.startswith("optimizer"):
            return
        layer, weight = folders[-1], leaf.removesuffix(":0")
        if layer == "vars" and leaf.isdigit():  # Keras 3: layers/conv2d_7/vars/0
            layer, weight = _name_in_keras_3(folders[-2], item, int(leaf))
        if layer != "predictions":
            arrays[f"{layer}/{weight}"] = _read(item, shapes.get(f"{layer}/{weight}"))

    with h5py.File(source, "r") as file:
        file.visititems(visit)
    return arrays


def _read(item: h5py.Dataset, shape: tuple[int, ...] | None) -> np.ndarray:
    """Read floats of the expected shape; for anything else return False in its shape."""
    if item.external or item.is_virtual:
        raise ValueError(f"{item.name} is kept in another file")
    if item.shape == shape and item.dtype.kind == "f":
        return item[()]
    return np.broadcast_to(np.zeros((), bool), item.shape or ())


def _name_in_keras_3(folder: str, item: h5py.Dataset, index: int) -> tuple[str, str]:
    """Return the layer's and the weight's name of an array that Keras 3 has only numbered.

    Its first versions did not write layers' names, which then follow from the layers' order.
    """
    found = re.fullmatch(r"(conv2d|batch_normalization|dense)(?:_(\d+))?", folder)
    if found is None:
        return folder, str(index)
    kind, number = found[1], int(found[2] or 0)
    weight = dict(enumerate(_WEIGHTS[kind])).get(index, str(index))
    if layer := item.parent.attrs.get("name"):
        return layer, weight
    layers = {
        "conv2d": [f"{name}_conv" for name in _order_of_building()],
        "batch_normalization": [f"{name}_bn" for name in _order_of_building()],
        "dense": ["predictions"],
    }
    return dict(enumerate(layers[kind])).get(number, folder), weight


def _order_of_building() -> list[str]:
    """List Keras's names in the order in which it builds: a shortcut, 0, between parts 2 and 3."""
    names = map(_keras_name, published_kernels())
    return sorted(names, key=lambda name: name.replace("_0", "_2.5"))
