"""What is kept in memory between epochs, and what is read again."""

import numpy as np
import pytest
import tensorflow as tf

from avdistill.networks.registry import network_spec
from avdistill.records import audio
from avdistill.records.sequences import input_errors
from avdistill.records.statistics import read_statistics
from avdistill.training.examples import (
    evaluation_examples,
    labels_of,
    open_material,
    training_examples,
)


@pytest.fixture
def material(tiny):
    files = (
        tiny / "dataset.json",
        tiny / "records",
        tiny / "records/manifest.csv",
        tiny / "all.csv",
    )
    return open_material(*files, "all", read_statistics(tiny / "all.npz"))


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


@pytest.mark.parametrize("hold", [True, False])
def test_spectrograms_are_always_held_and_acoustic_images_if_wanted(material, hold):
    assert take(material, "hearnet", fresh=False, hold=hold).held.shape == (6, 500, 257)
    assert (take(material, "dualcamnet", fresh=False, hold=hold).held is not None) == hold
    for network, held in {"hearnet": True, "dualcamnet": hold}.items():
        examples = evaluation_examples(material, network_spec(network), "validation", hold=hold)
        assert (examples.held is not None) == held


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("hold", [True, False])
def test_a_sequence_is_resampled_once_whatever_the_epochs(material, resampled, fresh, hold):
    examples = take(material, "hearnet", fresh=fresh, hold=hold)
    batches = examples.epochs(labels_of, batch_size=1, first_epoch=0, epochs=3)
    with input_errors():
        labels = [int(label) for _, targets in batches for label in targets]
    assert sorted(np.unique(labels, return_counts=True)[1]) == [6, 6, 6]
    assert len(resampled) == len(material.sequences("training"))
