"""The training loop of every network: `fit`, validation, the best epoch, resuming."""

import math
import time
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np

from avdistill.errors import InputError
from avdistill.examples.predicting import predict_logits
from avdistill.examples.scope_data import (
    EvaluationExamples,
    ScopeData,
    TrainingExamples,
    labels_of,
)
from avdistill.networks.registry import NetworkSpec, crop_logits
from avdistill.records.crops import Crop
from avdistill.records.sequences import input_errors
from avdistill.results.history import best_epoch, write_history
from avdistill.training.devices import Devices, compile_on, reset_optimizer
from avdistill.training.job import Job
from avdistill.training.losses import (
    Loss,
    crop_accuracy,
    hinton_crossentropy,
    label_crossentropy,
    target_crossentropy,
)
from avdistill.training.progress import ProgressLines
from avdistill.training.progress_logs import open_logs

SECONDS_BETWEEN_SNAPSHOTS = 30.0


class DivergedError(InputError):
    """Training whose loss, or what the network says of validation crops, is no finite number."""


class Examples(NamedTuple):
    """What a network is trained on, and what it is judged by after every epoch."""

    training: TrainingExamples
    validation: EvaluationExamples

    @classmethod
    def of(cls, data: ScopeData, job: Job) -> "Examples":
        """Take both from the data of a scope."""
        training = data.training_examples(job.fitting.crops)
        return cls(training, data.evaluation_examples("validation"))


class Trainee(NamedTuple):
    """A network, and the compiled model that is trained in its place.

    Attributes
    ----------
    network : has the weights, and is what is saved and predicted with.
    trained : the network itself; or a copy of it, where devices share batches, precision is mixed
        or it has batch norms along time, see `avdistill.training.devices`.
    spec : of the network.
    """

    network: keras.Model
    trained: keras.Model
    spec: NetworkSpec


def prepare_training(
    network: keras.Model, spec: NetworkSpec, devices: Devices, loss: Loss = "generalized"
) -> Trainee:
    """Give a network its loss, its optimizer and its training step; `fit` sets the learning rate.

    Parameters
    ----------
    loss : what the targets given to `fit` are made for, see `avdistill.training.losses`.
    """
    crossentropy = {"generalized": target_crossentropy, "hinton": hinton_crossentropy}[loss]
    return Trainee(network, compile_on(network, devices, crossentropy, crop_accuracy), spec)


def fit(
    trainee: Trainee,
    examples: Examples,
    targets_of: Callable[[list[Crop]], np.ndarray],
    learning_rate: float,
    job: Job,
) -> list[dict[str, float]]:
    """Train with Adam from the network's weights, or from where a killed job of the same kind was.

    After every epoch the network judges the validation crops; the epoch with the best accuracy is
    kept, on a tie the later one: the network then has its weights. The caller removes the snapshot
    when its result is safe.

    Parameters
    ----------
    trainee : from `prepare_training`; its optimizer is reset.
    targets_of : gives targets of crops, see `avdistill.training.losses`.

    Returns
    -------
    One row per epoch, see `avdistill.results.history`.

    Raises
    ------
    DivergedError : the loss or a validation logit is not finite after some epoch.
    InputError : records cannot be read.
    """
    network, trained, _ = trainee
    if trained is not network:
        trained.set_weights(network.get_weights())
    reset_optimizer(trained.optimizer)
    trained.optimizer.learning_rate = learning_rate
    progress = ProgressLines(job.title, job.fitting.epochs)
    epochs = _Epochs(trainee, examples.validation, job, progress)
    epochs.resume()
    first_epoch, batch_size = len(epochs.history), job.fitting.batch_size
    with open_logs(job.logs, epochs.history) as epochs.log:
        if first_epoch < job.fitting.epochs:
            batches = examples.training.epochs(
                targets_of,
                batch_size=batch_size,
                first_epoch=first_epoch,
                epochs=job.fitting.epochs - first_epoch,
            )
            with input_errors():
                trained.fit(
                    batches,
                    initial_epoch=first_epoch,
                    epochs=job.fitting.epochs,
                    steps_per_epoch=math.ceil(len(examples.training.draw(0)) / batch_size),
                    callbacks=[epochs, progress],
                    shuffle=False,  # already is
                    verbose=0,  # a progress bar would fill a log file
                )
    network.set_weights(epochs.best_weights)
    return epochs.history


class _Epochs(keras.callbacks.Callback):
    """After every epoch: validate, keep the best weights, save a snapshot now and then."""

    def __init__(
        self,
        trainee: Trainee,
        validation: EvaluationExamples,
        job: Job,
        progress: ProgressLines,
    ):
        super().__init__()
        self.network, self.trained, self.spec = trainee
        self.validation = validation
        self.labels = labels_of(validation.crops)
        self.snapshot = job.snapshot()
        self.progress = progress
        self.last_snapshot = time.monotonic()
        self.history: list[dict[str, float]] = []
        self.best_weights: list[np.ndarray] = []
        self.log: Callable[[dict[str, float]], None]  # of the epochs, given by `fit`

    def resume(self) -> None:
        """Go on from the snapshot, if there is one."""
        if (kept := self.snapshot.load()) is None:
            return
        self.history, arrays = kept
        self.best_weights = arrays["best"]
        self.trained.set_weights(arrays["weights"])
        optimizer = self.trained.optimizer.variables
        for variable, value in zip(optimizer, arrays["optimizer"], strict=True):
            variable.assign(value)
        self.progress.say(f"going on after epoch {len(self.history)}")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Validate with crop accuracy, frame-wise logits averaged over each crop's frames."""
        if not math.isfinite(logs["loss"]):
            raise self.diverged("the training loss is", epoch)
        if self.trained is not self.network:
            self.network.set_weights(self.trained.get_weights())
        logits = crop_logits(self.spec, predict_logits(self.network, self.validation))
        if not np.isfinite(logits).all():
            raise self.diverged("validation logits are", epoch)
        row = {
            "epoch": epoch + 1,
            "loss": float(logs["loss"]),
            "accuracy": float(logs["accuracy"]),
            "validation_loss": label_crossentropy(self.labels, logits),
            "validation_accuracy": float((logits.argmax(axis=1) == self.labels).mean()),
        }
        self.history.append(row)
        if best_epoch(self.history) == row["epoch"]:
            self.best_weights = self.trained.get_weights()
        self.log(row)
        self.progress.epoch_done(row)
        if time.monotonic() - self.last_snapshot >= SECONDS_BETWEEN_SNAPSHOTS:
            self.save_snapshot()

    def save_snapshot(self) -> None:
        """Write down how far training is."""
        weights = {"weights": self.trained.get_weights(), "best": self.best_weights}
        weights["optimizer"] = [variable.numpy() for variable in self.trained.optimizer.variables]
        self.snapshot.save(self.history, weights)
        write_history(self.snapshot.path.with_suffix(".csv"), self.history)
        self.last_snapshot = time.monotonic()

    def diverged(self, what: str, epoch: int) -> DivergedError:
        """Make the error that says what is not finite, and since when."""
        return DivergedError(
            f"{self.progress.title}: {what} not finite after epoch {epoch + 1}; use a smaller "
            f"learning rate than {float(self.trained.optimizer.learning_rate):g}"
        )
