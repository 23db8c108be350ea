"""TensorFlow started so that the same run gives the same bytes."""

import keras
import tensorflow as tf

from avdistill.examples.gpus import use_gpus


def configure(seed: int, threads: int, *, gpus: int | None = 0) -> tuple[str, ...]:
    """Start TensorFlow; call it before anything else of TensorFlow or Keras is used.

    Parameters
    ----------
    seed : of everything that takes no seed of its own; Python's and NumPy's legacy generators too.
    threads : of TensorFlow, both within and between operations. Sums are taken in another order
        with another number, so results depend on it and it never follows the machine.
    gpus : that there must be, see `avdistill.examples.gpus.use_gpus`.

    Returns
    -------
    Names of the GPUs in use.

    Raises
    ------
    InputError : there are fewer GPUs.
    """
    names = use_gpus(gpus)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(seed % 2**32)
    tf.config.experimental.enable_op_determinism()
    return names
