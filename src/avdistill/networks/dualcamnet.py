"""DualCamNet: the teacher that takes acoustic images, one second at a time."""

from collections.abc import Sequence

import keras

from avdistill.avia.vocabulary import ACOUSTIC_IMAGE_SHAPE, FRAMES_PER_SECOND
from avdistill.networks.construction import glorot_uniform, name_operations
from avdistill.networks.shared_head import shared_head

PUBLISHED_SCOPE = "DualCamNet"
PUBLISHED_KERNELS = {
    "conv1": (7, 1, 1, 12, 12),
    "conv2": (5, 5, 12, 32),
    "conv3": (5, 5, 32, 64),
    "full1": (9, 12, 64, 1024),
}


def build(num_classes: int, seed: int) -> keras.Model:
    """Build the network with fresh weights.

    Convolution over time 7x1x1, 12 filters; then frame by frame 5x5 conv 32, pool, 5x5 conv 64,
    pool, 9x12 valid conv 1024, shared head. The released code convolves each second by itself
    (its recorded logits show it), so a second is one example.

    Input (batch, 12, 36, 48, 12) float32: frames, rows, columns, MFCC channels.
    Output (batch, 12, num_classes) float32: one logit vector per frame.

    Frames are folded into the batch: `TimeDistributed` takes three times as long. Two layers differ
    from the paper's in form, not in result, and shorten a training step by some 4 %. The
    convolution over time is two-dimensional, over (time, pixels) with a 7x1 window. The 9x12 valid
    convolution, which covers its whole map, is a dense layer.
    """
    images = keras.Input((FRAMES_PER_SECOND, *ACOUSTIC_IMAGE_SHAPE), name="acoustic_images")
    logits = shared_head(acoustic_features(images, seed), num_classes, seed)
    logits = keras.ops.reshape(logits, (-1, FRAMES_PER_SECOND, num_classes))
    return name_operations(keras.Model(images, logits, name="dualcamnet"))


def acoustic_features(
    images: keras.KerasTensor, seed: int, frames: Sequence[int] = range(FRAMES_PER_SECOND)
) -> keras.KerasTensor:
    """Add the layers up to the shared head, which AVNet has too.

    Parameters
    ----------
    images : (batch, 12, 36, 48, 12).
    frames : those of the 12 that get features; the convolution over time takes all of them.

    Returns
    -------
    (batch * len(frames), 1024), after a ReLU.
    """
    rows, columns, channels = ACOUSTIC_IMAGE_SHAPE

    def convolution(name: str, window: tuple[int, int]) -> keras.layers.Layer:
        return keras.layers.Conv2D(
            PUBLISHED_KERNELS[name][-1],
            window,
            padding="same",
            activation="relu",
            kernel_initializer=glorot_uniform(PUBLISHED_KERNELS[name], seed, name),
            name=name,
        )

    x = keras.layers.Reshape((FRAMES_PER_SECOND, rows * columns, channels), name="pixels_in_line")(
        images
    )
    x = convolution("conv1", (7, 1))(x)
    if list(frames) != list(range(FRAMES_PER_SECOND)):
        x = keras.ops.take(x, list(frames), axis=1)
    x = keras.ops.reshape(x, (-1, rows, columns, channels))
    x = convolution("conv2", (5, 5))(x)
    x = keras.layers.MaxPooling2D(2, name="pool2")(x)
    x = convolution("conv3", (5, 5))(x)
    x = keras.layers.MaxPooling2D(2, name="pool3")(x)
    return keras.layers.Dense(
        PUBLISHED_KERNELS["full1"][-1],
        activation="relu",
        kernel_initializer=glorot_uniform(PUBLISHED_KERNELS["full1"], seed, "full1"),
        name="full1",
    )(keras.layers.Flatten(name="flat_map")(x))
