"""Batch normalisation of long signals, trained by TensorFlow's one operation for it."""

import keras
import tensorflow as tf


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's batch normalisation of (batch, time, channels), faster to train.

    Networks are built and saved with Keras's own layer; this one stands in its place in the copy
    that is trained, see `avdistill.training.devices`.

    Keras computes it with some twenty element-wise operations and reductions, forward and back. On
    OurSoundNet's first layer, 55,126 positions of 32 channels an example, they take half of a
    training step. Weights, options and results are Keras's own, up to rounding. Keras's own
    computation runs where nothing is trained, or where devices share a batch and its statistics.
    """

    def call(
        self, inputs: tf.Tensor, training: bool | None = None, mask: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Normalise; in training with the batch's own statistics, which then enter the averages."""
        if not (training and self.trainable) or mask is not None or self.synchronized:
            return super().call(inputs, training=training, mask=mask)
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            tf.expand_dims(inputs, 1), self.gamma, self.beta, epsilon=self.epsilon
        )
        # TensorFlow returns the unbiased variance, Keras averages the biased one.
        count = tf.cast(tf.size(inputs) // inputs.shape[-1], variance.dtype)
        variance *= (count - 1) / count
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(average * self.momentum + value * (1 - self.momentum))
        return tf.squeeze(outputs, 1)
