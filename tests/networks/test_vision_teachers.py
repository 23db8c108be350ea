"""ResNet-50, Temporal ResNet-50 and AVNet, whole and as what is trained on stored features."""

import importlib
import json
from functools import cache

import keras
import numpy as np
import pytest

from avdistill.networks import avnet, dualcamnet
from avdistill.networks.published_variables import published_weights
from avdistill.results.model_folder import save_model

# All and trained, counted in the released code.
PARAMETERS = {
    "resnet50": (23_589_838, 28_686),
    "temporal_resnet50": (24_638_158, 28_686),
    "avnet": (34_863_170, 11_302_018),
}
PUBLISHED = {
    "resnet50": "ResNet50",
    "temporal_resnet50": "TemporalResNet50",
    "avnet": "AVModel",
}


def module(name):
    return importlib.import_module(f"avdistill.networks.{name}")


@cache
def whole_network(name):
    """Build a network from pixels on, once."""
    return module(name).build_whole(14, seed=0)


def trained(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.mark.parametrize("name", PARAMETERS)
def test_number_of_parameters_is_the_released_codes(name):
    whole, part = whole_network(name), module(name).build(14, seed=0)
    assert (whole.name, part.name) == (name, name)
    assert (whole.count_params(), trained(whole)) == PARAMETERS[name]
    assert part.count_params() == trained(part) == trained(whole)


@pytest.mark.parametrize("name", PARAMETERS)
def test_variables_are_the_released_codes(shared, name):
    table = json.loads((shared / "published_code" / "variables.json").read_text())
    whole = whole_network(name)
    weights = published_weights(whole, module(name).published_kernels(14), "BatchNorm")
    ours = {variable: list(shape) for variable, (shape, _) in weights.items()}
    assert ours == {variable["name"]: variable["shape"] for variable in table[PUBLISHED[name]]}
    trained_there = {variable["name"] for variable in table[PUBLISHED[name]] if variable["trained"]}
    assert {key for key, (_, weight) in weights.items() if weight.trainable} == trained_there


@pytest.mark.parametrize("name", PARAMETERS)
def test_same_seed_gives_the_same_bytes(tmp_path, name):
    for file in ("one.keras", "two.keras"):
        save_model(module(name).build(3, seed=0), tmp_path / file)
    assert (tmp_path / "one.keras").read_bytes() == (tmp_path / "two.keras").read_bytes()
    other = module(name).build(3, seed=1)
    kernel = keras.saving.load_model(tmp_path / "one.keras").get_layer("logits").kernel.numpy()
    assert not np.array_equal(kernel, other.get_layer("logits").kernel.numpy())


def test_logits_layer_starts_from_slims_variance_scaling_and_zero_bias():
    kernel, bias = module("resnet50").build(14, seed=0).get_layer("logits").get_weights()
    assert kernel.std() == pytest.approx(np.sqrt(2 / 2048), rel=0.02)
    assert not bias.any()


@pytest.mark.parametrize(
    ("name", "width", "decay"),
    [("resnet50", 14, 5e-4), ("temporal_resnet50", 14, 1e-4), ("avnet", 1024, 5e-4)],
)
def test_the_layer_behind_the_backbone_decays_by_tensorflows_half_sum_of_squares(
    name, width, decay
):
    model = module(name).build(14, seed=0)
    kernel = model.get_layer("logits").kernel.numpy().astype(np.float64)
    assert kernel.shape == (2048, width)
    assert len(model.losses) == 1
    assert float(model.losses[0]) == pytest.approx(decay * (kernel**2).sum() / 2, rel=1e-5)


def test_resnet50_judges_frames_and_temporal_resnet50_averages_them():
    features = np.random.default_rng(0).random((2, 5, 2048), dtype=np.float32)
    by_frame = module("resnet50").build(14, seed=0).predict_on_batch(features)
    together = module("temporal_resnet50").build(14, seed=0).predict_on_batch(features)
    assert by_frame.shape == (2, 5, 14)
    np.testing.assert_allclose(together, by_frame.mean(axis=1), atol=1e-5)


@pytest.mark.parametrize("name", PARAMETERS)
def test_trained_part_on_features_is_the_whole_on_pixels(name):
    generator = np.random.default_rng(0)
    whole, part = whole_network(name), module(name).build(14, seed=0)
    size = whole.inputs[0].shape[1:]
    frames = generator.uniform(-110, 130, (1, *size)).astype(np.float32)
    backbone = whole.get_layer("backbone")
    features = backbone.predict_on_batch(frames.reshape(-1, *backbone.input_shape[1:]))
    features = features.reshape(1, -1, 2048)
    inputs, stored = frames, features
    if name == "avnet":
        images = generator.normal(0, 3, (1, 12, 36, 48, 12)).astype(np.float32)
        inputs, stored = [frames, images], [images, features]
    expected = whole.predict_on_batch(inputs)
    logits = part.predict_on_batch(stored).reshape(expected.shape)
    assert np.abs(logits - expected).max() <= 1e-5 * np.abs(expected).max()


def test_avnet_of_some_frames_judges_them_as_that_of_all_frames():
    generator = np.random.default_rng(0)
    images = generator.normal(0, 3, (2, 12, 36, 48, 12)).astype(np.float32)
    features = generator.random((2, 12, 2048), dtype=np.float32)
    every = avnet.build(14, seed=0).predict_on_batch([images, features])
    some = avnet.build(14, seed=0, frames=(3, 9))
    logits = some.predict_on_batch([images, features[:, [3, 9]]])
    assert logits.shape == (2, 2, 14)
    np.testing.assert_allclose(logits, every[:, [3, 9]], atol=1e-5 * np.abs(every).max())


def test_avnet_hears_with_dualcamnets_layers():
    together, alone = avnet.build(14, seed=0), dualcamnet.build(14, seed=0)
    for name in dualcamnet.PUBLISHED_KERNELS:
        for ours, theirs in zip(
            together.get_layer(name).get_weights(), alone.get_layer(name).get_weights(), strict=True
        ):
            assert np.array_equal(ours, theirs)
