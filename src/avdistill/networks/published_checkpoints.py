"""Weights that the released code has trained, from its TensorFlow 1 checkpoints."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from avdistill.errors import InputError
from avdistill.networks.registry import NETWORKS, NetworkSpec, build, network_spec
from avdistill.networks.shared_head import published_kernels

if TYPE_CHECKING:
    import keras

# What a checkpoint holds besides the network: the optimizer's state and the step.
_TRAINING_STATE = {"global_step", "beta1_power", "beta2_power", "Adam", "Adam_1", "Momentum"}


def import_checkpoint(name: str, checkpoint: Path) -> "keras.Model":
    """Build a network of ours with the weights of the released code's.

    Parameters
    ----------
    name : our name of the network, or the published one (`DualCamHybridNet` is `dualcamnet`).
    checkpoint : a TensorFlow checkpoint's prefix (`model.ckpt`, without `.index`), or an `.npz`
        file with one array per TensorFlow variable name.

    Raises
    ------
    InputError : the network is unknown, the checkpoint is missing or unreadable, or it lacks
        variables, has others, or has them in other shapes; all are named.
    """
    ours = {spec.published_name: spec.name for spec in NETWORKS.values()}
    spec = network_spec(ours.get(name, name))
    variables = {
        variable: value
        for variable, value in read_variables(checkpoint).items()
        if variable.split("/")[-1] not in _TRAINING_STATE
    }
    scope = spec.module.PUBLISHED_SCOPE
    last_bias = variables.get(f"{scope}/fc2/biases")
    num_classes = last_bias.size if last_bias is not None and last_bias.size else 14
    shapes = published_shapes(spec, num_classes)
    _check(shapes, variables, checkpoint, spec)
    model = build(spec.name, num_classes, seed=0)
    for layer in model.layers:
        if layer.weights:
            kernel = variables[f"{scope}/{layer.name}/weights"]
            # Ours has no axes of length one, and the 9x12 and 4x1 kernels lie flat.
            layer.set_weights(
                [kernel.reshape(layer.kernel.shape), variables[f"{scope}/{layer.name}/biases"]]
            )
    return model


def published_shapes(spec: NetworkSpec, num_classes: int) -> dict[str, tuple[int, ...]]:
    """Every variable of a network in the released code, and its shape."""
    kernels = spec.module.PUBLISHED_KERNELS | published_kernels(num_classes)
    shapes = {}
    for layer, kernel in kernels.items():
        shapes[f"{spec.module.PUBLISHED_SCOPE}/{layer}/weights"] = kernel
        shapes[f"{spec.module.PUBLISHED_SCOPE}/{layer}/biases"] = kernel[-1:]
    return shapes


def read_variables(checkpoint: Path) -> dict[str, np.ndarray]:
    """Read every variable of a TensorFlow checkpoint, or of its `.npz` form."""
    if checkpoint.suffix == ".npz":
        try:
            # Opened here: NumPy leaves a file that it cannot read open.
            with checkpoint.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return dict(arrays)
        except FileNotFoundError:
            raise InputError(f"{checkpoint}: no such file") from None
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise InputError(f"{checkpoint}: not readable as .npz ({error})") from error
    if not checkpoint.with_name(f"{checkpoint.name}.index").is_file():
        raise InputError(
            f"{checkpoint}: no such checkpoint; give the path before `.index`, or an .npz file"
        )
    import tensorflow as tf  # noqa: PLC0415, only reading TensorFlow's own format needs it

    try:
        reader = tf.train.load_checkpoint(str(checkpoint))
        return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    except (tf.errors.OpError, RuntimeError) as error:
        raise InputError(f"{checkpoint}: not readable as a checkpoint ({error})") from error


def _check(
    shapes: Mapping[str, tuple[int, ...]],
    variables: Mapping[str, np.ndarray],
    checkpoint: Path,
    spec: NetworkSpec,
) -> None:
    """Refuse a checkpoint whose variables are not exactly the network's."""
    problems = [f"lacks {name}" for name in shapes if name not in variables]
    problems += [f"has {name}, which the network has not" for name in variables.keys() - shapes]
    for name in shapes.keys() & variables.keys():
        if variables[name].shape != shapes[name]:
            problems.append(f"has {name} in shape {variables[name].shape}, not {shapes[name]}")
        elif variables[name].dtype.kind != "f" or not np.isfinite(variables[name]).all():
            problems.append(f"has values in {name} that are not finite floats")
    if problems:
        raise InputError(
            f"{checkpoint}: not a checkpoint of {spec.published_name}: it "
            + "; ".join(sorted(problems))
        )
