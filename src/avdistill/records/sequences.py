"""Sequences of a wanted length as `tf.data` data sets (supplement, sections 1 and 2).

`avdistill.records.crops` reads in plain Python, so that a bad record ends in an `InputError`;
`tf.data` orders, parallelises and batches. Neither order nor values depend on how much is done in
parallel, nor on whether crops are held in memory or on disk.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf

from avdistill.errors import InputError
from avdistill.records.crops import Crop, CropReader, Inputs, as_inputs
from avdistill.records.temporary import temporary_file


def read_crops(reader: CropReader, crops: Sequence[Crop]) -> tf.data.Dataset:
    """Return the crops' inputs one by one, in the crops' order, not batched.

    Shapes and errors are `CropReader`'s: iterate inside `input_errors`.
    """
    if reader.uses_audio:  # one call reads neighbouring crops of a sequence: it is resampled once
        runs = [list(run) for _, run in itertools.groupby(crops, key=lambda crop: crop.sequence)]
    else:
        runs = [[crop] for crop in crops]

    def read_run(number: np.ndarray) -> list[np.ndarray]:
        read = [reader.read(crop) for crop in runs[number]]
        return tf.nest.flatten(tf.nest.map_structure(lambda *parts: np.stack(parts), *read))

    def load(number: tf.Tensor) -> tf.Tensor | tuple[tf.Tensor, ...]:
        types = [tf.float32] * len(reader.shapes)
        inputs = tf.numpy_function(read_run, [number], types, stateful=False)
        return as_inputs(
            tf.ensure_shape(values, (None, *shape))
            for values, shape in zip(inputs, reader.shapes, strict=True)
        )

    return (
        tf.data.Dataset.range(len(runs))
        .map(load, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .unbatch()
        .apply(tf.data.experimental.assert_cardinality(len(crops)))
        .prefetch(1)
    )


@contextmanager
def input_errors() -> Iterator[None]:
    """Raise an `InputError` again that TensorFlow has wrapped in an error of its own.

    Wrap it around the code that iterates a data set of this module: `fit`, `predict`, a loop.
    """
    try:
        yield
    except tf.errors.OpError as error:
        if match := re.search(r"InputError: (.+)", error.message):
            raise InputError(match.group(1)) from None
        raise


def in_memory(inputs: tf.data.Dataset) -> Inputs:
    """Read a data set of known size into one array, or one for each input of the network.

    Each is (number of crops, …) float32. Several runs can share them, such as the cells of a grid.

    Raises
    ------
    InputError : as `CropReader.read`.
    """
    number = int(inputs.cardinality())
    elements = tf.nest.map_structure(
        lambda spec: np.empty((number, *spec.shape), spec.dtype.as_numpy_dtype),
        inputs.element_spec,
    )
    arrays = tf.nest.flatten(elements)
    with input_errors():
        for row, element in enumerate(inputs):
            for array, value in zip(arrays, tf.nest.flatten(element), strict=True):
                array[row] = value
    return elements


def on_disk(inputs: tf.data.Dataset) -> Inputs:
    """Do what `in_memory` does, but in a temporary file, of which the arrays are read-only maps.

    The file is deleted with the arrays.

    Raises
    ------
    InputError : as `CropReader.read` or `temporary_file`.
    """
    number, specs = int(inputs.cardinality()), tf.nest.flatten(inputs.element_spec)
    row = np.dtype([("", spec.dtype.as_numpy_dtype, tuple(spec.shape)) for spec in specs])
    with temporary_file(number * row.itemsize, "decoded crops") as file, input_errors():
        for element in inputs.as_numpy_iterator():
            for value in tf.nest.flatten(element):
                file.write(value)
        file.flush()
        rows = np.memmap(file, row, mode="r", shape=number)
    return tf.nest.pack_sequence_as(
        inputs.element_spec, [np.asarray(rows[name]) for name in row.names]
    )


def epoch_order(number: int, epoch: int) -> np.ndarray:
    """Return the order of an epoch: a permutation whose seed is the epoch's number."""
    return np.random.default_rng(epoch).permutation(number)


def epochs_dataset(
    inputs: Inputs,
    targets: Any,
    *,
    batch_size: int,
    first_epoch: int,
    epochs: int,
) -> tf.data.Dataset:
    """Return shuffled batches of (inputs, targets), all epochs one after another.

    For `fit(steps_per_epoch=ceil(number / batch_size))`: the last batch of an epoch may be
    smaller, none spans two epochs, and a resumed run can start at any epoch. The inputs are not
    copied.

    Parameters
    ----------
    inputs : as `in_memory` or `on_disk` returns them.
    targets : array of one row per crop, or a dict or tuple of such.
    first_epoch, epochs : numbers from `first_epoch` to `first_epoch + epochs - 1`.
    """
    number = len(tf.nest.flatten(inputs)[0])

    def batches(epoch: int) -> Iterator[tuple[Inputs, Any]]:
        order = epoch_order(number, epoch)
        for first in range(0, number, batch_size):
            rows = order[first : first + batch_size]
            yield take_rows(inputs, rows), take_rows(targets, rows)

    specs = tf.nest.map_structure(_batch_of, (inputs, targets))
    return _batches_dataset(batches, range(first_epoch, first_epoch + epochs), specs)


def streamed_epochs(
    reader: CropReader,
    draw: Callable[[int], tuple[Sequence[Crop], Any]],
    *,
    batch_size: int,
    first_epoch: int,
    epochs: int,
) -> tf.data.Dataset:
    """Return the batches of `epochs_dataset`, but read their inputs again in every epoch.

    Memory holds a few batches and `reader.waveforms_held` waveforms, never all crops. With the
    same crops in every epoch the batches are those of `epochs_dataset`.

    Parameters
    ----------
    draw : gives an epoch's crops and their targets (as many in each): the same, or fresh ones by
        `training_crops(seed=seed + epoch)`.
    """

    def batches(epoch: int) -> Iterator[tuple[Inputs, Any]]:
        crops, targets = draw(epoch)
        order = epoch_order(len(crops), epoch)
        shuffled = read_crops(reader, [crops[i] for i in order]).batch(batch_size)
        with input_errors():
            for step, inputs in enumerate(shuffled.as_numpy_iterator()):
                yield inputs, take_rows(targets, order[step * batch_size :][:batch_size])

    inputs = as_inputs(tf.TensorSpec((None, *shape), tf.float32) for shape in reader.shapes)
    specs = inputs, tf.nest.map_structure(_batch_of, draw(first_epoch)[1])
    return _batches_dataset(batches, range(first_epoch, first_epoch + epochs), specs)


def take_rows(arrays: Any, rows: np.ndarray | slice) -> Any:
    """Return some rows of an array, or of each array of a tuple or dict."""
    return tf.nest.map_structure(lambda array: array[rows], arrays)


def _batch_of(array: np.ndarray) -> tf.TensorSpec:
    return tf.TensorSpec((None, *array.shape[1:]), array.dtype)


def _batches_dataset(
    batches: Callable[[int], Iterator], epochs: range, specs: Any
) -> tf.data.Dataset:
    return tf.data.Dataset.from_generator(
        lambda: itertools.chain.from_iterable(map(batches, epochs)), output_signature=specs
    ).prefetch(1)
