"""The vision backbone: frozen, folded, recalibrated, and over time the same as frame by frame."""

import keras
import numpy as np
import pytest

from avdistill.networks.backbone import build_backbone
from avdistill.networks.batch_norms import fold_batch_norms, recalibrate
from avdistill.networks.registry import network_spec
from avdistill.training.devices import Devices
from avdistill.training.fitting import prepare_training
from avdistill.training.losses import training_targets


@pytest.fixture(scope="module")
def frames():
    """Frames that differ from each other: patches of many sizes and colours."""
    generator = np.random.default_rng(0)
    frames = np.zeros((4, 224, 224, 3))
    for size in (7, 14, 28, 56, 112):
        patches = generator.normal(0, 40, (4, 224 // size, 224 // size, 3))
        frames += patches.repeat(size, axis=1).repeat(size, axis=2)
    return frames.astype(np.float32)


@pytest.fixture(scope="module")
def backbone():
    return build_backbone(seed=0)


@pytest.fixture(scope="module")
def recalibrated(frames):
    backbone = build_backbone(seed=0)
    recalibrate(backbone, [frames])
    return backbone


@pytest.fixture(scope="module")
def temporal():
    return build_backbone(seed=0, temporal=True, frames=4)


def test_untrained_temporal_backbone_is_the_plain_one_on_every_frame(backbone, temporal, frames):
    plain = backbone.predict_on_batch(frames)
    together = temporal.predict_on_batch(frames[np.newaxis])
    assert together.shape == (1, 4, 2048)
    difference = np.abs(together[0] - plain).max() / np.abs(plain).max()
    print(f"largest difference {difference:.2g} of the features' scale")
    assert difference <= 1e-4


def test_temporal_backbone_joins_neighbouring_frames_once_its_kernels_do(temporal, frames):
    """Folded too: the statistics of the batch norms over time are made to matter."""
    before = temporal.predict_on_batch(frames[np.newaxis])[0]
    last = temporal.get_layer("block4_unit_2_conv_temp")
    kernel = last.kernel.numpy()
    last.kernel.assign(kernel + np.roll(kernel, 1, axis=0))  # adds the next frame
    after = temporal.predict_on_batch(frames[np.newaxis])
    changed = np.abs(after[0] - before).max(axis=1) > 1e-3 * np.abs(before).max()
    assert changed.tolist() == [True, True, True, False]
    temporal.get_layer("block4_unit_2_conv_temp_norm").moving_mean.assign(after[0, 0, :512] / 9)
    moved = temporal.predict_on_batch(frames[np.newaxis])
    assert np.abs(moved - after).max() > 1e-3 * np.abs(after).max()
    folded = fold_batch_norms(temporal).predict_on_batch(frames[np.newaxis])
    assert np.abs(folded - moved).max() <= 1e-5 * np.abs(moved).max()


def test_weights_come_from_the_seed_and_have_slims_variance(backbone):
    again, other = build_backbone(seed=0), build_backbone(seed=1)
    assert all(map(np.array_equal, backbone.get_weights(), again.get_weights()))
    kernel = backbone.get_layer("block3_unit_1_conv2").kernel.numpy()
    assert not np.array_equal(kernel, other.get_layer("block3_unit_1_conv2").kernel.numpy())
    deviation = np.sqrt(2 / (3 * 3 * 256))
    assert kernel.std() == pytest.approx(deviation, rel=0.01)
    assert np.abs(kernel).max() <= 2 * deviation * np.sqrt(1.3)


def test_backbone_is_frozen_and_stays_so_when_saved(backbone):
    assert backbone.trainable_weights == []
    assert keras.Model.from_config(backbone.get_config()).trainable_weights == []


@pytest.mark.parametrize("name", ["resnet50", "temporal_resnet50"])
def test_backbone_stays_frozen_while_the_rest_is_trained(frames, name):
    """Weights and batch-norm statistics both, in a network that is trained from pixels on."""
    spec = network_spec(name)
    network = spec.module.build_whole(3, seed=0)
    inputs = frames[:2] if name == "resnet50" else np.stack([frames[[0, 1, 2, 3, 0]]])
    assert prepare_training(network, spec, Devices()).trained is network
    network.optimizer.learning_rate = 0.1
    before = {variable.path: variable.numpy() for variable in network.variables}
    network.train_on_batch(inputs, training_targets(np.arange(len(inputs)), 3))
    changed = {
        variable.path
        for variable in network.variables
        if not np.array_equal(before[variable.path], variable)
    }
    assert changed == {"logits/kernel", "logits/bias"}
    assert sum("moving_mean" in path for path in before) >= 53


def test_folded_backbone_gives_the_same_features(recalibrated, frames):
    expected = recalibrated.predict_on_batch(frames)
    folded = fold_batch_norms(recalibrated)
    assert not any(isinstance(x, keras.layers.BatchNormalization) for x in folded.layers)
    difference = np.abs(folded.predict_on_batch(frames) - expected).max() / np.abs(expected).max()
    print(f"largest difference {difference:.2g} of the features' scale")
    # Random weights with few frames' statistics amplify rounding: in float32 either is 3e-5 from
    # the same network in float64.
    assert difference <= 2e-4


def test_recalibration_on_one_batch_normalises_every_layer_by_it(recalibrated, frames):
    outputs = [recalibrated.get_layer(f"block{i}_unit_2_conv3_norm").output for i in range(1, 5)]
    for values in keras.Model(recalibrated.inputs, outputs).predict_on_batch(frames):
        np.testing.assert_allclose(values.mean(axis=(0, 1, 2)), 0, atol=1e-3)
        np.testing.assert_allclose(values.var(axis=(0, 1, 2)), 1, atol=1e-2)


def test_recalibrated_statistics_are_those_of_all_batches():
    data = np.random.default_rng(0).normal(5, 3, (10, 4)).astype(np.float32)
    data[7:] += 20
    norm = keras.layers.BatchNormalization(momentum=0.997, trainable=False)
    model = keras.Sequential([keras.Input((4,)), norm])
    recalibrate(model, [data[:7], data[7:]])
    np.testing.assert_allclose(norm.moving_mean.numpy(), data.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(norm.moving_variance.numpy(), data.var(axis=0), rtol=1e-4)


def test_recalibration_changes_statistics_only_and_freezes_again(backbone, recalibrated):
    for old, new in zip(backbone.variables, recalibrated.variables, strict=True):
        assert np.array_equal(old.numpy(), new.numpy()) != ("moving" in new.path), new.path
    assert recalibrated.trainable_weights == []
    assert {
        layer.momentum
        for layer in recalibrated.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    } == {0.997}


def test_recalibration_without_data_is_refused_and_changes_nothing(backbone):
    before = backbone.get_weights()
    with pytest.raises(ValueError, match="no batch"):
        recalibrate(backbone, iter(()))
    assert all(map(np.array_equal, before, backbone.get_weights()))
    assert backbone.trainable_weights == []
