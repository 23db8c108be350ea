"""The vision backbone: ResNet-50 up to its 2048 features per frame, with or without time."""

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

import keras
import numpy as np

from avdistill.networks.construction import layer_seed, name_operations
from avdistill.networks.published_variables import PublishedKernels
from avdistill.networks.registry import TEMPORAL_FRAMES
from avdistill.records.stored_features import NUM_FEATURES
from avdistill.records.video import SIZE

BATCH_NORM_EPSILON = 1e-5

PUBLISHED_SCOPE = "resnet_v1_50"

_UNITS = (3, 4, 6, 3)  # in each block
_FILTERS = (64, 128, 256, 512)  # of a block's 3x3 convolutions; its output has four times as many
_DECAY = 0.997  # of batch norms
# The stem's pool, 3x3 with stride 2: TensorFlow's SAME pads 112 rows at their end, Keras's
# ResNet50 before them (what it pads at the end no window reaches). Padding follows a ReLU.
_POOL_PADDING = {"slim": ((0, 1), (0, 1)), "keras": ((1, 0), (1, 0))}

PoolAlignment = Literal["slim", "keras"]
Convolution = Callable[..., keras.KerasTensor]


def build_backbone(
    seed: int,
    temporal: bool = False,
    *,
    frames: int = TEMPORAL_FRAMES,
    pool: PoolAlignment = "slim",
    folded: bool = False,
) -> keras.Model:
    """Build TF-slim's `resnet_v1_50` without its classifier, frozen.

    As in slim, a block's stride of 2 is in the 3x3 convolution of its last unit. Weights start
    from slim's variance scaling, batch norms from mean 0 and variance 1.

    Input (batch, 224, 224, 3) float32: RGB less the mean RGB (`records.video.network_frames`);
    output (batch, 2048) float32. A temporal backbone's input is (batch, frames, 224, 224, 3) and
    its output (batch, frames, 2048); frames are folded into the batch.

    Parameters
    ----------
    temporal : in the second unit of each block put a 3x1x1 convolution over time, with batch norm
        and ReLU but no bias, between its 3x3 and its last 1x1 convolution. It starts as the
        identity: the network then is the plain one on every frame.
    frames : that a temporal backbone sees at once.
    pool : alignment of the stem's max-pool, slim's or that of Keras's ResNet50.
    folded : convolutions have a bias and no batch norm (see `batch_norms.fold_batch_norms`).
    """
    shapes = {layer: shape for layer, (_, shape) in published_kernels(temporal).items()}
    place = _folded_convolution if folded else partial(_normed_convolution, seed=seed)

    def convolution(x: keras.KerasTensor, name: str, **options: int | bool) -> keras.KerasTensor:
        return place(x, name, shapes[name], **options)

    inputs = keras.Input((frames,) * temporal + (SIZE, SIZE, 3), name="frames")
    x = keras.ops.reshape(inputs, (-1, SIZE, SIZE, 3)) if temporal else inputs
    x = keras.layers.ZeroPadding2D(3, name="conv1_pad")(x)
    x = convolution(x, "conv1", stride=2)
    x = keras.layers.ZeroPadding2D(_POOL_PADDING[pool], name="pool1_pad")(x)
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
    if temporal and not folded:
        for name in (name for name in shapes if name.endswith("conv_temp")):
            kernel = np.zeros(model.get_layer(name).kernel.shape, np.float32)
            kernel[1, 0] = np.eye(kernel.shape[-1])
            model.get_layer(name).kernel.assign(kernel)
    model.trainable = False
    return model


def align_pool(backbone: keras.Model, pool: PoolAlignment) -> None:
    """Let the stem's max-pool start where slim's or Keras's does, in place.

    It goes with the weights: one's weights give only roughly its features with the other's pool.
    """
    backbone.get_layer("pool1_pad").padding = _POOL_PADDING[pool]
    backbone.predict_function = None  # compiled with the other alignment, if at all


def pool_alignment(backbone: keras.Model) -> PoolAlignment:
    """Tell where the stem's max-pool starts."""
    padding = tuple(map(tuple, backbone.get_layer("pool1_pad").padding))
    return next(name for name, value in _POOL_PADDING.items() if value == padding)


def published_kernels(temporal: bool = False) -> PublishedKernels:
    """Name each convolution as the released code does, and give its kernel's shape there.

    Returns
    -------
    Our layer -> (its name there, `(*window, inputs, outputs)`), in the network's order.
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


def logits_layer(width: int, seed: int) -> keras.layers.Layer:
    """Return slim's `logits` layer, a 1x1 convolution in the released code: linear.

    It starts from slim's variance scaling and zero bias.
    """
    kernel = _variance_scaling((1, 1, NUM_FEATURES, width), seed, "logits")
    return keras.layers.Dense(width, kernel_initializer=kernel, name="logits")


def _unit(
    convolution: Convolution, x: keras.KerasTensor, name: str, stride: int, frames: int
) -> keras.KerasTensor:
    """Add a bottleneck: 1x1, 3x3 with the stride, over time if there are frames, 1x1, shortcut."""
    if name.endswith("unit_1"):
        shortcut = convolution(x, f"{name}_shortcut", relu=False)
    elif stride > 1:
        shortcut = keras.layers.MaxPooling2D(1, stride, name=f"{name}_shortcut")(x)
    else:
        shortcut = x
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


def _normed_convolution(
    x: keras.KerasTensor,
    name: str,
    shape: tuple[int, ...],
    *,
    seed: int,
    stride: int = 1,
    relu: bool = True,
) -> keras.KerasTensor:
    """Add a convolution without bias, its batch norm and ReLU."""
    options = {"use_bias": False, "kernel_initializer": _variance_scaling(shape, seed, name)}
    x = _convolution(name, shape, stride, **options)(x)
    norm = keras.layers.BatchNormalization(
        momentum=_DECAY, epsilon=BATCH_NORM_EPSILON, name=f"{name}_norm"
    )
    x = norm(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x) if relu else x


def _folded_convolution(
    x: keras.KerasTensor,
    name: str,
    shape: tuple[int, ...],
    *,
    stride: int = 1,
    relu: bool = True,
) -> keras.KerasTensor:
    """Add a convolution with bias and ReLU, which TensorFlow runs as one operation."""
    activation = "relu" if relu else None
    return _convolution(name, shape, stride, kernel_initializer="zeros", activation=activation)(x)


def _convolution(name: str, shape: tuple[int, ...], stride: int, **options) -> keras.layers.Layer:
    """Return a 2-D convolution; one over time takes (time, pixels) and has a 3x1 window."""
    padding = "valid" if stride > 1 else "same"  # with a stride slim pads explicitly
    return keras.layers.Conv2D(shape[-1], shape[:2], stride, padding=padding, name=name, **options)


def _variance_scaling(
    shape: tuple[int, ...], seed: int, layer: str
) -> keras.initializers.Initializer:
    """Return a truncated normal of variance 2 / fan in, corrected for its tails by slim's 1.3."""
    deviation = math.sqrt(1.3 * 2 / math.prod(shape[:-1]))
    return keras.initializers.TruncatedNormal(stddev=deviation, seed=layer_seed(seed, layer))
