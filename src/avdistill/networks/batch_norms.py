"""What can be done with the batch norms of a frozen backbone: fold them, recalibrate them."""

from collections.abc import Iterable
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from avdistill.networks.backbone import build_backbone, pool_alignment, published_kernels


def fold_batch_norms(backbone: keras.Model) -> keras.Model:
    """Put each batch norm into its convolution, to compute features with.

    With fixed statistics γ (Wx - μ) / sqrt(σ² + ε) + β is a convolution with a bias, which
    TensorFlow runs as one operation together with its ReLU.

    Returns
    -------
    Model with the backbone's input and output, up to rounding; its weights are copies.
    """
    temporal = len(backbone.input_shape) == 5
    frames = backbone.input_shape[1] if temporal else 0
    folded = build_backbone(0, temporal, frames=frames, pool=pool_alignment(backbone), folded=True)
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
    variance become those of all the values that it was given: the moments of the batches are put
    together exactly (cumulatively, each batch with the weight of its examples), where a decaying
    average would forget the first ones.

    Parameters
    ----------
    batches : inputs of the backbone, of a training split and shuffled, since each is normalised
        by itself.

    Raises
    ------
    ValueError : there is no batch.
    """
    norms = [part for part in backbone.layers if isinstance(part, keras.layers.BatchNormalization)]
    decays = [norm.momentum for norm in norms]
    means, squares = [0.0] * len(norms), [0.0] * len(norms)
    count = 0
    for norm in norms:
        # With no memory the statistics are the last batch's; a frozen layer would take none.
        norm.trainable, norm.momentum = True, 0.0
    forward = tf.function(partial(backbone, training=True))
    try:
        for batch in batches:
            forward(tf.constant(batch))
            count += len(batch)
            for index, norm in enumerate(norms):
                mean, variance = (
                    moment.numpy().astype(np.float64)
                    for moment in (norm.moving_mean, norm.moving_variance)
                )
                share = len(batch) / count
                means[index] += share * (mean - means[index])
                squares[index] += share * (variance + mean**2 - squares[index])
    finally:
        for norm, decay in zip(norms, decays, strict=True):
            norm.trainable, norm.momentum = False, decay
    if not count:
        raise ValueError("no batch to take statistics from")
    for norm, mean, square in zip(norms, means, squares, strict=True):
        norm.moving_mean.assign(mean)
        norm.moving_variance.assign(np.maximum(square - mean**2, 0))
