"""Building networks: seeds and initial weights of layers, names of operations.

They depend on the network alone, not on what the process has built before.
"""

import math
import zlib

import keras
import numpy as np


def layer_seed(seed: int, layer: str) -> int:
    """Return a layer's seed, from the network's seed and the layer's name, not its position."""
    return int(np.random.default_rng([seed, zlib.crc32(layer.encode())]).integers(2**31))


def glorot_uniform(
    published_shape: tuple[int, ...], seed: int, layer: str
) -> keras.initializers.Initializer:
    """Return the uniform distribution within ±sqrt(6 / (fan in + fan out)), TF-slim's default.

    Some convolutions of the released code are dense layers here (same multiply-adds, faster), so
    the bounds are computed from the shape of the convolution's kernel, not from the dense layer's.

    Parameters
    ----------
    published_shape : kernel of the released code's convolution, `(*window, inputs, outputs)`.
        Both fans count the window.
    """
    window = math.prod(published_shape[:-2])
    limit = math.sqrt(6 / (window * (published_shape[-2] + published_shape[-1])))
    return keras.initializers.RandomUniform(-limit, limit, seed=layer_seed(seed, layer))


def weight_decay(factor: float) -> keras.regularizers.Regularizer:
    """Return the released code's decay of a kernel: factor · Σ w² / 2, added to the loss.

    TensorFlow's `l2_loss` is half the sum of squares; Keras's L2 is all of it.
    """
    return keras.regularizers.L2(factor / 2)


def name_operations(model: keras.Model) -> keras.Model:
    """Name a model's operations that are not layers by kind and number, and return the model.

    Keras numbers them (reshape, reshape_1, ...) over the life of the process, and saves the numbers
    with the model. Models within the model are left as they are: their builders name them.
    """
    unnamed = (part for part in model.operations if not isinstance(part, keras.layers.Layer))
    for number, operation in enumerate(unnamed, start=1):
        operation.name = f"{type(operation).__name__.lower()}_{number}"
    return model
