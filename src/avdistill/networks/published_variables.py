"""The released code's variables: what they are called, and which weight of ours each one is."""

from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, NamedTuple

import numpy as np

from avdistill.errors import InputError

if TYPE_CHECKING:
    import keras

# Our layer -> (the released code's name of it, its kernel's shape there). A layer in a model
# within the model has a path, `backbone/conv1`.
PublishedKernels = Mapping[str, tuple[str, tuple[int, ...]]]


class PublishedWeight(NamedTuple):
    """A weight of ours, and the shape that it has in the released code."""

    shape: tuple[int, ...]
    weight: "keras.Variable"


def read_npz(file: IO[bytes], name: str) -> dict[str, np.ndarray]:
    """Read every array of an open `.npz` file; pickled objects in it are refused.

    Parameters
    ----------
    name : of the file, for messages.

    Raises
    ------
    InputError : it is damaged, or holds anything other than arrays of numbers and text.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            if all(member.endswith(".npy") for member in arrays.zip.namelist()):
                return dict(arrays)
            raise ValueError("it holds other things than arrays")
    except Exception as error:  # a damaged zip raises whatever its bytes happen to call for
        raise InputError(f"{name}: not readable as .npz ({error}); get it again") from error


def published_weights(
    model: "keras.Model", kernels: PublishedKernels, norm: str
) -> dict[str, PublishedWeight]:
    """Name the weights of layers, and of the batch norms that follow them, as published.

    Parameters
    ----------
    norm : what a batch norm is called below its convolution; ours is `{convolution}_norm`.
    """
    weights = {}
    for path, (name, kernel) in kernels.items():
        *folders, last = path.split("/")
        part = model
        for folder in folders:
            part = part.get_layer(folder)
        layer = part.get_layer(last)
        weights[f"{name}/weights"] = PublishedWeight(kernel, layer.kernel)
        if layer.use_bias:
            weights[f"{name}/biases"] = PublishedWeight(kernel[-1:], layer.bias)
        if f"{last}_norm" in {other.name for other in part.layers}:
            for kind in ("gamma", "beta", "moving_mean", "moving_variance"):
                weight = getattr(part.get_layer(f"{last}_norm"), kind)
                weights[f"{name}/{norm}/{kind}"] = PublishedWeight(kernel[-1:], weight)
    return weights


def assign_published(
    weights: Mapping[str, PublishedWeight],
    variables: Mapping[str, np.ndarray],
    refusal: str,
) -> None:
    """Give our weights the published values, if these are exactly the ones wanted.

    Parameters
    ----------
    refusal : how the message begins, such as `model.ckpt: not a checkpoint of HearNet`.

    Raises
    ------
    InputError : variables are missing, surplus, of another shape or not finite; names them all.
    """
    check_arrays({name: shape for name, (shape, _) in weights.items()}, variables, refusal)
    for name, (_, weight) in weights.items():
        # Ours has no axes of length one, and kernels that cover all their input lie flat.
        weight.assign(variables[name].reshape(weight.shape))


def check_arrays(
    shapes: Mapping[str, tuple[int, ...]],
    arrays: Mapping[str, np.ndarray],
    refusal: str,
    what: str = "the network",
) -> None:
    """Refuse arrays that are not exactly those wanted; parameters as in `assign_published`."""
    problems = [f"lacks {name}" for name in shapes.keys() - arrays.keys()]
    problems += [f"has {name}, which {what} has not" for name in arrays.keys() - shapes.keys()]
    for name in shapes.keys() & arrays.keys():
        if arrays[name].shape != shapes[name]:
            problems.append(f"has {name} in shape {arrays[name].shape}, not {shapes[name]}")
        elif arrays[name].dtype.kind != "f" or not np.isfinite(arrays[name]).all():
            problems.append(f"has values in {name} that are not finite floats")
    if problems:
        raise InputError(f"{refusal}: it " + "; ".join(sorted(problems)))
