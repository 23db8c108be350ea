"""Architectures: sizes, shapes, initial weights, weight decay."""

import ast
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.networks import registry
from avdistill.networks.registry import NETWORKS, build, crop_logits, network_spec

# Counted in the released code: all, and those trained there.
PARAMETERS = {
    "dualcamnet": (8_179_842, 8_179_842),
    "resnet50": (23_589_838, 28_686),
    "temporal_resnet50": (24_638_158, 28_686),
    "avnet": (34_863_170, 11_302_018),
    "hearnet": (3_861_158, 3_861_158),
    "soundnet": (6_751_238, 6_748_230),
}
OUTPUT = {
    "dualcamnet": (None, 12, 14),
    "resnet50": (None, None, 14),
    "temporal_resnet50": (None, 14),
    "avnet": (None, 12, 14),
    "hearnet": (None, 14),
    "soundnet": (None, 14),
}
GLOROT = ("dualcamnet", "hearnet")  # the others start as TF-slim's networks and SoundNet do


@pytest.fixture(scope="module")
def models():
    return {name: build(name, 14, seed=0) for name in NETWORKS}


def count(weights):
    return sum(math.prod(weight.shape) for weight in weights)


@pytest.mark.parametrize("name", NETWORKS)
def test_number_of_parameters_is_the_released_codes(models, name):
    everything, trained = PARAMETERS[name]
    assert count(models[name].trainable_weights) == trained
    spec = network_spec(name)
    whole = spec.module.build_whole(14, seed=0) if spec.uses_video_features else models[name]
    assert (count(whole.weights), count(whole.trainable_weights)) == (everything, trained)
    assert models[name].output_shape == OUTPUT[name]
    assert models[name].name == name


def test_every_layer_has_the_name_that_the_paper_gives_it(models):
    def trained(model):
        return [layer.name for layer in model.layers if layer.weights]

    assert trained(models["dualcamnet"]) == ["conv1", "conv2", "conv3", "full1", "fc1", "fc2"]
    assert trained(models["hearnet"]) == [*(f"conv{i}" for i in range(1, 6)), "fc1", "fc2"]


@pytest.mark.parametrize("name", NETWORKS)
def test_weights_come_from_the_seed_alone(models, name):
    again, other = build(name, 14, seed=0), build(name, 14, seed=1)
    for weight, same, different in zip(
        models[name].get_weights(), again.get_weights(), other.get_weights(), strict=True
    ):
        assert np.array_equal(weight, same)
        drawn = weight.std() > 0  # biases and batch norms start the same everywhere
        assert not drawn or not np.array_equal(weight, different)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_model_is_described_the_same_whatever_was_built_before(models, name):
    assert build(name, 14, seed=0).to_json() == models[name].to_json()


@pytest.mark.parametrize("name", GLOROT)
def test_head_starts_narrow_and_the_rest_within_glorots_bounds(models, name):
    for layer in models[name].layers:
        if not layer.weights:
            continue
        kernel, bias = layer.get_weights()
        assert not bias.any()
        if layer.name.startswith("fc"):
            # A normal cut off at two standard deviations has 0.88 of its standard deviation.
            assert kernel.std() == pytest.approx(0.0088, rel=0.05)
            assert np.abs(kernel).max() <= 0.02
        else:
            *window, inputs, outputs = network_spec(name).module.PUBLISHED_KERNELS[layer.name]
            bound = np.sqrt(6 / (np.prod(window) * (inputs + outputs)))
            assert 0.95 * bound < np.abs(kernel).max() <= bound


def test_hearnet_decays_its_convolutions_by_tensorflows_half_sum_of_squares(models):
    model = models["hearnet"]
    decayed = [model.get_layer(f"conv{i}").get_weights()[0] for i in range(1, 6)]
    expected = sum(5e-4 * (kernel.astype(np.float64) ** 2).sum() / 2 for kernel in decayed)
    assert len(model.losses) == 5
    assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)


def test_dualcamnet_decays_nothing(models):
    assert models["dualcamnet"].losses == []


def test_seconds_are_judged_apart_and_frames_together_in_time(models):
    inputs = np.random.default_rng(0).normal(size=(2, 12, 36, 48, 12)).astype(np.float32)
    both = models["dualcamnet"].predict_on_batch(inputs)
    alone = models["dualcamnet"].predict_on_batch(inputs[1:])
    np.testing.assert_allclose(both[1], alone[0], atol=1e-6)
    inputs[1, 0] += 10  # seen by conv1's window of 7 up to three frames later
    changed = np.abs(models["dualcamnet"].predict_on_batch(inputs)[1] - both[1]).max(axis=1) > 1e-5
    assert changed.tolist() == [True] * 4 + [False] * 8


def test_crop_logits_are_the_mean_over_frames():
    logits = np.arange(24, dtype=np.float32).reshape(1, 12, 2)
    assert crop_logits(network_spec("dualcamnet"), logits).tolist() == [[11, 12]]
    assert crop_logits(network_spec("hearnet"), logits[0]).shape == (12, 2)


def test_an_unknown_network_is_refused_with_the_list_of_all():
    with pytest.raises(InputError, match=r"unknown network 'resnet'; choose from: dualcamnet, res"):
        build("resnet", 14, seed=0)
    with pytest.raises(
        InputError, match=r"unknown teacher 'hearnet'; choose from: dualcamnet, resnet50, "
    ):
        network_spec("hearnet", "teacher")


def test_the_registry_depends_on_no_network_and_starts_no_tensorflow():
    tree = ast.parse(Path(registry.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or node.names[0].name for node in imports}
    assert {name for name in names if name.startswith("avdistill")} == {"avdistill.errors"}
    code = (
        "import sys, avdistill.configuration.configuration\n"
        "print([name for name in sys.modules if name in ('keras', 'tensorflow')\n"
        "       or name.startswith(('avdistill.networks.', 'avdistill.training'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['avdistill.networks.registry']\n"


def test_saved_networks_open_in_plain_keras_without_this_package(models, tmp_path):
    from avdistill.results.model_folder import save_model

    whole = network_spec("avnet").module.build_whole(14, seed=0)  # as of a checkpoint
    saved = models | {"avnet_whole": whole}
    for name, model in saved.items():
        save_model(model, tmp_path / f"{name}.keras")
    program = """
import sys
sys.modules["avdistill"] = None  # so that importing it fails
import keras
for path in sys.argv[1:]:
    model = keras.saving.load_model(path)
    assert {type(part).__module__.split(".")[0] for part in model.operations} == {"keras"}
    print("opened:", path.split("/")[-1], model.count_params())
"""
    files = sorted(tmp_path.iterdir())
    opened = subprocess.run(
        [sys.executable, "-c", program, *files], capture_output=True, text=True, check=False
    )
    assert opened.returncode == 0, opened.stderr[-4000:]
    found = [line for line in opened.stdout.splitlines() if line.startswith("opened:")]
    sizes = {f"{name}.keras": count(model.weights) for name, model in saved.items()}
    assert found == [f"opened: {path.name} {sizes[path.name]}" for path in files]
