"""How large networks are, and how much they compute for a second of input."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import keras

from avdistill.avia.vocabulary import FRAMES_PER_SECOND
from avdistill.errors import InputError
from avdistill.evaluation.tables import Row
from avdistill.networks.registry import build, network_spec

COLUMNS = (
    "network",
    "parameters",
    "trained_parameters",
    "multiply_adds_per_second",
    "weight_bytes",
    "input",
    "inputs_per_second",
)

_FLOAT32_BYTES = 4
# Layers whose kernel is applied at every position of their output.
_COUNTED = (
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.Conv3D,
    keras.layers.Dense,
)
# Layers with weights whose multiplications are not counted: there is one for each value, and it
# becomes part of the convolution before it when the network is only used for prediction.
_UNCOUNTED = (keras.layers.BatchNormalization,)


class Whole(NamedTuple):
    """A network from its recorded input to its logits.

    Attributes
    ----------
    inputs_per_second : how many inputs of the model make up a second of data.
    """

    model: keras.Model
    inputs_per_second: float


def build_whole(name: str, num_classes: int, seed: int) -> Whole:
    """Build a network for prediction: teachers of video frames include their backbone.

    ResNet-50 takes single frames, 12 a second. Temporal ResNet-50 takes five frames of each second
    together, AVNet all 12. Students take 5 s at once.
    """
    spec = network_spec(name)
    if not spec.uses_video_features:
        return Whole(build(name, num_classes, seed), 1 / spec.length_seconds)
    model = spec.module.build_whole(num_classes, seed)
    # (batch, rows, columns, colours): a single frame; otherwise frames of a whole second.
    single_frame = len(model.inputs[0].shape) == 4
    return Whole(model, FRAMES_PER_SECOND if single_frame else 1)


def size_rows(networks: Sequence[str], num_classes: int) -> list[Row]:
    """Measure networks; return a row with `COLUMNS` for each, in the given order.

    Parameters
    ----------
    num_classes : number of classes; AVIA has 14.
    """
    rows = []
    for name in networks:
        model, inputs_per_second = build_whole(name, num_classes, seed=0)
        trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
        shapes = [tuple(tensor.shape[1:]) for tensor in model.inputs]
        rows.append(
            {
                "network": name,
                "parameters": model.count_params(),
                "trained_parameters": trained,
                "multiply_adds_per_second": round(multiply_adds(model) * inputs_per_second),
                "weight_bytes": _FLOAT32_BYTES * model.count_params(),
                "input": " and ".join("x".join(map(str, shape)) for shape in shapes),
                "inputs_per_second": inputs_per_second,
            }
        )
    return rows


def multiply_adds(model: keras.Model) -> int:
    """Return the number of multiply-adds of convolutions and dense layers for one input.

    Each layer's kernel is counted once for every position of its output, over all examples in the
    batch. So frames that a network folds into the batch are counted too. Positions whose window
    reaches over a padded edge count in full.

    Raises
    ------
    InputError : a layer has weights and there is no rule to count it.
    """
    return _count(model, [(1, *tensor.shape[1:]) for tensor in model.inputs])


def _count(model: keras.Model, shapes: Sequence[tuple[int, ...]]) -> int:
    """Return the number for inputs of these shapes (with batch), from symbolic tensors."""
    total = 0

    def call(
        layer: keras.Operation, *arguments: keras.KerasTensor, **options: bool
    ) -> keras.KerasTensor:
        nonlocal total
        output = layer(*arguments, **options)
        if isinstance(layer, keras.Model):
            total += _count(layer, [tensor.shape for tensor in keras.tree.flatten(arguments)])
        elif isinstance(layer, _COUNTED):
            total += math.prod(output.shape[:-1]) * math.prod(layer.kernel.shape)
        elif getattr(layer, "weights", []) and not isinstance(layer, _UNCOUNTED):
            raise InputError(
                f"{model.name}: no rule to count the multiply-adds of layer {layer.name}, a "
                f"{type(layer).__name__}; add one"
            )
        return output

    inputs = [keras.Input(batch_shape=shape) for shape in shapes]
    keras.models.clone_model(
        model,
        input_tensors=keras.tree.pack_sequence_as(model.input, inputs),
        clone_function=lambda layer: layer,
        call_function=call,
    )
    return total
