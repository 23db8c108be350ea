"""What is kept between epochs, where, and what is read again."""

import mmap
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from tiny_jobs import data_of

from avdistill.configuration.crops import Crops
from avdistill.errors import InputError
from avdistill.examples.scope_data import (
    check_backbone,
    check_same_data,
    labels_of,
    open_scope_data,
)
from avdistill.networks.registry import network_spec
from avdistill.records import audio
from avdistill.records.sequences import input_errors
from avdistill.records.statistics import read_statistics
from avdistill.runs.inputs import JobInputs


def open_data(tiny, network, **options):
    spec = network_spec(network)
    statistics = tiny / "all.npz" if spec.uses_statistics else None
    inputs = JobInputs(**data_of(tiny), statistics=statistics)
    return open_scope_data(spec, "all", inputs, **options)


@pytest.fixture
def resampled(monkeypatch):
    """Count the sequences that are resampled; one at a time, or two crops may ask for the same."""
    monkeypatch.setattr(tf.data, "AUTOTUNE", 1)
    calls, resample = [], audio.resample
    monkeypatch.setattr(audio, "resample", lambda *some: calls.append(1) or resample(*some))
    return calls


def held_in(array):
    """Tell where an array's values are kept, looking through views."""
    while isinstance(array, np.ndarray) and array.base is not None:
        array = array.base
    return "disk" if isinstance(array, mmap.mmap) else "memory"


@pytest.mark.parametrize("cache", ["memory", "disk", "none"])
def test_spectrograms_are_always_in_memory_and_acoustic_images_where_wanted(tiny, cache):
    for network, kept in {"hearnet": "memory", "dualcamnet": cache}.items():
        data = open_data(tiny, network, cache=cache)
        training = data.training_examples(Crops(seed=0, per_sequence=2))
        validation = data.evaluation_examples("validation")
        for held in (training.held, validation.held):
            assert ("none" if held is None else held_in(held)) == kept


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("cache", ["memory", "disk", "none"])
def test_a_sequence_is_resampled_once_whatever_the_epochs(tiny, resampled, fresh, cache):
    data = open_data(tiny, "hearnet", cache=cache)
    examples = data.training_examples(Crops(seed=0, per_sequence=2, fresh=fresh))
    batches = examples.epochs(labels_of, batch_size=1, first_epoch=0, epochs=3)
    with input_errors():
        labels = [int(label) for _, targets in batches for label in targets]
    assert sorted(np.unique(labels, return_counts=True)[1]) == [6, 6, 6]
    assert len(resampled) == len(data.sequences("training"))


def test_a_folder_in_the_place_of_a_manifest_is_named(tiny):
    inputs = JobInputs(**data_of(tiny) | {"records": tiny})
    with pytest.raises(InputError, match=f"^{tiny}: is a folder; name the file in it"):
        open_scope_data(network_spec("dualcamnet"), "all", inputs)


def test_crops_are_of_their_split_and_have_the_networks_length(tiny):
    for network, length in {"hearnet": 5, "dualcamnet": 1}.items():
        data = open_data(tiny, network)
        crops = data.evaluation_examples("test").crops
        assert {crop.sequence for crop in crops} == {*data.sequences("test")}
        assert [crop.start for crop in crops[: 5 // length]] == [*range(0, 5, length)]
        drawn = data.training_examples(Crops(per_sequence=3)).draw(0)
        assert len(drawn) == 3 * len(data.sequences("training"))
        assert {crop.sequence for crop in drawn} == {*data.sequences("training")}


def test_fresh_crops_differ_from_epoch_to_epoch_and_others_do_not(tiny):
    data = open_data(tiny, "dualcamnet", cache="none")
    for fresh in (False, True):
        draw = data.training_examples(Crops(fresh=fresh)).draw
        assert (draw(0) == draw(1)) != fresh
        assert draw(1) == draw(1)


def test_a_split_without_sequences_is_an_error(tiny):
    data = open_data(tiny, "hearnet")
    rest = data.split[data.split["split"] != "validation"]
    with pytest.raises(InputError, match="the validation split has no sequence; change the split"):
        replace(data, split=rest).evaluation_examples("validation")


def test_statistics_given_as_values_count_as_those_of_a_file(tiny):
    bounds = read_statistics(tiny / "all.npz")
    inputs = JobInputs(**data_of(tiny))
    data = open_scope_data(network_spec("hearnet"), "all", inputs, statistics=bounds)
    held = data.evaluation_examples("test").held
    assert np.array_equal(held, open_data(tiny, "hearnet").evaluation_examples("test").held)


def test_a_network_is_tested_on_what_it_was_trained_with_only(tiny, tmp_path):
    data = open_data(tiny, "hearnet")
    described = {"classes": ["hum", "buzz", "hiss"], "scope": "all", "split": data.split_sha256}
    check_same_data(data, described, tmp_path)
    with pytest.raises(InputError, match="knows other classes than the data set"):
        check_same_data(data, described | {"classes": ["hum", "buzz"]}, tmp_path)
    message = f"all.csv: not the split of scope all that {tmp_path} was trained with"
    with pytest.raises(InputError, match=message):
        check_same_data(data, described | {"split": "0" * 64}, tmp_path)


def test_features_are_asked_for_where_a_network_was_trained_on_them(tiny, seen, tmp_path):
    spec, inputs = network_spec("resnet50"), JobInputs(**data_of(tiny))
    data = open_scope_data(spec, "all", replace(inputs, features=seen / "manifest.csv"))
    check_backbone(data)
    described = {
        "classes": ["hum", "buzz", "hiss"],
        "scope": "all",
        "split": data.split_sha256,
        "frames": [1, 3, 5, 7, 9, 11],
        "backbone": data.backbone.sha256,
        "initial_weights": "random backbone",
    }
    check_same_data(data, described, tmp_path)
    with pytest.raises(InputError, match=r"was trained on frames \[1\] and a random backbone"):
        check_same_data(data, described | {"frames": [1]}, tmp_path)
    with pytest.raises(InputError, match="resnet50 takes vision input; give its --features"):
        check_same_data(open_scope_data(spec, "all", inputs), described, tmp_path)
