"""Adam as the released code has it, computed by TensorFlow's one operation for it."""

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
    variable in memory. The optimizer's variables are the same, and so are snapshots of them.
    Learning rate, loss scaling and devices that share a batch are left to Keras.
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
