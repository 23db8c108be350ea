"""What networks are trained on: what TensorFlow takes by itself, or GPUs that share each batch.

What differs from the network itself when it is trained is here too: precision, batch norms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import keras
import tensorflow as tf

from avdistill.training.adam import FusedAdam
from avdistill.training.fused_batch_norm import FusedBatchNormalization


@dataclass(frozen=True)
class Devices:
    """Where and in which precision a network is trained.

    Attributes
    ----------
    names : of TensorFlow's logical devices, such as `GPU:0`. Two or more share each batch; else
        TensorFlow takes its first GPU, or the CPU.
    mixed_precision : compute in float16 up to the logits layer; weights, logits, loss, optimizer
        and batch norms stay in float32.
    """

    names: tuple[str, ...] = ()
    mixed_precision: bool = False

    @property
    def shared(self) -> bool:
        """Whether several devices share each batch."""
        return len(self.names) > 1


def compile_on(
    model: keras.Model,
    devices: Devices,
    loss: Callable[[Any, Any], Any],
    accuracy: Callable[[Any, Any], Any],
) -> keras.Model:
    """Compile a network, or a copy of it that is trained on these devices in its place.

    There is a copy where devices share batches, precision is mixed or batch norms are along time.
    It has the same weights in the same order, all float32, so that these go from one to the other
    by `get_weights` and `set_weights`. The network itself, which knows of no device or precision
    and has nothing but Keras's own layers, is what is saved, validated and predicted with.

    Batch norms take their statistics over the whole batch, wherever its parts are: with each
    device's own, results would depend on how many there are.

    Parameters
    ----------
    loss, accuracy : of targets and logits, one value per example, or per frame of it.
    """
    last = next(layer for layer in reversed(model.layers) if layer.weights)
    exact = model.layers[model.layers.index(last) :]

    def copy_of(part: keras.Operation) -> keras.Operation:
        config, kind = part.get_config(), part.__class__
        is_inner = isinstance(part, keras.Layer) and not isinstance(part, keras.layers.InputLayer)
        if devices.mixed_precision and is_inner and part not in exact:
            config["dtype"] = "mixed_float16"
        if devices.shared and isinstance(part, keras.layers.BatchNormalization):
            config["synchronized"] = True
        elif _is_along_time(part):
            kind = FusedBatchNormalization
        return kind.from_config(config)

    strategy = _mirrored(devices.names) if devices.shared else tf.distribute.get_strategy()
    trained = model
    with strategy.scope():
        if devices.shared or devices.mixed_precision or any(map(_is_along_time, model.layers)):
            trained = keras.models.clone_model(model, clone_function=copy_of)
        optimizer = FusedAdam()
        if devices.mixed_precision:
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        optimizer.build(trained.trainable_variables)
    if devices.shared:
        shared = SharedTraining(trained.input, trained.output, name=model.name)
        shared.prepare(strategy, optimizer, loss, accuracy)
        return shared
    trained.compile(
        optimizer=optimizer,
        loss=loss,
        metrics=[keras.metrics.MeanMetricWrapper(accuracy, name="accuracy")],
        jit_compile=False,  # on the CPU XLA makes DualCamNet's step several times slower
    )
    return trained


def _is_along_time(part: keras.Operation) -> bool:
    """Return whether a layer is batch normalisation along time: (batch, time, channels)."""
    return isinstance(part, keras.layers.BatchNormalization) and len(part.input.shape) == 3


@cache
def _mirrored(names: tuple[str, ...]) -> tf.distribute.Strategy:
    """Return the strategy over some devices; TensorFlow allows only one in a process."""
    return tf.distribute.MirroredStrategy(list(names))


def reset_optimizer(optimizer: keras.optimizers.Optimizer) -> None:
    """Reset an optimizer; its learning rate is then 0."""
    for variable in optimizer.variables:
        variable.assign(keras.ops.zeros_like(variable))
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer.dynamic_scale.assign(optimizer.initial_scale)


class SharedTraining(keras.Model):
    """A model whose `fit` divides each batch among several devices.

    Keras's own `fit` under a `MirroredStrategy` averages the devices' mean losses, which is not
    the batch's mean loss unless it divides evenly (the last one of an epoch seldom does), and
    makes it NaN where a device goes without. Here the loss of a batch of N examples l on R devices
    is Σ l / N + regularisation, as on one device: each adds its examples' Σ l / N, and
    regularisation / R. A batch of fewer examples than devices is given to each as a whole, which
    leaves its mean loss and its statistics as they are.
    """

    def prepare(
        self,
        strategy: tf.distribute.Strategy,
        optimizer: keras.optimizers.Optimizer,
        loss: Callable[[Any, Any], Any],
        accuracy: Callable[[Any, Any], Any],
    ) -> None:
        """Take what to train by, in place of `compile`; variables are of the strategy's scope."""
        self._strategy, self._loss_of, self._accuracy_of = strategy, loss, accuracy
        self._means = [keras.metrics.Mean(name="loss"), keras.metrics.Mean(name="accuracy")]
        self.compile(optimizer=optimizer, jit_compile=False)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """What `fit` resets before each epoch and reports after it."""
        return self._means

    def make_train_function(self, force: bool = False) -> None:
        """Give `fit` the step that it runs on its data's iterator."""
        if self.train_function is not None and not force:
            return

        @tf.function(reduce_retracing=True)
        def step(batch: Any) -> tuple[tf.Tensor, tf.Tensor]:
            parts = self._strategy.run(self._train_on_share, args=(batch,))
            return self._strategy.reduce(tf.distribute.ReduceOp.SUM, parts, axis=None)

        def train_function(iterator: Any) -> dict[str, tf.Tensor]:
            batch = next(iterator)
            for mean, value in zip(self._means, step(batch), strict=True):
                mean.update_state(value, sample_weight=len(batch[1]))
            return {mean.name: mean.result() for mean in self._means}

        self.train_function = train_function

    def _train_on_share(self, batch: Any) -> tuple[tf.Tensor, tf.Tensor]:
        """Take this device's part in a step.

        Returns
        -------
        Its part of the batch's loss, and of its accuracy.
        """
        context = tf.distribute.get_replica_context()
        replica, devices = context.replica_id_in_sync_group, context.num_replicas_in_sync
        with tf.device("CPU:0"):  # so that only the share goes to the GPU
            number = tf.shape(batch[1])[0]
            is_whole = number < devices
            first = tf.where(is_whole, 0, number * replica // devices)
            end = tf.where(is_whole, number, number * (replica + 1) // devices)
            inputs, targets = tf.nest.map_structure(lambda values: values[first:end], batch)
            shared = tf.cast(tf.where(is_whole, number * devices, number), tf.float32)
        with tf.GradientTape() as tape:
            logits = self(inputs, training=True)
            losses = _per_example(self._loss_of(targets, logits))
            regularisation = tf.add_n([tf.constant(0.0), *self.losses]) / devices
            loss = tf.reduce_sum(losses) / shared + regularisation
            scaled = self.optimizer.scale_loss(loss)
        weights = self.trainable_weights
        gradients = tape.gradient(scaled, weights)
        if isinstance(self.optimizer, keras.optimizers.LossScaleOptimizer):
            gradients = _finite_everywhere(gradients, context)
        self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        accuracies = _per_example(self._accuracy_of(targets, logits))
        return loss, tf.reduce_sum(accuracies) / shared


def _per_example(values: tf.Tensor) -> tf.Tensor:
    """Average over the frames of each example, if they are apart."""
    return values if len(values.shape) == 1 else tf.reduce_mean(values, axis=1)


def _finite_everywhere(
    gradients: list[tf.Tensor], context: tf.distribute.ReplicaContext
) -> list[tf.Tensor]:
    """Make every device's gradients NaN if those of one have overflowed, so that all skip the step.

    Keras 3's loss scaling looks at the first device's alone.
    """
    finite = [tf.reduce_all(tf.math.is_finite(gradient)) for gradient in gradients]
    overflowed = tf.cast(~tf.reduce_all(finite), tf.float32)
    somewhere = context.all_reduce(tf.distribute.ReduceOp.SUM, overflowed) > 0
    first, *others = gradients
    return [tf.where(somewhere, tf.fill(tf.shape(first), float("nan")), first), *others]
