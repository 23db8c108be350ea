"""The head that every network of the paper ends with."""

import keras

from avdistill.networks.construction import layer_seed

FEATURES = 1024  # values that the head is given, and that transfer takes for features


def published_kernels(num_classes: int) -> dict[str, tuple[int, ...]]:
    """Kernel shapes of the head's layers in the released code, where they are convolutions."""
    return {"fc1": (1, 1, FEATURES, 1000), "fc2": (1, 1, 1000, num_classes)}


def shared_head(features: keras.KerasTensor, num_classes: int, seed: int) -> keras.KerasTensor:
    """Two 1x1 convolutions, 1000 wide with ReLU and `num_classes` wide and linear.

    Here they are dense layers, which is the same on one position. Both start from a truncated
    normal of standard deviation 0.01 and zero bias, as in the released code.

    Parameters
    ----------
    features : (batch, 1024) float32.

    Returns
    -------
    Logits, (batch, num_classes) float32.
    """
    hidden = keras.layers.Dense(
        1000, activation="relu", kernel_initializer=_narrow(seed, "fc1"), name="fc1"
    )(features)
    return keras.layers.Dense(num_classes, kernel_initializer=_narrow(seed, "fc2"), name="fc2")(
        hidden
    )


def _narrow(seed: int, layer: str) -> keras.initializers.Initializer:
    return keras.initializers.TruncatedNormal(stddev=0.01, seed=layer_seed(seed, layer))
