"""The training loop of every network: `fit`, validation, the best epoch, resuming."""

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from avdistill.errors import InputError
from avdistill.examples.crop_examples import EvaluationExamples, TrainingExamples, labels_of
from avdistill.examples.predicting import predict_logits
from avdistill.networks.registry import NetworkSpec, crop_logits
from avdistill.records.crops import Crop
from avdistill.records.sequences import input_errors
from avdistill.results.history import HISTORY, write_history
from avdistill.training.devices import Devices, reset_optimizer, training_double
from avdistill.training.live import Watching, live_log
from avdistill.training.losses import (
    Loss,
    crop_accuracy,
    hinton_crossentropy,
    label_crossentropy,
    target_crossentropy,
)
from avdistill.training.snapshot import Snapshot

SECONDS_BETWEEN_SNAPSHOTS = 30.0
SECONDS_BETWEEN_REPORTS = 5.0


class DivergedError(InputError):
    """Training whose loss, or what the network says of validation crops, is no finite number."""


@dataclass(frozen=True)
class Fitted:
    """How a training went; the model then has the weights of `best_epoch`.

    Attributes
    ----------
    history : one row per epoch, with the values of `HISTORY`.
    best_epoch : counted from 1.
    """

    history: list[dict[str, float]]
    best_epoch: int

    @property
    def best(self) -> dict[str, float]:
        """The best epoch's row."""
        return self.history[self.best_epoch - 1]


def compile_model(
    model: keras.Model, loss: Loss = "generalized", *, devices: Devices
) -> keras.Model:
    """Give a model its loss, its optimizer and its training step; `fit` sets the learning rate.

    Parameters
    ----------
    loss : what the targets given to `fit` are made for, see `avdistill.training.losses`.
    devices : what it is trained on.

    Returns
    -------
    What `fit` is to train: the model itself, or where devices share batches or precision is mixed
    its double, see `avdistill.training.devices`.
    """
    crossentropy = {"generalized": target_crossentropy, "hinton": hinton_crossentropy}[loss]
    if devices.shared or devices.mixed_precision:
        return training_double(model, devices, crossentropy, crop_accuracy)
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=crossentropy,
        metrics=[keras.metrics.MeanMetricWrapper(crop_accuracy, name="accuracy")],
        jit_compile=False,  # on the CPU XLA makes DualCamNet's step several times slower
    )
    model.optimizer.build(model.trainable_variables)
    return model


def fit(
    model: keras.Model,
    spec: NetworkSpec,
    *,
    double: keras.Model,
    training: TrainingExamples,
    targets_of: Callable[[list[Crop]], np.ndarray],
    validation: EvaluationExamples,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    snapshot: Snapshot,
    title: str,
    watching: Watching,
    seconds_between_snapshots: float = SECONDS_BETWEEN_SNAPSHOTS,
) -> Fitted:
    """Train with Adam from the model's weights, or from where a killed run of the same work was.

    Parameters
    ----------
    model : whose weights are trained.
    double : what `compile_model` gave for it, which may be the model itself; whatever its optimizer
        has seen before is forgotten.
    targets_of : gives targets of crops, see `avdistill.training.losses`.
    validation : judged after every epoch; the epoch with the best accuracy of its crops is kept,
        on a tie the later one.
    snapshot : where unfinished work is kept; the caller removes it when its result is safe.
    title : what progress on stderr is headed with.
    watching : where every epoch is logged as soon as it ends.

    Raises
    ------
    DivergedError : the loss or a validation logit is not finite after some epoch.
    InputError : records cannot be read.
    """
    if double is not model:
        double.set_weights(model.get_weights())
    reset_optimizer(double.optimizer)
    double.optimizer.learning_rate = learning_rate
    progress = _Progress(title, epochs)
    keeper = _Keeper(
        model,
        spec,
        validation,
        snapshot,
        progress,
        seconds_between_snapshots=seconds_between_snapshots,
    )
    keeper.resume(double)
    first_epoch = len(keeper.history)
    with live_log(watching, keeper.history) as keeper.log:
        if first_epoch < epochs:
            steps = math.ceil(len(training.draw(0)) / batch_size)
            batches = training.epochs(
                targets_of,
                batch_size=batch_size,
                first_epoch=first_epoch,
                epochs=epochs - first_epoch,
            )
            with input_errors():
                double.fit(
                    batches,
                    initial_epoch=first_epoch,
                    epochs=epochs,
                    steps_per_epoch=steps,
                    callbacks=[keeper, progress],
                    shuffle=False,  # already is
                    verbose=0,  # a progress bar would fill a log file
                )
    model.set_weights(keeper.best_weights)
    return Fitted(keeper.history, keeper.best_epoch)


class _Keeper(keras.callbacks.Callback):
    """After every epoch: validate, keep the best weights, write down how far things are."""

    def __init__(
        self,
        judged: keras.Model,
        spec: NetworkSpec,
        validation: EvaluationExamples,
        snapshot: Snapshot,
        progress: "_Progress",
        *,
        seconds_between_snapshots: float,
    ):
        super().__init__()
        self.judged = judged  # the model that is trained, or that this one is a double of
        self.spec = spec
        self.validation = validation
        self.labels = labels_of(validation.crops)
        self.snapshot = snapshot
        self.progress = progress
        self.seconds_between_snapshots = seconds_between_snapshots
        self.last_snapshot = time.monotonic()
        self.history: list[dict[str, float]] = []
        self.best_epoch = 0
        self.best_weights: list[np.ndarray] = []
        self.log: Callable[[dict[str, float]], None]  # of the epochs, given by `fit`

    def resume(self, model: keras.Model) -> None:
        """Go on from the snapshot, if there is one."""
        if (kept := self.snapshot.load()) is None:
            return
        facts, arrays = kept
        self.history, self.best_epoch = facts["history"], facts["best_epoch"]
        self.best_weights = arrays["best"]
        model.set_weights(arrays["weights"])
        for variable, value in zip(model.optimizer.variables, arrays["optimizer"], strict=True):
            variable.assign(value)
        self.progress.say(f"going on after epoch {len(self.history)}")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Validate with crop accuracy, frame-wise logits averaged over each crop's frames."""
        if not math.isfinite(logs["loss"]):
            raise self.diverged("the training loss is", epoch)
        if self.judged is not self.model:
            self.judged.set_weights(self.model.get_weights())
        logits = crop_logits(self.spec, predict_logits(self.judged, self.validation))
        if not np.isfinite(logits).all():
            raise self.diverged("validation logits are", epoch)
        row = {
            "epoch": epoch + 1,
            "loss": float(logs["loss"]),
            "accuracy": float(logs["accuracy"]),
            "validation_loss": label_crossentropy(self.labels, logits),
            "validation_accuracy": float((logits.argmax(axis=1) == self.labels).mean()),
        }
        best = self.history[self.best_epoch - 1]["validation_accuracy"] if self.history else -1
        self.history.append(row)
        if row["validation_accuracy"] >= best:
            self.best_epoch, self.best_weights = epoch + 1, self.model.get_weights()
        self.log(row)
        self.progress.epoch_done(row)
        if time.monotonic() - self.last_snapshot >= self.seconds_between_snapshots:
            optimizer = [variable.numpy() for variable in self.model.optimizer.variables]
            self.snapshot.save(
                {"history": self.history, "best_epoch": self.best_epoch},
                {
                    "weights": self.model.get_weights(),
                    "optimizer": optimizer,
                    "best": self.best_weights,
                },
            )
            write_history(self.snapshot.path.with_suffix(".csv"), self.history)
            self.last_snapshot = time.monotonic()

    def diverged(self, what: str, epoch: int) -> DivergedError:
        """Make the error that says what is not finite, and since when."""
        return DivergedError(
            f"{self.progress.title}: {what} not finite after epoch {epoch + 1}; use a smaller "
            f"learning rate than {float(self.model.optimizer.learning_rate):g}"
        )


class _Progress(keras.callbacks.Callback):
    """Lines on stderr, some seconds apart: as good in a log file as on a terminal."""

    def __init__(self, title: str, epochs: int):
        super().__init__()
        self.title = title
        self.epochs = epochs
        self.epoch = 0
        self.last_report = time.monotonic()

    def say(self, text: str) -> None:
        """Print one line."""
        print(f"{self.title}: {text}", file=sys.stderr, flush=True)
        self.last_report = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Remember which epoch it is."""
        self.epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Tell how far a long epoch is."""
        if time.monotonic() - self.last_report >= 2 * SECONDS_BETWEEN_REPORTS:
            steps = self.params["steps"]
            self.say(f"epoch {self.epoch} of {self.epochs}, step {batch + 1} of {steps}")

    def epoch_done(self, row: dict[str, float]) -> None:
        """Tell how an epoch went, unless the last line was only just printed."""
        waited = time.monotonic() - self.last_report
        if waited >= SECONDS_BETWEEN_REPORTS or row["epoch"] == self.epochs:
            values = ", ".join(
                f"{name.replace('_', ' ')} {row[name]:.4f}" for name in HISTORY if name != "epoch"
            )
            self.say(f"epoch {row['epoch']} of {self.epochs}: {values}")
