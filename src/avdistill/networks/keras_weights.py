"""Keras's own ResNet50: reading its files, and turning its weights into slim's.

Its last unit's stride is in the next block's first 1x1 convolution, where slim's is in the 3x3:
the same positions are computed, so the weights are the same. What differs is folded away here.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np

from avdistill.errors import InputError
from avdistill.networks.backbone import BATCH_NORM_EPSILON, published_kernels
from avdistill.networks.published_variables import check_arrays

_LARGEST = 1 << 30  # bytes, unpacked; the weights take 100 million
_KERAS_EPSILON = 1.001e-5
_UNREADABLE = (
    *(OSError, EOFError, KeyError, ValueError, RuntimeError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)
_PARTS = {"shortcut": 0, "conv1": 1, "conv2": 2, "conv3": 3}
_NORM = ("gamma", "beta", "moving_mean", "moving_variance")
_WEIGHTS = {"conv2d": ("kernel", "bias"), "dense": ("kernel", "bias"), "batch_normalization": _NORM}


def download_imagenet() -> dict[str, np.ndarray]:
    """Have Keras download ResNet50's ImageNet weights, or find them where it keeps them.

    Keras verifies their checksum.

    Returns
    -------
    Arrays by `layer/weight`, without the classifier.

    Raises
    ------
    InputError : they cannot be downloaded.
    """
    import keras  # noqa: PLC0415, TensorFlow starts with it

    try:
        model = keras.applications.ResNet50(weights="imagenet", include_top=False)
    except Exception as error:  # Keras raises bare exceptions where a download fails
        raise InputError(
            f"ImageNet weights: Keras could not get them ({error}); without a network, name a "
            "file that has them (weights: file, and its path and sha256)"
        ) from error
    return {
        f"{layer.name}/{weight.name}": weight.numpy()
        for layer in model.layers
        for weight in layer.weights
    }


def read_keras_file(file: Path) -> dict[str, np.ndarray]:
    """Read the arrays of a `.h5` or `.keras` file, without executing anything in it.

    Known are the legacy layout, of weights or of a whole model, and that of Keras 3, of
    `.weights.h5` or within `.keras`. A classifier and an optimizer are left out.

    Returns
    -------
    Arrays by `layer/weight`. What is not of ResNet50, or in another shape, is not read: in its
    place stand arrays of that shape, for `slim_variables` to refuse.

    Raises
    ------
    InputError : the file is missing or damaged, or says that its arrays are in another one.
    """
    try:
        if file.suffix == ".keras":
            with zipfile.ZipFile(file) as archive:
                if archive.getinfo("model.weights.h5").file_size > _LARGEST:
                    raise InputError(f"{file}: too large for ResNet50; name another file")
                return _read_h5(io.BytesIO(archive.read("model.weights.h5")))
        return _read_h5(file)
    except FileNotFoundError:
        raise InputError(f"{file}: no such file") from None
    except _UNREADABLE as error:
        raise InputError(
            f"{file}: not readable as weights of Keras ({error}); get the file again"
        ) from error


def slim_variables(arrays: Mapping[str, np.ndarray], source: Path | str) -> dict[str, np.ndarray]:
    """Turn the weights of Keras's ResNet50 into those of slim's `resnet_v1_50`.

    Keras sees BGR, we see RGB: the first kernel is turned round. Keras's convolutions have a bias
    b, and its batch norms another ε: (x + b - μ) / sqrt(σ² + ε') is the same with b taken from μ,
    and with ε' - ε added to σ².

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
        gamma, beta, mean, variance = (
            arrays[f"{name}_bn/{weight}"].astype(np.float64) for weight in _NORM
        )
        mean -= arrays[f"{name}_conv/bias"]
        variance += _KERAS_EPSILON - BATCH_NORM_EPSILON
        variables[f"{published}/weights"] = kernel[:, :, ::-1] if layer == "conv1" else kernel
        for weight, value in zip(_NORM, (gamma, beta, mean, variance), strict=True):
            variables[f"{published}/BatchNorm/{weight}"] = value
    return variables


def _shapes() -> dict[str, tuple[int, ...]]:
    """List ResNet50's arrays, the classifier aside."""
    shapes = {}
    for layer, (_, kernel) in published_kernels().items():
        name = _keras_name(layer)
        shapes |= {f"{name}_conv/kernel": kernel, f"{name}_conv/bias": kernel[-1:]}
        shapes |= {f"{name}_bn/{weight}": kernel[-1:] for weight in _NORM}
    return shapes


def _keras_name(layer: str) -> str:
    """Name a convolution as Keras does: `block2_unit_1_shortcut` is `conv3_block1_0`."""
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
        if folders[-1] == "vars" and leaf.isdigit():  # Keras 3: layers/conv2d_7/vars/0
            layer, weight = _name_in_keras_3(folders[-2], item, int(leaf))
        else:
            layer, weight = folders[-1], leaf.removesuffix(":0")
        if layer != "predictions":
            arrays[f"{layer}/{weight}"] = _read(item, shapes.get(f"{layer}/{weight}"))

    with h5py.File(source, "r") as file:
        file.visititems(visit)
    return arrays


def _read(item: h5py.Dataset, shape: tuple[int, ...] | None) -> np.ndarray:
    """Read floats of the wanted shape; anything else becomes nothing of its own shape."""
    if item.external or item.is_virtual:
        raise ValueError(f"{item.name} is kept in another file")
    if item.shape == shape and item.dtype.kind == "f":
        return item[()]
    return np.broadcast_to(np.zeros((), bool), item.shape or ())


def _name_in_keras_3(folder: str, item: h5py.Dataset, index: int) -> tuple[str, str]:
    """Name the layer and the weight of an array that Keras 3 has only numbered.

    Its first versions did not write layers' names: there they follow from their order.
    """
    found = re.fullmatch(r"(conv2d|batch_normalization|dense)(?:_(\d+))?", folder)
    if found is None:
        return folder, str(index)
    kind, number = found[1], int(found[2] or 0)
    weight = _WEIGHTS[kind][index] if index < len(_WEIGHTS[kind]) else str(index)
    if layer := item.parent.attrs.get("name"):
        return layer, weight
    layers = {
        "conv2d": [f"{name}_conv" for name in _order_of_building()],
        "batch_normalization": [f"{name}_bn" for name in _order_of_building()],
        "dense": ["predictions"],
    }[kind]
    return (layers[number] if number < len(layers) else folder), weight


def _order_of_building() -> list[str]:
    """List Keras's names in its own order, in which a shortcut stands before the last 1x1."""
    names, shortcut = [], []
    for layer in published_kernels():
        if layer.endswith("_shortcut"):
            shortcut = [_keras_name(layer)]
            continue
        if layer.endswith("_conv3"):
            names += shortcut
            shortcut = []
        names.append(_keras_name(layer))
    return names
