"""How long networks compute on one core for a second of input."""

import functools
import statistics
import time
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from avdistill.evaluation.sizes import build_whole
from avdistill.evaluation.tables import Row

COLUMNS = ("network", "milliseconds_per_second", "fastest", "slowest", "runs", "batch", "real_time")

_LEAST_RUNS = 3
_LEAST_SECONDS = 0.5


def time_rows(networks: Sequence[str], num_classes: int) -> list[Row]:
    """Time networks from their whole input to their logits.

    Weights are random and inputs are noise, which does not change the amount of computation.
    Preparing the input (decoding frames, beamforming, spectrograms) is not timed. The caller sets
    TensorFlow's threads.

    Parameters
    ----------
    num_classes : number of classes; AVIA has 14.

    Returns
    -------
    A row with `COLUMNS` for each network: milliseconds for one second of data, as the median, the
    fastest and the slowest of `runs`. A run takes `batch` inputs: all of one second, or a single
    one of several seconds. `real_time` is how many times faster than real time this is.
    """
    random = np.random.default_rng(0)
    rows = []
    for name in networks:
        model, inputs_per_second = build_whole(name, num_classes, seed=0)
        batch = max(1, round(inputs_per_second))
        seconds = batch / inputs_per_second
        noise = keras.tree.map_structure(
            lambda tensor, batch=batch: tf.constant(
                random.standard_normal((batch, *tensor.shape[1:]), np.float32)
            ),
            model.input,
        )
        compute = tf.function(functools.partial(model, training=False))
        compute(noise)  # the first call builds the graph
        runs: list[float] = []
        while len(runs) < _LEAST_RUNS or sum(runs) < _LEAST_SECONDS:
            start = time.perf_counter()
            compute(noise).numpy()
            runs.append(time.perf_counter() - start)
        median = statistics.median(runs)
        rows.append(
            {
                "network": name,
                "milliseconds_per_second": 1000 * median / seconds,
                "fastest": 1000 * min(runs) / seconds,
                "slowest": 1000 * max(runs) / seconds,
                "runs": len(runs),
                "batch": batch,
                "real_time": seconds / median,
            }
        )
    return rows
