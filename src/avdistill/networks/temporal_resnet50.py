"""Temporal ResNet-50: the teacher that takes five frames of a second together."""

import keras

from avdistill.networks.backbone import build_backbone, mean_logits, network_kernels
from avdistill.networks.construction import name_operations
from avdistill.networks.published_variables import PublishedKernels
from avdistill.networks.registry import TEMPORAL_FRAMES
from avdistill.records.stored_features import NUM_FEATURES
from avdistill.records.video import SIZE


def build(num_classes: int, seed: int) -> keras.Model:
    """Build what is trained, the logits layer, with fresh weights.

    Input (batch, frames, 2048) float32: the frozen temporal backbone's features.
    Output (batch, num_classes) float32: logits, averaged over the frames.
    """
    features = keras.Input((None, NUM_FEATURES), name="vision_features")
    return keras.Model(features, mean_logits(features, num_classes, seed), name="temporal_resnet50")


def build_whole(num_classes: int, seed: int) -> keras.Model:
    """Build the network from pixels on: a layer `backbone`, frozen, and the layer that is trained.

    Input (batch, 5, 224, 224, 3) float32: RGB less the mean RGB.
    Output (batch, num_classes) float32: logits, averaged over the frames.
    """
    frames = keras.Input((TEMPORAL_FRAMES, SIZE, SIZE, 3), name="frames")
    features = build_backbone(seed, temporal=True)(frames)
    model = keras.Model(frames, mean_logits(features, num_classes, seed), name="temporal_resnet50")
    return name_operations(model)


def published_kernels(num_classes: int) -> PublishedKernels:
    """Return the released code's name and kernel shape of each layer of the whole network."""
    return network_kernels(num_classes, temporal=True)
