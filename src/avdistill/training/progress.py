"""Lines of progress on stderr, some seconds apart: as good in a log file as on a terminal."""

import sys
import time

import keras

from avdistill.results.history import HISTORY

SECONDS_BETWEEN_LINES = 5.0


class ProgressLines(keras.callbacks.Callback):
    """Prints how far a training is."""

    def __init__(self, title: str, epochs: int):
        super().__init__()
        self.title = title
        self.epochs = epochs
        self.last_line = time.monotonic()

    def say(self, text: str) -> None:
        """Print one line."""
        print(f"{self.title}: {text}", file=sys.stderr, flush=True)
        self.last_line = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Remember which epoch it is."""
        self.epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Say how far a long epoch is."""
        if time.monotonic() - self.last_line >= 2 * SECONDS_BETWEEN_LINES:
            steps = self.params["steps"]
            self.say(f"epoch {self.epoch} of {self.epochs}, step {batch + 1} of {steps}")

    def epoch_done(self, row: dict[str, float]) -> None:
        """Say how an epoch went, unless the last line was only just printed."""
        waited = time.monotonic() - self.last_line
        if waited >= SECONDS_BETWEEN_LINES or row["epoch"] == self.epochs:
            values = ", ".join(
                f"{name.replace('_', ' ')} {row[name]:.4f}" for name in HISTORY if name != "epoch"
            )
            self.say(f"epoch {row['epoch']} of {self.epochs}: {values}")
