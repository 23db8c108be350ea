"""Golden: ten steps of training follow the losses that the released code's own trainer recorded."""

import importlib.util
import json
import sys

import keras
import numpy as np
import pytest

from avdistill.networks.published_checkpoints import import_checkpoint
from avdistill.networks.registry import network_spec
from avdistill.training import devices, fitting
from avdistill.training.adam import FusedAdam
from avdistill.training.devices import Devices
from avdistill.training.losses import training_targets

FIRST_STEPS, CLOSE, ALL_STEPS_CLOSE = 4, 3e-4, 5e-3  # differences, as shares of the largest loss
CASES = ("hearnet", "dualcamnet", "distil_T2_l0.5", "distil_T5_l1", "distil_T10_l0.25")


@pytest.fixture(scope="module")
def released(shared):
    """Return the module that rebuilds the recorded trainings; it imports its neighbour `case`."""
    folder = shared / "published_code"
    spec = importlib.util.spec_from_file_location("training_case", folder / "training_case.py")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(folder))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("case", None)
    return module


@pytest.fixture(scope="module")
def recorded(shared):
    return json.loads((shared / "published_code/training.json").read_text())["cases"]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Return a function that builds the network of a published name with given variables."""
    path = tmp_path_factory.mktemp("variables") / "variables.npz"

    def build(name, variables):
        np.savez(path, **variables)
        return import_checkpoint(name, path)

    yield build
    path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def teacher_logits(released, network):
    """Return the teacher's logits for every step's examples, averaged over all 60 frames."""
    teacher = network("DualCamHybridNet", released.case("DualCamHybridNet")[0])
    return [
        teacher.predict_on_batch(images.reshape(-1, 12, 36, 48, 12)).reshape(4, 60, 14).mean(axis=1)
        for images in released.distillation()
    ]


@pytest.fixture(scope="module")
def losses(released, recorded, network, teacher_logits):
    """Return a function that trains one of the cases, as `fit` does.

    It returns the loss before each step, and what of it is the decay of weights, (10,) each.
    """

    def train(name):
        case = recorded[name]
        variables, batches = released.training_case(case["model"])
        model = network(case["model"], variables)
        trained = fitting.prepare_training(model, network_spec(model.name), Devices()).trained
        trained.optimizer.learning_rate = case["learning_rate"]
        found, decays = [], []
        for (inputs, labels), soft in zip(batches, teacher_logits, strict=True):
            mixture = {}
            if "temperature" in case:
                mixture = {name: case[name] for name in ("temperature", "imitation")}
                mixture["teacher_logits"] = soft
            decays.append(float(sum(trained.losses)))
            trained.reset_metrics()
            targets = training_targets(labels, 14, **mixture)
            examples = inputs.reshape(-1, *model.input_shape[1:])
            found.append(trained.train_on_batch(examples, targets, return_dict=True)["loss"])
        return np.array(found), np.array(decays)

    return train


def differences(found, case):
    """Return how far each step's loss is from the recorded one, relative to the largest."""
    return np.abs(found - case["loss"]) / max(case["loss"])


def test_all_recorded_cases_are_tested(recorded):
    assert set(CASES) == set(recorded)


@pytest.mark.parametrize("name", CASES)
def test_losses_follow_the_released_trainers(losses, recorded, name):
    away = differences(losses(name)[0], recorded[name])
    print(f"{name}: first four steps {away[:4].max():.1e}, all ten {away.max():.1e}")
    assert away[:FIRST_STEPS].max() <= CLOSE
    assert away.max() <= ALL_STEPS_CLOSE


def test_with_kerass_epsilon_they_do_not(losses, recorded, monkeypatch):
    monkeypatch.setattr(devices, "FusedAdam", keras.optimizers.Adam)
    away = differences(losses("dualcamnet")[0], recorded["dualcamnet"])
    assert away[:FIRST_STEPS].max() > 10 * CLOSE


def test_weights_decay_as_the_released_trainers(losses, recorded):
    case = recorded["hearnet"]
    expected = np.subtract(case["loss"], case["cross_entropy"])
    assert expected.min() > 1
    np.testing.assert_allclose(losses("hearnet")[1], expected, atol=CLOSE * max(case["loss"]))


def test_one_operation_updates_as_kerass_own_adam_does():
    generator = np.random.default_rng(0)
    start = generator.normal(size=(7, 3)).astype(np.float32)
    optimizers = FusedAdam(), keras.optimizers.Adam(epsilon=1e-8)
    variables = [keras.Variable(start) for _ in optimizers]
    for _ in range(5):
        gradient = generator.normal(0, 1e-4, start.shape).astype(np.float32)
        for optimizer, variable in zip(optimizers, variables, strict=True):
            optimizer.apply([gradient], [variable])
    one, other = (variable.numpy() for variable in variables)
    assert np.abs(one - start).max() > 1e-3
    np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)
    kept, kerass = ([one.numpy() for one in optimizer.variables] for optimizer in optimizers)
    for value, expected in zip(kept, kerass, strict=True):  # so that snapshots are Keras's too
        np.testing.assert_allclose(value, expected, rtol=1e-4)
