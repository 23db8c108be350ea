"""The released code's variables: their names, and the weight of ours that each one belongs to."""

from collections.abc import Mapping
from typing import IO

import keras
import numpy as np

from avdistill.errors import InputError, explain_errors

# Our layer -> (its name in the released code, its kernel's shape there). A layer in a model within
# the model has a path, `backbone/conv1`.
PublishedKernels = Mapping[str, tuple[str, tuple[int, ...]]]
# Published name -> (the shape that it has in the released code, our weight).
PublishedWeights = Mapping[str, tuple[tuple[int, ...], keras.Variable]]


def read_npz(file: IO[bytes], name: str) -> dict[str, np.ndarray]:
    """Read every array of an open `.npz` file; pickled objects in it are refused.

    Parameters
    ----------
    name : of the file, for messages.

    Raises
    ------
    InputError : it is damaged, or holds anything other than arrays of numbers and text.
    """
    # A damaged zip may raise almost anything.
    with (
        explain_errors(name, {Exception: "not readable as .npz ({error}); get it again"}),
        np.load(file, allow_pickle=False) as arrays,
    ):
        if all(member.endswith(".npy") for member in arrays.zip.namelist()):
            return dict(arrays)
        raise ValueError("it holds other things than arrays")


def published_weights(model: keras.Model, kernels: PublishedKernels, norm: str) -> PublishedWeights:
    """Find the weights of layers, and of the batch norms that follow them, by published names.

    Parameters
    ----------
    norm : published name of a batch norm, below that of its convolution. Ours is named
        `{convolution}_norm`.
    """
    weights = {}
    for path, (name, kernel) in kernels.items():
        *folders, last = path.split("/")
        part = model
        for folder in folders:
            part = part.get_layer(folder)
        layer = part.get_layer(last)
        weights[f"{name}/weights"] = kernel, layer.kernel
        if layer.use_bias:
            weights[f"{name}/biases"] = kernel[-1:], layer.bias
        if f"{last}_norm" in {other.name for other in part.layers}:
            for kind in ("gamma", "beta", "moving_mean", "moving_variance"):
                weight = getattr(part.get_layer(f"{last}_norm"), kind)
                weights[f"{name}/{norm}/{kind}"] = kernel[-1:], weight
    return weights


def assign_published(
    weights: PublishedWeights,
    variables: Mapping[str, np.ndarray],
    refusal: str,
) -> None:
    """Assign published values to our weights, if there is exactly one value for each weight.

    Parameters
    ----------
    refusal : start of the message, such as `model.ckpt: not a checkpoint of HearNet`.

    Raises
    ------
    InputError : variables are missing, surplus, of another shape or not finite; names them all.
    """
    check_arrays({name: shape for name, (shape, _) in weights.items()}, variables, refusal)
    for name, (_, weight) in weights.items():
        # Ours have no axes of length one; kernels that cover all their input are matrices.
        weight.assign(variables[name].reshape(weight.shape))


def check_arrays(
    shapes: Mapping[str, tuple[int, ...]], arrays: Mapping[str, np.ndarray], refusal: str
) -> None:
    """Check names, shapes and values of arrays; refuses them as `assign_published`."""
    problems = [f"lacks {name}" for name in shapes.keys() - arrays.keys()]
    problems += [f"has {name}, which the network has not" for name in arrays.keys() - shapes.keys()]
    for name in shapes.keys() & arrays.keys():
        if arrays[name].shape != shapes[name]:
            problems.append(f"has {name} in shape {arrays[name].shape}, not {shapes[name]}")
        elif arrays[name].dtype.kind != "f" or not np.isfinite(arrays[name]).all():
            problems.append(f"has values in {name} that are not finite floats")
    if problems:
        raise InputError(f"{refusal}: it " + "; ".join(sorted(problems)))
