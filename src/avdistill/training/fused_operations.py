"""Adam and batch normalisation, each computed by TensorFlow's one operation for it."""

import keras
import tensorflow as tf

EPSILON = 1e-8  # TensorFlow 1.4's default; Keras's 1e-7 makes the first steps visibly smaller


class FusedAdam(keras.optimizers.Adam):
    """Adam as TensorFlow 1.4 has it, with which the released code trains.

    Kingma and Ba, *Adam: A method for stochastic optimization*, ICLR 2015, in the order of
    operations that ends its section 2. With g the gradient of θ in step t,

        m ← m + (1 - β₁)(g - m)
        v ← v + (1 - β₂)(g² - v)
        θ ← θ - α √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε)

    Keras's Adam computes the same with some ten operations, each of which goes through all of a
    variable in memory. Variables, learning rate, loss scaling and devices that share a batch are
    Keras's affair as before, so that it is saved and resumed like Keras's own.
    """

    def __init__(self) -> None:
        super().__init__(epsilon=EPSILON)

    def update_step(
        self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor
    ) -> None:
        """Update one variable, and the averages of its gradient and of its square."""
        index = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, variable.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=self.beta_1**step,
            beta2_power=self.beta_2**step,
            lr=tf.cast(learning_rate, variable.dtype),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=tf.cast(gradient, variable.dtype),
        )


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
