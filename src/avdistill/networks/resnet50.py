"""ResNet-50: the teacher that takes single frames."""

import keras

from avdistill.networks.backbone import build_backbone, logits_layer, network_kernels
from avdistill.networks.construction import name_operations
from avdistill.networks.published_variables import PublishedKernels
from avdistill.records.stored_features import NUM_FEATURES
from avdistill.records.video import SIZE


def build(num_classes: int, seed: int) -> keras.Model:
    """Build what is trained, the logits layer, with fresh weights.

    Input (batch, frames, 2048) float32: the frozen backbone's features, any number of frames.
    Output (batch, frames, num_classes) float32: one logit vector per frame.
    """
    features = keras.Input((None, NUM_FEATURES), name="vision_features")
    return keras.Model(features, logits_layer(num_classes, seed)(features), name="resnet50")


def build_whole(num_classes: int, seed: int) -> keras.Model:
    """Build the network from pixels on: a layer `backbone`, frozen, and the layer that is trained.

    Input (batch, 224, 224, 3) float32: RGB less the mean RGB.
    Output (batch, num_classes) float32: logits.
    """
    frames = keras.Input((SIZE, SIZE, 3), name="frames")
    logits = logits_layer(num_classes, seed)(build_backbone(seed)(frames))
    return name_operations(keras.Model(frames, logits, name="resnet50"))


def published_kernels(num_classes: int) -> PublishedKernels:
    """Return the released code's name and kernel shape of each layer of the whole network."""
    return network_kernels(num_classes)
