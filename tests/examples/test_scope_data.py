"""What is kept between epochs, where, and what is read again."""

import mmap

import numpy as np
import pytest
import tensorflow as tf

from avdistill.examples.scope_data import (
    evaluation_examples,
    labels_of,
    open_scope_data,
    training_examples,
)
from avdistill.networks.registry import network_spec
from avdistill.records import audio
from avdistill.records.sequences import input_errors
from avdistill.records.statistics import read_statistics


@pytest.fixture
def material(tiny):
    files = (
        tiny / "dataset.json",
        tiny / "records",
        tiny / "records/manifest.csv",
        tiny / "all.csv",
    )
    return open_scope_data(*files, "all", read_statistics(tiny / "all.npz"))


@pytest.fixture
def resampled(monkeypatch):
    """Count the sequences that are resampled; one at a time, or two crops may ask for the same."""
    monkeypatch.setattr(tf.data, "AUTOTUNE", 1)
    calls, resample = [], audio.resample
    monkeypatch.setattr(audio, "resample", lambda *some: calls.append(1) or resample(*some))
    return calls


def take(material, network, **options):
    spec = network_spec(network)
    return training_examples(material, spec, crop_seed=0, crops_per_sequence=2, **options)


def held_in(array):
    """Tell where an array's values are kept, looking through views."""
    while isinstance(array, np.ndarray) and array.base is not None:
        array = array.base
    return "disk" if isinstance(array, mmap.mmap) else "memory"


@pytest.mark.parametrize("cache", ["memory", "disk", "none"])
def test_spectrograms_are_always_in_memory_and_acoustic_images_where_wanted(material, cache):
    for network, kept in {"hearnet": "memory", "dualcamnet": cache}.items():
        training = take(material, network, fresh=False, cache=cache)
        validation = evaluation_examples(material, network_spec(network), "validation", cache=cache)
        for held in (training.held, validation.held):
            assert ("none" if held is None else held_in(held)) == kept


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("cache", ["memory", "disk", "none"])
def test_a_sequence_is_resampled_once_whatever_the_epochs(material, resampled, fresh, cache):
    examples = take(material, "hearnet", fresh=fresh, cache=cache)
    batches = examples.epochs(labels_of, batch_size=1, first_epoch=0, epochs=3)
    with input_errors():
        labels = [int(label) for _, targets in batches for label in targets]
    assert sorted(np.unique(labels, return_counts=True)[1]) == [6, 6, 6]
    assert len(resampled) == len(material.sequences("training"))
