"""The head that every network of the paper ends with."""

import keras

from avdistill.networks.construction import layer_seed

FEATURES = 1024  # width of the head's input, which transfer uses as features


def published_kernels(num_classes: int) -> dict[str, tuple[int, ...]]:
    """Return kernel shapes of the head's layers in the released code, which has convolutions."""
    return {"fc1": (1, 1, FEATURES, 1000), "fc2": (1, 1, 1000, num_classes)}


def shared_head(features: keras.KerasTensor, num_classes: int, seed: int) -> keras.KerasTensor:
    """Add two 1x1 convolutions: 1000 wide with ReLU, then `num_classes` wide and linear.

    Here they are dense layers, which is the same on one position. As in the released code, initial
    kernels are truncated normal with standard deviation 0.01, initial biases zero.

    Parameters
    ----------
    features : (batch, 1024) float32.

    Returns
    -------
    Logits, (batch, num_classes) float32.
    """
    x = features
    for name, width, activation in (("fc1", 1000, "relu"), ("fc2", num_classes, None)):
        kernel = keras.initializers.TruncatedNormal(stddev=0.01, seed=layer_seed(seed, name))
        x = keras.layers.Dense(width, activation, kernel_initializer=kernel, name=name)(x)
    return x
