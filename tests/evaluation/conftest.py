"""Results of trained networks as training leaves them, without any training."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.networks.registry import network_spec
from avdistill.results.accuracy import measure_accuracy
from avdistill.results.grid import write_cells
from avdistill.results.predictions import write_predictions

_TRAINED = {"validation_accuracy": 0.5, "validation_loss": 1.5, "best_epoch": 2, "epochs": 3}


@pytest.fixture(scope="session")
def make_predictions() -> Callable[..., pd.DataFrame]:
    """Make predictions of six sequences of 10 s and three classes, of which all are class 0."""

    def make(seed: int, length: int, frames: int = 0) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        crops = [(sequence, start) for sequence in range(6) for start in range(0, 10, length)]
        logits = random.normal(size=(len(crops), 3)).astype(np.float32)
        columns = {
            "sequence": [f"Location_01/Subject_0{s + 1}/Action_001" for s, _ in crops],
            "start": [start for _, start in crops],
            "actual": 0,
            "predicted": logits.argmax(axis=1),
            **{f"logit_{label}": logits[:, label] for label in range(3)},
        }
        if frames:
            right = random.integers(0, frames + 1, len(crops))
            columns |= {"frames_correct": right, "frames": frames}
        return pd.DataFrame(columns)

    return make


@pytest.fixture
def make_network(tmp_path: Path, make_predictions: Callable) -> Callable[..., Path]:
    """Write the folder of a network that was trained on three classes; return its metrics.json."""

    def make(  # noqa: PLR0917
        network: str,
        supervision: str = "ground_truth",
        scope: str = "scenario1",
        seed: int = 0,
        initial_weights: str = "random",
        teacher_initial_weights: str = "random",
        predictions: pd.DataFrame | None = None,
        cells: list[dict] | None = None,
        **chosen: float | str,
    ) -> Path:
        spec = network_spec(network)
        if predictions is None:
            frames = 12 if spec.frame_wise else 0
            predictions = make_predictions(seed, spec.length_seconds, frames)
        folder = tmp_path / "networks" / scope / network / supervision / f"seed{seed}"
        folder.mkdir(parents=True)
        write_predictions(folder / "predictions.parquet", predictions)
        metrics = {
            "network": network,
            "supervision": supervision,
            "scope": scope,
            "seed": seed,
            "initial_weights": initial_weights,
            "teacher_initial_weights": None
            if supervision == "ground_truth"
            else teacher_initial_weights,
            "data_source": "simulated",
            "test": measure_accuracy(predictions),
            "validation": {"accuracy": 0.5 + seed / 10, "loss": 1.5},
            "epochs": 3,
            "best_epoch": 2,
            "training_loss_first": 2.5,
            "training_loss_last": 0.5,
            "learning_rate": 1e-3,
            **chosen,
        }
        (folder / "metrics.json").write_text(json.dumps(metrics))
        if spec.role == "student":
            rows = [
                {"cell": n, "learning_rate": 1e-3, **cell, **_TRAINED}
                for n, cell in enumerate(cells or [{}])
            ]
            write_cells(folder / "grid.csv", rows)
        return folder / "metrics.json"

    return make


@pytest.fixture
def three_classes(tmp_path: Path) -> Path:
    """Write the description of a data set of three classes."""
    path = tmp_path / "dataset.json"
    DatasetDescription("simulated", ("hum", "buzz", "hiss"), ("room",), 3, 5).write(path)
    return path


@pytest.fixture
def read_table() -> Callable[[Path], list[dict[str, str]]]:
    """Read a CSV as anybody would."""

    def read(path: Path) -> list[dict[str, str]]:
        with path.open(newline="", encoding="utf-8") as handle:
            return list(csv.DictReader(handle))

    return read
