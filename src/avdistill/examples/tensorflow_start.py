"""TensorFlow started so that the same run gives the same bytes, on the GPUs that it needs."""

import sys

import keras
import tensorflow as tf

from avdistill.errors import InputError


def start_tensorflow(seed: int, threads: int, *, gpus: int | None = 0) -> tuple[str, ...]:
    """Start TensorFlow; call it before anything else of TensorFlow or Keras is used.

    Parameters
    ----------
    seed : of everything that takes no seed of its own; Python's and NumPy's legacy generators too.
    threads : of TensorFlow, both within and between operations. Sums are taken in another order
        with another number, so results depend on it and it never follows the machine.
    gpus : GPUs that there must be. With 0 none must be, and one is used if there is; with None the
        CPU is, in any case.

    Returns
    -------
    Names of the logical devices in use, such as `GPU:0`; none on CPUs.

    Raises
    ------
    InputError : TensorFlow finds fewer GPUs.
    """
    names = _use_gpus(gpus)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(seed % 2**32)
    tf.config.experimental.enable_op_determinism()
    return names


def _use_gpus(wanted: int | None) -> tuple[str, ...]:
    """Let this process use as many GPUs as it needs and no more.

    With float32 exact rather than rounded to TensorFloat-32, and memory taken as it is needed.
    """
    found = tf.config.list_physical_devices("GPU")
    if wanted is not None and len(found) < wanted:
        advice = (
            "check that the job was given them, CUDA_VISIBLE_DEVICES and the driver (nvidia-smi)"
            if tf.test.is_built_with_gpu_support()
            else "this TensorFlow is made for CPUs alone: install envs/requirements-gpu.txt"
        )
        raise InputError(
            f"training.gpus: {wanted} asked for, but TensorFlow finds {len(found)}; {advice}, or "
            "set training.gpus to as many as there are"
        )
    used = [] if wanted is None else found[: max(1, wanted)]
    tf.config.set_visible_devices(used, "GPU")
    if used:
        for gpu in used:
            tf.config.experimental.set_memory_growth(gpu, True)
        tf.config.experimental.enable_tensor_float_32_execution(False)
        kinds = [tf.config.experimental.get_device_details(gpu).get("device_name") for gpu in used]
        print(
            f"using {len(used)} of {len(found)} GPUs: {', '.join(map(str, kinds))}", file=sys.stderr
        )
    return tuple(f"GPU:{number}" for number in range(len(used)))
