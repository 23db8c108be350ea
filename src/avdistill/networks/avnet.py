"""AVNet: the teacher that takes acoustic images and video frames together."""

from collections.abc import Sequence

import keras

from avdistill.avia.vocabulary import ACOUSTIC_IMAGE_SHAPE, FRAMES_PER_SECOND
from avdistill.networks import dualcamnet, shared_head
from avdistill.networks.backbone import build_backbone, logits_layer, network_kernels
from avdistill.networks.construction import name_operations
from avdistill.networks.published_variables import PublishedKernels
from avdistill.records.stored_features import NUM_FEATURES
from avdistill.records.video import SIZE

_WIDTH = 1024  # of each part where vision and sound are joined


def build(
    num_classes: int, seed: int, frames: Sequence[int] = range(FRAMES_PER_SECOND)
) -> keras.Model:
    """Build what is trained: DualCamNet up to full1, 1024 values of vision, the shared head.

    Inputs, in this order: (batch, 12, 36, 48, 12) float32, a second of acoustic images, and
    (batch, len(frames), 2048) float32, the frozen backbone's features.
    Output (batch, len(frames), num_classes) float32: one logit vector per frame.

    Parameters
    ----------
    frames : which of the second's 12 frames `vision_features` has. DualCamNet's convolution over
        time takes all acoustic images; its further layers are computed for these frames only.
    """
    images = keras.Input((FRAMES_PER_SECOND, *ACOUSTIC_IMAGE_SHAPE), name="acoustic_images")
    features = keras.Input((len(frames), NUM_FEATURES), name="vision_features")
    logits = _logits(
        images, keras.ops.reshape(features, (-1, NUM_FEATURES)), frames, num_classes, seed
    )
    return name_operations(keras.Model([images, features], logits, name="avnet"))


def build_whole(num_classes: int, seed: int) -> keras.Model:
    """Build the network from pixels on: a layer `backbone`, frozen, and the layers trained.

    Inputs, in this order: (batch, 12, 224, 224, 3) float32, RGB less the mean RGB, and
    (batch, 12, 36, 48, 12) float32, acoustic images.
    Output (batch, 12, num_classes) float32: one logit vector per frame.
    """
    pictures = keras.Input((FRAMES_PER_SECOND, SIZE, SIZE, 3), name="frames")
    images = keras.Input((FRAMES_PER_SECOND, *ACOUSTIC_IMAGE_SHAPE), name="acoustic_images")
    features = build_backbone(seed)(keras.ops.reshape(pictures, (-1, SIZE, SIZE, 3)))
    logits = _logits(images, features, range(FRAMES_PER_SECOND), num_classes, seed)
    return name_operations(keras.Model([pictures, images], logits, name="avnet"))


def published_kernels(num_classes: int) -> PublishedKernels:
    """Return the released code's name and kernel shape of each layer of the whole network."""
    head = shared_head.published_kernels(num_classes) | {"fc1": (1, 1, 2 * _WIDTH, 1000)}
    parts = {dualcamnet.PUBLISHED_SCOPE: dualcamnet.PUBLISHED_KERNELS, "AVNet": head}
    return network_kernels(_WIDTH) | {
        layer: (f"{scope}/{layer}", shape)
        for scope, shapes in parts.items()
        for layer, shape in shapes.items()
    }


def _logits(
    images: keras.KerasTensor,
    features: keras.KerasTensor,
    frames: Sequence[int],
    num_classes: int,
    seed: int,
) -> keras.KerasTensor:
    """Join the features of all frames, (batch * frames, 2048), with those of the sound."""
    vision = logits_layer(_WIDTH, seed)(features)
    sound = dualcamnet.acoustic_features(images, seed, frames)
    joined = keras.layers.Concatenate(name="joined")([vision, sound])
    logits = shared_head.shared_head(joined, num_classes, seed)
    return keras.ops.reshape(logits, (-1, len(frames), num_classes))
