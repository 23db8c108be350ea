"""Several devices and mixed precision: the same training, as far as they can give it."""

import json
import subprocess
import sys
from pathlib import Path

import keras
import pytest
from tiny_jobs import teach

from avdistill.networks.backbone import build_backbone, logits_layer
from avdistill.networks.registry import NETWORKS, build, network_spec
from avdistill.training.devices import Devices
from avdistill.training.fitting import prepare_training

LOSSES = ("loss", "validation_loss")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Run the program beside this file, in which the CPU is two devices."""
    program = Path(__file__).with_name("two_devices.py")
    run = subprocess.run(
        [sys.executable, program, tmp_path_factory.mktemp("devices")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", ["dualcamnet", "hearnet"])
def test_two_devices_give_the_losses_of_one_though_no_batch_divides_evenly(found, name):
    one, two = found[name]
    assert len(one) == len(two) == 2
    for row, other in zip(one, two, strict=True):
        for column in LOSSES:
            assert other[column] == pytest.approx(row[column], rel=1e-6)
        for column in ("accuracy", "validation_accuracy"):
            assert other[column] == pytest.approx(row[column], rel=1e-6)


def test_batch_norms_take_statistics_over_the_whole_batch_wherever_its_parts_are(found):
    whole, share = found["batch_norms"]["whole batch"], found["batch_norms"]["own share"]
    assert whole["loss"] < 1e-6
    assert whole["statistics"] < 1e-4  # Keras takes a variance as E[x²] - E[x]²
    # By its share alone each device would train another network: the test can tell.
    assert share["loss"] > 1e-4
    assert share["statistics"] > 1e-3


def test_mixed_precision_keeps_weights_logits_and_losses_in_float32(found):
    mixed = found["mixed"]
    assert mixed["computes"].pop("fc2") == "float32"
    assert set(mixed["computes"].values()) == {"float16"}
    assert mixed["weights"] == ["float32"]
    assert mixed["logits and loss"] == ["float32", "float32"]
    for row, exact in zip(mixed["history"], mixed["exact"], strict=True):
        for column in LOSSES:
            assert row[column] == pytest.approx(exact[column], rel=0.01)
    assert mixed["history"] != mixed["exact"]


def test_a_network_trained_in_mixed_precision_is_saved_in_float32(found):
    assert found["mixed"]["saved"] == ["float32"]
    assert 0 < found["mixed"]["distance"] < 3e-3  # each layer rounds to 2⁻¹¹


def test_a_step_that_overflows_on_one_device_is_skipped_on_all(found):
    assert found["overflow"] == {"same weights": True, "scale": 2.0**14}


def test_killed_training_on_two_devices_in_mixed_precision_goes_on_where_it_was(found):
    assert found["resumed"] == {"same history": True, "same weights": True}


def test_one_device_in_float32_trains_the_network_itself():
    network = build("hearnet", 3, seed=0)
    assert prepare_training(network, network_spec("hearnet"), Devices()).trained is network


def over_time():
    """Build what `avdistill.vision.temporal` trains: parts of it frozen, others not."""
    backbone = build_backbone(0, temporal=True)
    backbone.trainable = True
    for layer in backbone.layers:
        layer.trainable = layer.name.endswith("_conv_temp")
    return keras.Model(backbone.inputs, logits_layer(3, 0)(backbone.output))


@pytest.mark.parametrize("name", [*NETWORKS, "over time"])
def test_a_training_copy_has_the_networks_weights_in_the_networks_order(name):
    network = over_time() if name == "over time" else build(name, 3, seed=0)
    spec = network_spec("temporal_resnet50" if name == "over time" else name)
    copy = prepare_training(network, spec, Devices(mixed_precision=True)).trained
    assert copy is not network
    for kind in ("weights", "trainable_weights"):
        mine, its = getattr(network, kind), getattr(copy, kind)
        assert [(one.path, one.shape) for one in mine] == [(one.path, one.shape) for one in its]


def test_gpus_that_are_not_there_are_reported_before_anything_is_read(capsys, tmp_path):
    fitting = {"epochs": 1, "gpus": 99}
    assert teach(tmp_path / "absent", tmp_path / "out", fitting=fitting) == 1
    message = capsys.readouterr().err
    assert "training.gpus: 99 asked for, but TensorFlow finds" in message
    assert "set training.gpus to as many as there are" in message


def test_where_there_is_a_gpu_training_on_it_gives_the_same_bytes_again(tmp_path):
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("TensorFlow finds no GPU")
    program = f"""
import sys
from pathlib import Path
from avdistill.examples.tensorflow_start import start_tensorflow
start_tensorflow(seed=0, threads=2, gpus=1)
tests = Path({__file__!r}).parent
sys.path[:0] = map(str, (tests, tests.parent))
import test_fitting as t
for name in ("dualcamnet", "hearnet", "soundnet"):
    trainee = t.prepare(name)
    t.run(trainee, t.inputs(name, 7), Path(sys.argv[1]) / name)
    print(name, [weight.tobytes().hex() for weight in trainee.network.get_weights()])
"""
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, tmp_path / number],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in "12"
    ]
    assert runs[0] == runs[1] != ""
