"""The vision backbone: ResNet-50 up to its 2048 features per frame, plain or temporal."""

import math
from collections.abc import Callable
from typing import Literal

import keras
import numpy as np

from avdistill.networks.construction import layer_seed, name_operations, weight_decay
from avdistill.networks.published_variables import PublishedKernels
from avdistill.networks.registry import TEMPORAL_FRAMES
from avdistill.records.stored_features import NUM_FEATURES
from avdistill.records.video import SIZE

BATCH_NORM_EPSILON = 1e-5
LOGITS_DECAY = 5e-4  # of ResNet-50's logits layer, and of AVNet's, which is 1024 wide
TEMPORAL_LOGITS_DECAY = 1e-4  # of Temporal ResNet-50's

PUBLISHED_SCOPE = "resnet_v1_50"

_UNITS = (3, 4, 6, 3)  # in each block
_FILTERS = (64, 128, 256, 512)  # of a block's 3x3 convolutions; its output has four times as many
_DECAY = 0.997  # of batch norms
# Zero padding of the stem's pool, 3x3 with stride 2. TensorFlow's SAME pads 112 rows at their end.
# Keras's ResNet50 pads them on both sides, but no window reaches the end. Padding follows a ReLU.
_POOL_PADDING = {"slim": ((0, 1), (0, 1)), "keras": ((1, 0), (1, 0))}

PoolAlignment = Literal["slim", "keras"]


def build_backbone(
    seed: int,
    temporal: bool = False,
    *,
    frames: int = TEMPORAL_FRAMES,
    folded: bool = False,
) -> keras.Model:
    """Build TF-slim's `resnet_v1_50` without its classifier, frozen.

    As in slim, a block's stride of 2 is in the 3x3 convolution of its last unit. Initial weights
    are slim's variance scaling; initial batch norms have mean 0 and variance 1.

    Input (batch, 224, 224, 3) float32: RGB less the mean RGB (`records.video.network_frames`);
    output (batch, 2048) float32. A temporal backbone's input is (batch, frames, 224, 224, 3) and
    its output (batch, frames, 2048); frames are folded into the batch.

    Parameters
    ----------
    temporal : in the second unit of each block put a 3x1x1 convolution over time, with batch norm
        and ReLU but no bias, between its 3x3 and its last 1x1 convolution. Its initial kernel is
        the identity: the network then is the plain one on every frame.
    frames : number of frames in a temporal backbone's input.
    folded : convolutions have a bias and no batch norm (see `batch_norms.fold_batch_norms`).
    """
    shapes = {layer: shape for layer, (_, shape) in published_kernels(temporal).items()}

    def convolution(
        x: keras.KerasTensor, name: str, stride: int = 1, relu: bool = True
    ) -> keras.KerasTensor:
        """Add a 2-D convolution with its batch norm and ReLU; folded, all are one operation.

        A convolution over time takes (time, pixels) and has a 3x1 window.
        """
        shape = shapes[name]
        x = keras.layers.Conv2D(
            shape[-1],
            shape[:2],
            stride,
            padding="valid" if stride > 1 else "same",  # with a stride slim pads explicitly
            use_bias=folded,
            activation="relu" if folded and relu else None,
            kernel_initializer="zeros" if folded else _variance_scaling(shape, seed, name),
            name=name,
        )(x)
        if folded:
            return x
        x = keras.layers.BatchNormalization(
            momentum=_DECAY, epsilon=BATCH_NORM_EPSILON, name=f"{name}_norm"
        )(x)
        return keras.layers.ReLU(name=f"{name}_relu")(x) if relu else x

    inputs = keras.Input((frames,) * temporal + (SIZE, SIZE, 3), name="frames")
    x = keras.ops.reshape(inputs, (-1, SIZE, SIZE, 3)) if temporal else inputs
    x = keras.layers.ZeroPadding2D(3, name="conv1_pad")(x)
    x = convolution(x, "conv1", stride=2)
    x = keras.layers.ZeroPadding2D(_POOL_PADDING["slim"], name="pool1_pad")(x)
    x = keras.layers.MaxPooling2D(3, 2, name="pool1")(x)
    for block, units in enumerate(_UNITS, start=1):
        for number in range(1, units + 1):
            stride = 2 if number == units and block < len(_UNITS) else 1
            name = f"block{block}_unit_{number}"
            x = _unit(convolution, x, name, stride, frames if f"{name}_conv_temp" in shapes else 0)
    features = keras.layers.GlobalAveragePooling2D(name="pool5")(x)
    if temporal:
        features = keras.ops.reshape(features, (-1, frames, NUM_FEATURES))
    model = name_operations(keras.Model(inputs, features, name="backbone"))
    if not folded:
        for name in (name for name in shapes if name.endswith("conv_temp")):
            kernel = np.zeros(model.get_layer(name).kernel.shape, np.float32)
            kernel[1, 0] = np.eye(kernel.shape[-1])
            model.get_layer(name).kernel.assign(kernel)
    model.trainable = False
    return model


def align_pool(backbone: keras.Model, pool: PoolAlignment) -> None:
    """Align the stem's max-pool, which is slim's at first, as slim or Keras does, in place.

    The alignment belongs to the weights: with the other one features are only roughly the same.
    """
    backbone.get_layer("pool1_pad").padding = _POOL_PADDING[pool]
    backbone.predict_function = None  # may have been compiled with the other alignment


def published_kernels(temporal: bool = False) -> PublishedKernels:
    """Return the released code's name and kernel shape of each convolution.

    Returns
    -------
    Our layer -> (published name, `(*window, inputs, outputs)`), in the network's order.
    """
    kernels = {"conv1": (f"{PUBLISHED_SCOPE}/conv1", (7, 7, 3, 64))}
    inputs = 64
    for block, (units, filters) in enumerate(zip(_UNITS, _FILTERS, strict=True), start=1):
        for number in range(1, units + 1):
            shapes = {"shortcut": (1, 1, inputs, 4 * filters)} if number == 1 else {}
            shapes |= {"conv1": (1, 1, inputs, filters), "conv2": (3, 3, filters, filters)}
            if temporal and number == 2:
                shapes["conv_temp"] = (3, 1, 1, filters, filters)
            inputs = 4 * filters
            shapes["conv3"] = (1, 1, filters, inputs)
            for part, shape in shapes.items():
                path = f"{PUBLISHED_SCOPE}/block{block}/unit_{number}/bottleneck_v1/{part}"
                kernels[f"block{block}_unit_{number}_{part}"] = (path, shape)
    return kernels


def network_kernels(width: int, temporal: bool = False) -> PublishedKernels:
    """Return the same for a network of a layer `backbone` and a `logits` layer of some width."""
    kernels = {f"backbone/{name}": kernel for name, kernel in published_kernels(temporal).items()}
    return kernels | {"logits": (f"{PUBLISHED_SCOPE}/logits", (1, 1, NUM_FEATURES, width))}


def logits_layer(width: int, seed: int, decay: float = LOGITS_DECAY) -> keras.layers.Layer:
    """Return slim's `logits` layer, linear; the released code has it as a 1x1 convolution.

    Its initial kernel is slim's variance scaling, its initial bias zero. Its kernel decays.
    """
    return keras.layers.Dense(
        width,
        kernel_initializer=_variance_scaling((1, 1, NUM_FEATURES, width), seed, "logits"),
        kernel_regularizer=weight_decay(decay),
        name="logits",
    )


def mean_logits(features: keras.KerasTensor, num_classes: int, seed: int) -> keras.KerasTensor:
    """Add a logits layer and average over frames: (batch, frames, 2048) to (batch, classes)."""
    logits = logits_layer(num_classes, seed, TEMPORAL_LOGITS_DECAY)(features)
    return keras.layers.GlobalAveragePooling1D(name="mean_of_frames")(logits)


def _unit(
    convolution: Callable[..., keras.KerasTensor],
    x: keras.KerasTensor,
    name: str,
    stride: int,
    frames: int,
) -> keras.KerasTensor:
    """Add a bottleneck: 1x1, 3x3 with the stride, over time if there are frames, 1x1, shortcut."""
    shortcut = x
    if name.endswith("unit_1"):
        shortcut = convolution(x, f"{name}_shortcut", relu=False)
    elif stride > 1:
        shortcut = keras.layers.MaxPooling2D(1, stride, name=f"{name}_shortcut")(x)
    x = convolution(x, f"{name}_conv1")
    if stride > 1:
        x = keras.layers.ZeroPadding2D(1, name=f"{name}_conv2_pad")(x)
    x = convolution(x, f"{name}_conv2", stride=stride)
    if frames:
        rows, columns, channels = x.shape[1:]
        x = keras.ops.reshape(x, (-1, frames, rows * columns, channels))
        x = convolution(x, f"{name}_conv_temp")
        x = keras.ops.reshape(x, (-1, rows, columns, channels))
    x = convolution(x, f"{name}_conv3", relu=False)
    x = keras.layers.Add(name=f"{name}_add")([shortcut, x])
    return keras.layers.ReLU(name=f"{name}_relu")(x)


def _variance_scaling(
    shape: tuple[int, ...], seed: int, layer: str
) -> keras.initializers.Initializer:
    """Return a truncated normal of variance 2 / fan in, corrected for its tails by slim's 1.3."""
    deviation = math.sqrt(1.3 * 2 / math.prod(shape[:-1]))
    return keras.initializers.TruncatedNormal(stddev=deviation, seed=layer_seed(seed, layer))
