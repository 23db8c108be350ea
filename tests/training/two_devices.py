"""A program for test_devices.py: what two devices make of a training, and what one does, as JSON.

Logical devices of the CPU must be set before TensorFlow starts, which in pytest it has.
"""

import json
import sys
from functools import cache, partial
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from avdistill.examples.tensorflow_start import start_tensorflow
from avdistill.results.model_folder import load_model, save_model
from avdistill.training.devices import Devices, reset_optimizer

(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
start_tensorflow(seed=0, threads=1)
tests = Path(__file__).parent
sys.path[:0] = map(str, (tests, tests.parent))

import test_fitting as fitting  # noqa: E402, after its devices are settled

ONE, TWO = Devices(), Devices(("CPU:0", "CPU:1"))
MIXED, TWO_MIXED = (Devices(names, mixed_precision=True) for names in ((), TWO.names))


def train(name, devices, folder, number):
    """Train on so many examples in batches of 3; return the trainee and the history."""
    trainee = fitting.prepare(name, devices)
    held = fitting.inputs(name, number)
    return trainee, fitting.run(trainee, held, folder, batch_size=3)


def losses(name, folder):
    """Two epochs of 7 examples: batches of 3, 3 and 1, which two devices cannot halve."""
    return [
        train(name, devices, folder / case, 7)[1] for case, devices in (("one", ONE), ("two", TWO))
    ]


def batch_norms(folder):
    """One step of OurSoundNet on 3 examples: its loss, and what its batch norms remember."""

    def step(devices, case, synchronized=True):
        trainee = fitting.prepare("soundnet", devices, batch_norm_decay=0.5)
        for layer in trainee.trained.layers:
            if devices.shared and isinstance(layer, keras.layers.BatchNormalization):
                layer.synchronized = synchronized
        held = fitting.inputs("soundnet", 3)
        fitted = fitting.run(trainee, held, folder / case, epochs=1, batch_size=3)
        norms = [layer for layer in trainee.network.layers if layer.name.endswith("_norm")]
        remembered = [layer.get_weights()[2:] for layer in norms]
        return fitted[0]["loss"], np.concatenate([np.ravel(one) for one in remembered])

    loss, remembered = step(ONE, "one")
    found = {}
    for case, synchronized in (("whole batch", True), ("own share", False)):
        other_loss, other = step(TWO, case, synchronized)
        distance = np.linalg.norm(other - remembered) / np.linalg.norm(remembered)
        found[case] = {"loss": abs(other_loss / loss - 1), "statistics": float(distance)}
    return found


@cache
def hearnet_on_two_devices_in_mixed_precision():
    return fitting.prepare("hearnet", TWO_MIXED)


def overflow(folder):
    """One step of mixed precision in which the second device's gradients alone overflow."""
    network, copy, _ = fitting.restart(hearnet_on_two_devices_in_mixed_precision())
    copy.set_weights(network.get_weights())
    reset_optimizer(copy.optimizer)
    copy.optimizer.learning_rate = 1e-3
    held = fitting.inputs("hearnet", 2)
    held[1] = 60_000  # within float16, but no product of it is
    targets = fitting.training_targets(np.array([0, 1]), fitting.CLASSES)
    batches = tf.data.Dataset.from_tensors((held, targets)).repeat()
    copy.fit(batches, steps_per_epoch=1, shuffle=False, verbose=0)
    pairs = zip(network.get_weights(), copy.get_weights(), strict=True)
    return {
        "same weights": all(np.array_equal(one, other) for one, other in pairs),
        "scale": float(copy.optimizer.dynamic_scale.numpy()),
    }


def resumed(folder):
    """Mixed precision on two devices: 2 epochs at once, and after the first as another run."""
    trainee = hearnet_on_two_devices_in_mixed_precision()
    held = fitting.inputs("hearnet", 3)
    fitting.fitting.SECONDS_BETWEEN_SNAPSHOTS = 0

    def run(case, epochs):
        fitted = fitting.run(fitting.restart(trainee), held, folder / case, epochs=epochs)
        return fitted, trainee.network.get_weights()

    run("parts", 1)
    (history, weights), (again, weights_again) = run("whole", 2), run("parts", 2)
    pairs = zip(weights, weights_again, strict=True)
    return {
        "same history": again == history,
        "same weights": all(np.array_equal(one, other) for one, other in pairs),
    }


def mixed(folder):
    """Two epochs of HearNet in float16 on one device, and what is left of it."""
    _, exact = train("hearnet", ONE, folder / "exact", 3)
    (network, copy, _), history = train("hearnet", MIXED, folder / "mixed", 3)
    save_model(network, folder / "model.keras")
    loaded = load_model(folder / "model.keras")
    held = fitting.inputs("hearnet", 3)
    logits, trained_logits = loaded.predict_on_batch(held), copy(held, training=False)
    step_loss = copy.compute_loss(
        y=fitting.training_targets(np.arange(3), fitting.CLASSES), y_pred=trained_logits
    )
    return {
        "exact": exact,
        "history": history,
        "computes": {layer.name: layer.compute_dtype for layer in copy.layers if layer.weights},
        "weights": sorted({weight.dtype for weight in copy.weights}),
        "logits and loss": [trained_logits.dtype.name, step_loss.dtype.name],
        "saved": sorted({layer.dtype_policy.name for layer in loaded.layers}),
        "distance": float(np.linalg.norm(trained_logits - logits) / np.linalg.norm(logits)),
    }


if __name__ == "__main__":
    cases = {case.__name__: case for case in (batch_norms, overflow, resumed, mixed)}
    cases |= {name: partial(losses, name) for name in ("dualcamnet", "hearnet")}
    print(json.dumps({name: case(Path(sys.argv[1]) / name) for name, case in cases.items()}))
