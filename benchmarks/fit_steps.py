"""Steps of training as `fit` does them: all that the benchmarks use of the training phase."""

import os
import time

import numpy as np

NUM_CLASSES = 14


def start_tensorflow(threads):
    """Start TensorFlow as the training phase does."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    from avdistill.examples import tensorflow_start

    tensorflow_start.start_tensorflow(seed=0, threads=threads)


def random_targets(number, teacher=False):
    """Return what `fit` takes as the targets of that many examples, if asked with soft labels."""
    from avdistill.training.losses import training_targets

    generator = np.random.default_rng(0)
    labels = generator.integers(0, NUM_CLASSES, number)
    mixture = {}
    if teacher:
        logits = generator.normal(0, 3, (number, NUM_CLASSES))
        mixture = {"teacher_logits": logits, "temperature": 2.0, "imitation": 0.5}
    return training_targets(labels, NUM_CLASSES, **mixture)


def compiled(model, name):
    """Give a model loss and optimizer, as the network of that name has them, on the processor."""
    from avdistill.networks.registry import network_spec
    from avdistill.training.devices import Devices
    from avdistill.training.fitting import prepare_training

    return prepare_training(model, network_spec(name), Devices()).trained


def epochs_of(inputs, targets, batch_size, epochs):
    """Return the shuffled batches of some epochs, one after another."""
    from avdistill.records.sequences import epochs_dataset

    return epochs_dataset(inputs, targets, batch_size=batch_size, first_epoch=0, epochs=epochs)


def step_of_fit(model, batches):
    """Return a function that does one step of training on the next batch, and gives its loss.

    The model is compiled.
    """
    # The few examples here must not be learned by heart: vanishing gradients are slow numbers.
    model.optimizer.learning_rate = 1e-8
    iterator = iter(batches)
    model.make_train_function()

    def step():
        return model.train_function(iterator)["loss"].numpy()

    return step


def matrix_product(side):
    """Return a function that multiplies two square float32 matrices: 2 side³ operations."""
    import tensorflow as tf

    left, right = tf.random.normal((side, side)), tf.random.normal((side, side))
    product = tf.function(lambda: tf.linalg.matmul(left, right)[0, 0])
    return lambda: product().numpy()


def timed(function):
    """Call a function and return the seconds that it took."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
