"""Which GPUs a process uses."""

import sys

import tensorflow as tf

from avdistill.errors import InputError


def use_gpus(wanted: int | None) -> tuple[str, ...]:
    """Let this process use as many GPUs as it needs and no more; call it before TensorFlow starts.

    With float32 exact rather than rounded to TensorFloat-32, and memory taken as it is needed.

    Parameters
    ----------
    wanted : GPUs that there must be. With 0 none must be, and one is used if there is; with None
        the CPU is, in any case.

    Returns
    -------
    Names of the logical devices in use, such as `GPU:0`; none on CPUs.

    Raises
    ------
    InputError : TensorFlow sees fewer.
    """
    seen = tf.config.list_physical_devices("GPU")
    if wanted is None:
        if seen:
            tf.config.set_visible_devices([], "GPU")
        return ()
    if len(seen) < wanted:
        mend = (
            "see that the job was given them, and CUDA_VISIBLE_DEVICES and the driver (nvidia-smi)"
            if tf.test.is_built_with_gpu_support()
            else "this TensorFlow is made for CPUs alone: install envs/requirements-gpu.txt"
        )
        raise InputError(
            f"training.gpus: {wanted} asked for, but TensorFlow sees {len(seen)}; {mend}, or set "
            "training.gpus to as many as there are"
        )
    used = seen[: max(1, wanted)]
    if used:
        tf.config.set_visible_devices(used, "GPU")
        for gpu in used:
            tf.config.experimental.set_memory_growth(gpu, True)
        tf.config.experimental.enable_tensor_float_32_execution(False)
        kinds = [tf.config.experimental.get_device_details(gpu).get("device_name") for gpu in used]
        print(
            f"using {len(used)} of {len(seen)} GPUs: {', '.join(map(str, kinds))}", file=sys.stderr
        )
    return tuple(f"GPU:{number}" for number in range(len(used)))
