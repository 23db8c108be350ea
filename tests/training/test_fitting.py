"""The training loop: it learns, keeps the best epoch, goes on after a kill."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf
from tiny_jobs import make_job

from avdistill.examples.scope_data import EvaluationExamples, TrainingExamples, labels_of
from avdistill.networks.registry import NETWORKS, build, network_spec
from avdistill.records.crops import Crop
from avdistill.results.history import best_epoch
from avdistill.training import fitting
from avdistill.training.devices import Devices
from avdistill.training.fitting import DivergedError, Examples, fit, prepare_training
from avdistill.training.losses import target_crossentropy, training_targets
from avdistill.training.snapshot import resume_folder

CLASSES = 14
ONE_DEVICE = Devices()


def crops(number):
    """Crops of `number` sequences, whose labels go round the classes."""
    return [
        Crop(f"Location_01/Subject_{i + 1:02d}/Action_{i % CLASSES + 1:03d}", 0)
        for i in range(number)
    ]


def inputs(name, number, seed=0):
    """Examples that differ in what they look like, not in noise alone."""
    generator = np.random.default_rng(seed)
    if name == "hearnet":
        bins = generator.random((number, 1, 257)) ** 3
        return (bins * (0.5 + generator.random((number, 500, 1)))).astype(np.float32)
    if name == "soundnet":
        turns = generator.uniform(100, 3000, (number, 1)) * np.arange(110_250) / 22_050
        noise = generator.normal(0, 0.1, turns.shape)
        return (200 * (np.sin(2 * np.pi * turns) + noise)).astype(np.float32)
    if network_spec(name).modality == "vision":
        return generator.random((number, 6, 2048), dtype=np.float32)
    if name == "avnet":
        vision = generator.random((number, 12, 2048), dtype=np.float32)
        return inputs("dualcamnet", number, seed), vision
    coarse = generator.normal(0, 1, (number, 1, 6, 6, 12)).repeat(6, axis=2).repeat(8, axis=3)
    return coarse.repeat(12, axis=1).astype(np.float32)


def prepare(name, devices=ONE_DEVICE, **options):
    """Build a network, ready to be trained."""
    network = build(name, CLASSES, seed=0, **options)
    return prepare_training(network, network_spec(name), devices)


def run(trainee, held, output, *, targets_of=None, learning_rate=1e-3, **options):
    """Fit to as many random examples as are held, validated on the same."""
    chosen = crops(len(held[0] if isinstance(held, tuple) else held))
    examples = Examples(
        TrainingExamples(None, lambda epoch: chosen, held), EvaluationExamples(None, chosen, held)
    )
    targets_of = targets_of or (lambda some: training_targets(labels_of(some), CLASSES))
    job = make_job(output, identity=trainee.network.name, **options)
    return fit(trainee, examples, targets_of, learning_rate, job)


@pytest.fixture(scope="module")
def hearnet():
    return prepare("hearnet")


def restart(trainee, seed=0):
    network = trainee.network
    network.set_weights(build(network.name, CLASSES, seed).get_weights())
    return trainee


@pytest.mark.parametrize(
    ("name", "epochs", "rate"), [("dualcamnet", 10, 1e-3), ("hearnet", 20, 3e-4)]
)
def test_network_memorises_28_examples(name, epochs, rate, tmp_path):
    trainee, held = prepare(name), inputs(name, 28)
    fitted = run(trainee, held, tmp_path / "out", learning_rate=rate, epochs=epochs, batch_size=14)
    print([round(row["loss"], 3) for row in fitted])
    assert max(row["validation_accuracy"] for row in fitted) == 1
    assert fitted[-1]["loss"] < fitted[0]["loss"] / 2


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_reach_every_variable(name):
    model = build(name, CLASSES, seed=0)
    targets = training_targets(np.arange(4), CLASSES)
    with tf.GradientTape() as tape:
        losses = target_crossentropy(targets, model(inputs(name, 4), training=True))
    gradients = tape.gradient(losses, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        assert gradient is not None, variable.path
        assert np.isfinite(gradient).all()
        assert np.any(gradient), variable.path


def targets_imitating(imitation):
    teacher = np.random.default_rng(3).normal(0, 4, (6, CLASSES))
    soft = {"teacher_logits": teacher, "temperature": 2.0, "imitation": imitation}
    return lambda some: training_targets(labels_of(some), CLASSES, **soft)


def test_distilling_without_imitation_is_training_on_ground_truth(hearnet, tmp_path):
    held = inputs("hearnet", 6)
    plain = run(restart(hearnet), held, tmp_path / "out")
    weights = [weight.tobytes() for weight in hearnet.network.get_weights()]
    targets_of = targets_imitating(0.0)
    distilled = run(restart(hearnet), held, tmp_path / "out", targets_of=targets_of)
    assert distilled == plain
    assert [weight.tobytes() for weight in hearnet.network.get_weights()] == weights


def test_soft_labels_change_the_training(hearnet, tmp_path):
    held, targets_of = inputs("hearnet", 6), targets_imitating(0.5)
    plain = run(restart(hearnet), held, tmp_path / "out")
    assert run(restart(hearnet), held, tmp_path / "out", targets_of=targets_of) != plain


def test_last_of_the_best_epochs_is_kept(hearnet, tmp_path, monkeypatch):
    # Crops right after each epoch: 1, 2, 1, 2, 0 of two.
    right = iter([1, 2, 1, 2, 0])
    weights = []

    def judged(model, examples):
        weights.append(model.get_weights()[0].copy())
        predicted = np.arange(2) + (np.arange(2) >= next(right))
        return np.eye(CLASSES, dtype=np.float32)[predicted]

    monkeypatch.setattr(fitting, "predict_logits", judged)
    fitted = run(restart(hearnet), inputs("hearnet", 2), tmp_path / "out", epochs=5)
    assert best_epoch(fitted) == 4
    assert [row["validation_accuracy"] for row in fitted] == [0.5, 1, 0.5, 1, 0]
    assert np.array_equal(hearnet.network.get_weights()[0], weights[3])


def test_a_diverging_loss_is_reported_with_the_learning_rate(hearnet, tmp_path):
    held = inputs("hearnet", 4)
    with pytest.raises(DivergedError, match=r"not finite after epoch .*learning rate than 1e\+20"):
        run(restart(hearnet), held, tmp_path / "out", learning_rate=1e20, epochs=9)


def test_validation_that_is_not_finite_is_reported_although_the_loss_is(
    hearnet, tmp_path, monkeypatch
):
    logits = np.zeros((4, CLASSES), np.float32)
    logits[1, 2] = -np.inf  # of which no loss need be infinite
    monkeypatch.setattr(fitting, "predict_logits", lambda model, examples: logits)
    with pytest.raises(DivergedError, match="validation logits are not finite after epoch 1"):
        run(restart(hearnet), inputs("hearnet", 4), tmp_path / "out")


RESUMABLE = """
import sys
from pathlib import Path
from avdistill.examples.tensorflow_start import start_tensorflow
start_tensorflow(seed=0, threads=2)
tests = Path({file!r}).parent
sys.path[:0] = map(str, (tests, tests.parent))
import test_fitting as t
from avdistill.results.model_folder import save_model
from avdistill.results.history import write_history
from avdistill.training.progress_logs import ProgressLogs
t.fitting.SECONDS_BETWEEN_SNAPSHOTS = 0
name, *folders = sys.argv[1:]
held = t.inputs(name, 8)
for folder in map(Path, folders):
    trainee = t.prepare(name)
    fitted = t.run(trainee, held, folder, epochs=6, logs=ProgressLogs(folder / "live"))
    save_model(trainee.network, folder / "model.keras")
    write_history(folder / "history.csv", fitted)
"""


# OurSoundNet has more to go on from than the others: batch-norm statistics.
@pytest.mark.parametrize("name", ["soundnet", "resnet50"])
def test_killed_training_ends_with_the_same_bytes_as_an_undisturbed_one(tmp_path, name):
    program = [sys.executable, "-c", RESUMABLE.format(file=__file__), name]
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    first = subprocess.Popen([*program, killed], stderr=subprocess.PIPE, text=True)
    curve = resume_folder(killed) / "state.csv"
    deadline = time.monotonic() + 120
    while not (curve.exists() and len(curve.read_text().splitlines()) > 2):
        assert first.poll() is None, first.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert first.returncode == -signal.SIGKILL
    assert not (killed / "model.keras").exists()
    second = subprocess.run(
        [*program, killed, undisturbed], capture_output=True, text=True, check=True
    )
    assert "going on after epoch" in second.stderr
    loss = "live/plots/metrics/loss.tsv"
    for file in ("model.keras", "history.csv", loss):
        assert (killed / file).read_bytes() == (undisturbed / file).read_bytes(), file
    assert len((killed / loss).read_text().splitlines()) == 1 + 6
