"""Folding and recalibrating the batch norms of a frozen backbone."""

from collections.abc import Iterable
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from avdistill.networks.backbone import build_backbone, published_kernels


def fold_batch_norms(backbone: keras.Model) -> keras.Model:
    """Put each batch norm into its convolution, which makes computing features faster.

    With fixed statistics γ (Wx - μ) / sqrt(σ² + ε) + β is a convolution with a bias, which
    TensorFlow runs as one operation together with its ReLU.

    Returns
    -------
    Model that gives the backbone's output, up to rounding; its weights are copies.
    """
    temporal = len(backbone.input_shape) == 5
    frames = backbone.input_shape[1]  # of a temporal one
    folded = build_backbone(0, temporal, frames=frames, folded=True)
    folded.get_layer("pool1_pad").padding = backbone.get_layer("pool1_pad").padding
    for name in published_kernels(temporal):
        norm = backbone.get_layer(f"{name}_norm")
        gamma, beta, mean, variance = (weight.astype(np.float64) for weight in norm.get_weights())
        scale = gamma / np.sqrt(variance + norm.epsilon)
        (kernel,) = backbone.get_layer(name).get_weights()
        folded.get_layer(name).set_weights([kernel * scale, beta - mean * scale])
    return folded


def recalibrate(backbone: keras.Model, batches: Iterable[np.ndarray]) -> None:
    """Replace every batch norm's statistics by those of the given data; weights stay as they are.

    Each batch passes once, normalised by its own moments as in training. A layer's mean and
    variance become those of all its inputs: the moments of the batches are combined exactly, each
    batch weighted by its number of examples. A decaying average would forget the first batches.

    Parameters
    ----------
    batches : inputs of the backbone. They should be shuffled, since each is normalised by itself.

    Raises
    ------
    ValueError : there is no batch.
    """
    norms = [part for part in backbone.layers if isinstance(part, keras.layers.BatchNormalization)]
    decays = [norm.momentum for norm in norms]
    moments = [np.zeros((2, norm.moving_mean.shape[0])) for norm in norms]  # of x and of x²
    count = 0
    for norm in norms:
        # With momentum 0 the statistics are the last batch's. A frozen layer would take none.
        norm.trainable, norm.momentum = True, 0.0
    forward = tf.function(partial(backbone, training=True))
    try:
        for batch in batches:
            forward(tf.constant(batch))
            count += len(batch)
            for norm, average in zip(norms, moments, strict=True):
                mean, variance = (
                    statistic.numpy().astype(np.float64)
                    for statistic in (norm.moving_mean, norm.moving_variance)
                )
                average[:] += len(batch) / count * (np.stack([mean, variance + mean**2]) - average)
    finally:
        for norm, decay in zip(norms, decays, strict=True):
            norm.trainable, norm.momentum = False, decay
    if not count:
        raise ValueError("no batch to take statistics from")
    for norm, (mean, square) in zip(norms, moments, strict=True):
        norm.moving_mean.assign(mean)
        norm.moving_variance.assign(np.maximum(square - mean**2, 0))
