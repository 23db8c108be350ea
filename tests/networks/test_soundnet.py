"""OurSoundNet: sizes, weights, and the same results as in plain layers."""

import keras
import numpy as np
import pytest

from avdistill.networks.registry import build, network_spec
from avdistill.networks.soundnet import PUBLISHED_KERNELS
from avdistill.results.model_folder import load_model, save_model
from avdistill.training.devices import Devices
from avdistill.training.fitting import prepare_training
from avdistill.training.fused_batch_norm import FusedBatchNormalization
from avdistill.transfer.students import feature_model

LAYERS = {  # filters, window, stride, zeros on both sides, max-pool behind it (reference.md, 6)
    "conv1": (32, 64, 2, 32, 8),
    "conv2": (64, 32, 2, 16, 8),
    "conv3": (128, 16, 2, 8, 8),
    "conv4": (256, 8, 2, 4, None),
    "conv5": (1024, 16, 12, 4, None),
}


def plain_network(decay=0.999):
    """Write the network down as the paper has it, in Keras's own layers."""
    layers = keras.layers
    waveform = keras.Input((110_250,))
    x = layers.Reshape((-1, 1))(waveform)
    for name, (filters, window, stride, zeros, pool) in LAYERS.items():
        x = layers.ZeroPadding1D(zeros)(x)
        x = layers.Conv1D(filters, window, strides=stride, name=name)(x)
        x = layers.BatchNormalization(momentum=decay, epsilon=1e-3, name=f"{name}_norm")(x)
        x = layers.ReLU()(x)
        if pool:
            x = layers.MaxPooling1D(pool)(x)
    x = layers.Conv1D(1024, 1, activation="relu", name="conv6")(x)
    x = layers.Conv1D(1000, 1, activation="relu", name="fc1")(x)
    x = layers.Conv1D(14, 1, name="fc2")(x)
    return keras.Model(waveform, layers.Flatten()(x))


def distance(values, expected):
    """Relative to the expected values' length; 4e-5 is what plain float32 is from float64 here."""
    return np.linalg.norm(values - expected) / np.linalg.norm(expected)


def published_layout(model):
    """Weights by layer and kind, kernels as the released code has them."""
    head = {"fc1": (1, 1, 1024, 1000), "fc2": (1, 1, 1000, 14)}
    weights = {}
    for layer in model.layers:
        for weight in layer.weights:
            value = weight.numpy()
            if weight.name == "kernel":
                value = value.reshape((PUBLISHED_KERNELS | head)[layer.name])
            weights[layer.name, weight.name] = value
    return weights


@pytest.fixture(scope="module")
def ours():
    return build("soundnet", 14, seed=0)


@pytest.fixture(scope="module")
def lively():
    """Give it weights as of a trained network, with effect on the output; norms of both signs."""
    generator = np.random.default_rng(1)
    model = build("soundnet", 14, seed=0, batch_norm_decay=0.5)
    for layer in model.layers:
        for weight in layer.weights:
            if weight.name == "kernel":
                fan_in = np.prod(weight.shape[:-1])
                value = generator.normal(0, np.sqrt(2 / fan_in), weight.shape)
            elif weight.name == "moving_variance":
                value = generator.uniform(0.5, 2, weight.shape)
            else:
                value = generator.normal(0.2, 0.5, weight.shape)
            weight.assign(value)
    return model


@pytest.fixture(scope="module")
def plain(lively):
    model = plain_network(decay=0.5)
    weights = published_layout(lively)
    for layer in model.layers:
        for weight in layer.weights:
            weight.assign(weights[layer.name, weight.name].reshape(weight.shape))
    return model


@pytest.fixture(scope="module")
def waveforms():
    return np.random.default_rng(0).uniform(-2, 2, (3, 110_250)).astype(np.float32)


def test_sizes_are_the_released_codes(ours):
    assert ours.count_params() == 6_751_238
    assert sum(np.prod(weight.shape) for weight in ours.trainable_weights) == 6_748_230
    assert ours.input_shape == (None, 110_250)
    assert ours.output_shape == (None, 14)
    assert build("soundnet", 3, seed=0).output_shape == (None, 3)


def test_weights_start_as_in_the_released_code_and_come_from_the_seed(ours):
    again, other = build("soundnet", 14, seed=0), build("soundnet", 14, seed=1)
    for layer in ours.layers:
        for mine, same, different in zip(
            layer.get_weights(),
            again.get_layer(layer.name).get_weights(),
            other.get_layer(layer.name).get_weights(),
            strict=True,
        ):
            assert np.array_equal(mine, same)
            assert np.array_equal(mine, different) == (mine.ndim == 1)
            if mine.ndim > 1:  # a normal cut off at two standard deviations has 0.88 of its own
                assert mine.std() == pytest.approx(0.0088, rel=0.05)
                assert np.abs(mine).max() <= 0.02
    for name in LAYERS:
        gamma, beta, mean, variance = ours.get_layer(f"{name}_norm").get_weights()
        assert (gamma == 1).all()
        assert (variance == 1).all()
        assert not beta.any()
        assert not mean.any()


def test_six_kernels_decay_by_tensorflows_half_sum_of_squares(ours):
    kernels = [ours.get_layer(f"conv{number}").get_weights()[0] for number in range(1, 7)]
    expected = sum(5e-4 * (kernel.astype(np.float64) ** 2).sum() / 2 for kernel in kernels)
    assert len(ours.losses) == 6
    assert float(sum(ours.losses)) == pytest.approx(expected, rel=1e-5)


def test_batch_norms_are_the_released_codes_by_default(ours):
    def norms(model):
        return [model.get_layer(f"{name}_norm") for name in LAYERS]

    assert {(norm.momentum, norm.epsilon) for norm in norms(ours)} == {(0.999, 1e-3)}
    other = build("soundnet", 14, seed=0, batch_norm_decay=0.9)
    assert {(norm.momentum, norm.epsilon) for norm in norms(other)} == {(0.9, 1e-3)}


def test_logits_are_those_of_plain_layers(lively, plain, waveforms):
    with_silence = waveforms.copy()
    with_silence[1, 30_000:80_000] = 0
    expected = plain.predict_on_batch(with_silence)
    assert np.abs(expected).max() > 0.1
    assert distance(lively.predict_on_batch(with_silence), expected) < 1e-4


def test_a_training_steps_gradients_and_averages_are_those_of_plain_layers(
    lively, plain, waveforms
):
    import tensorflow as tf

    targets = np.eye(14, dtype=np.float32)[[2, 3, 5]]

    def step(model):
        with tf.GradientTape() as tape:
            logits = model(waveforms, training=True)
            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(targets, logits, True))
        gradients = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
        paths = [weight.path for weight in model.trainable_weights]
        averages = {key: value for key, value in published_layout(model).items() if "mov" in key[1]}
        return logits.numpy(), dict(zip(paths, gradients, strict=True)), averages

    trained = prepare_training(lively, network_spec("soundnet"), Devices()).trained
    trained.set_weights(lively.get_weights())
    fused = [layer.name for layer in trained.layers if isinstance(layer, FusedBatchNormalization)]
    assert fused == [f"conv{number}_norm" for number in range(1, 5)]
    logits, gradients, averages = step(trained)
    plain_logits, plain_gradients, plain_averages = step(plain)
    assert distance(logits, plain_logits) < 3e-4
    assert gradients.keys() == plain_gradients.keys()
    for path, expected in plain_gradients.items():
        gradient = gradients[path].numpy().reshape(expected.shape)
        if path.endswith("bias") and path.split("/")[0] in LAYERS:
            # Behind it a batch norm takes the mean away again: rounding is all that is left.
            assert max(np.abs(gradient).max(), np.abs(expected).max()) < 1e-3, path
        else:
            assert distance(gradient, expected.numpy()) < 3e-4, path
    for key, average in averages.items():
        assert distance(average, plain_averages[key]) < 1e-5, key


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_norm_is_kerass_own(training):
    values = np.random.default_rng(0).normal(3, 2, (2, 5, 4)).astype(np.float32)
    norms = [
        kind(momentum=0.75, epsilon=1e-3)
        for kind in (FusedBatchNormalization, keras.layers.BatchNormalization)
    ]
    outputs = [norm(values, training=training).numpy() for norm in norms]
    np.testing.assert_allclose(outputs[0], outputs[1], atol=1e-5)
    for mine, kerass in zip(norms[0].get_weights(), norms[1].get_weights(), strict=True):
        np.testing.assert_allclose(mine, kerass, rtol=1e-5, atol=1e-6)
    assert (norms[0].get_weights()[2] != 0).all() == training


def test_frozen_batch_norm_keeps_its_averages():
    norm = FusedBatchNormalization(epsilon=1e-3)
    norm.trainable = False
    values = np.full((2, 5, 4), 7, np.float32)
    np.testing.assert_allclose(norm(values, training=True), values / np.sqrt(1 + 1e-3), rtol=1e-6)
    assert not norm.get_weights()[2].any()


def test_saved_network_is_the_same_and_gives_features(lively, waveforms, tmp_path):
    save_model(lively, tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    assert np.array_equal(loaded.predict_on_batch(waveforms), lively.predict_on_batch(waveforms))
    features = feature_model(loaded).predict_on_batch(waveforms)
    assert features.shape == (3, 1024)
    fc1, fc2 = (loaded.get_layer(name).get_weights() for name in ("fc1", "fc2"))
    logits = np.maximum(features @ fc1[0] + fc1[1], 0) @ fc2[0] + fc2[1]
    np.testing.assert_allclose(logits, loaded.predict_on_batch(waveforms), rtol=1e-4, atol=1e-4)


def test_equal_networks_give_equal_bytes(ours, tmp_path):
    save_model(ours, tmp_path / "one.keras")
    save_model(build("soundnet", 14, seed=0), tmp_path / "two.keras")
    assert (tmp_path / "one.keras").read_bytes() == (tmp_path / "two.keras").read_bytes()


def test_training_again_gives_the_same_bytes(waveforms):
    def trained():
        model = build("soundnet", 14, seed=0)
        model.compile("adam", keras.losses.CategoricalCrossentropy(from_logits=True))
        for _ in range(2):
            model.train_on_batch(waveforms, np.eye(14)[[2, 3, 5]])
        return model.get_weights()

    for one, two in zip(trained(), trained(), strict=True):
        assert np.array_equal(one, two)
