"""The released code's variables: reading them, and the weight of ours that each one belongs to."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import keras
import numpy as np
import tensorflow as tf

from avdistill.errors import InputError, explain_errors
from avdistill.networks import shared_head
from avdistill.networks.registry import NETWORKS, NetworkSpec, network_spec

# Our layer -> (its name in the released code, its kernel's shape there). A layer in a model within
# the model has a path, `backbone/conv1`.
PublishedKernels = Mapping[str, tuple[str, tuple[int, ...]]]
# Published name -> (the shape that it has in the released code, our weight).
PublishedWeights = Mapping[str, tuple[tuple[int, ...], keras.Variable]]

# Variables of a checkpoint that are not the network's: the optimizer's state and the step.
_TRAINING_STATE = {"global_step", "beta1_power", "beta2_power", "Adam", "Adam_1", "Momentum"}


def import_checkpoint(name: str, checkpoint: Path) -> keras.Model:
    """Build one of our networks with the weights of a checkpoint of the released code.

    A vision teacher is built whole, from pixels on: its checkpoint has a backbone too.

    Parameters
    ----------
    name : the network's name here, or the published one (`DualCamHybridNet` is `dualcamnet`).
    checkpoint : see `read_variables`.

    Raises
    ------
    InputError : the network is unknown, the checkpoint is missing or unreadable, or it lacks
        variables, has others, or has them in other shapes; all are named.
    """
    ours = {spec.published_name: spec.name for spec in NETWORKS.values() if spec.published_name}
    spec = network_spec(ours.get(name, name))
    if spec.published_name is None:
        raise InputError(f"{name}: the released code has no such network; it has {', '.join(ours)}")
    variables = read_variables(checkpoint)
    last_layer = list(_kernels(spec, 14).values())[-1][0]
    num_classes = np.size(variables.get(f"{last_layer}/biases", ())) or 14
    module = spec.module
    model = (module.build_whole if spec.uses_video_features else module.build)(num_classes, 0)
    assign_published(
        published_weights(
            model, _kernels(spec, num_classes), "BatchNorm" if spec.uses_video_features else "norm"
        ),
        variables,
        f"{checkpoint}: not a checkpoint of {spec.published_name}",
    )
    return model


def read_variables(checkpoint: Path) -> dict[str, np.ndarray]:
    """Read the variables of a TensorFlow checkpoint or its `.npz` form, without training's state.

    Parameters
    ----------
    checkpoint : prefix of a checkpoint's files (`model.ckpt`, without `.index`), the one file
        that TensorFlow wrote before its version 1 (`resnet_v1_50.ckpt`), or an `.npz` file with
        one array per variable name.

    Raises
    ------
    InputError : there is no such file, or it is not readable.
    """
    if checkpoint.suffix == ".npz":
        with (
            explain_errors(checkpoint, {OSError: "cannot be read ({error.strerror})"}),
            checkpoint.open("rb") as file,
        ):
            variables = read_npz(file, str(checkpoint))
    else:
        has_index = checkpoint.with_name(f"{checkpoint.name}.index").is_file()
        if not has_index and not checkpoint.is_file():
            raise InputError(
                f"{checkpoint}: no such checkpoint; give the path before `.index`, a checkpoint of "
                "one file, or an .npz file"
            )
        damages = (tf.errors.OpError, RuntimeError, ValueError, MemoryError)
        with explain_errors(checkpoint, {damages: "not readable as a checkpoint ({error})"}):
            reader = tf.train.load_checkpoint(str(checkpoint))
            names = reader.get_variable_to_shape_map()
            variables = {name: reader.get_tensor(name) for name in names}
    return {
        name: value
        for name, value in variables.items()
        if name.split("/")[-1] not in _TRAINING_STATE
    }


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


def _kernels(spec: NetworkSpec, num_classes: int) -> PublishedKernels:
    """Return the released code's name and kernel shape of each layer, in the network's order."""
    if spec.uses_video_features:
        return spec.module.published_kernels(num_classes)
    kernels = spec.module.PUBLISHED_KERNELS | shared_head.published_kernels(num_classes)
    scope = spec.module.PUBLISHED_SCOPE
    return {layer: (f"{scope}/{layer}", kernel) for layer, kernel in kernels.items()}
