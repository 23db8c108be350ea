"""Weights that the released code has trained, from its TensorFlow 1 checkpoints."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from avdistill.errors import InputError, explain_errors
from avdistill.networks import shared_head
from avdistill.networks.published_variables import (
    PublishedKernels,
    assign_published,
    published_weights,
    read_npz,
)
from avdistill.networks.registry import NETWORKS, NetworkSpec, network_spec

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


def _kernels(spec: NetworkSpec, num_classes: int) -> PublishedKernels:
    """Return the released code's name and kernel shape of each layer, in the network's order."""
    if spec.uses_video_features:
        return spec.module.published_kernels(num_classes)
    kernels = spec.module.PUBLISHED_KERNELS | shared_head.published_kernels(num_classes)
    scope = spec.module.PUBLISHED_SCOPE
    return {layer: (f"{scope}/{layer}", kernel) for layer, kernel in kernels.items()}
