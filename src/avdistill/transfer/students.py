"""A trained student and an untrained one of the same architecture, both as givers of features."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from avdistill.errors import InputError
from avdistill.evaluation.nearest_neighbours import (
    Labelled,
    NearestNeighbours,
    nearest_neighbours,
)
from avdistill.evaluation.tables import Row
from avdistill.networks.features import feature_model
from avdistill.networks.model_directory import card_statistics, open_model_directory
from avdistill.networks.registry import NetworkSpec, build

BATCH_SIZE = 32  # changes no result beyond rounding
KINDS = {"trained": "", "untrained": "untrained_"}  # and what their columns begin with
IDENTITY = ("network", "supervision", "scope", "seed", "data_source")
CLASSIFIED = ("k", "validation_accuracy", "accuracy")

Features = dict[str, np.ndarray]  # by kind, (crops, 1024) float32


class Student(NamedTuple):
    """What transfer needs of a student's folder.

    Attributes
    ----------
    models : by kind, `trained` and `untrained`: from inputs to features, (batch, 1024) float32.
    statistics : (minimum, maximum) of the spectrograms that it was trained on.
    card : its `model.json`.
    """

    spec: NetworkSpec
    models: dict[str, keras.Model]
    statistics: tuple[np.ndarray, np.ndarray]
    card: dict[str, Any]

    @property
    def identity(self) -> Row:
        """`IDENTITY` columns of its results; the source is that of what it was trained on."""
        return {column: self.card[column] for column in IDENTITY}


def open_student(folder: Path, seed: int) -> Student:
    """Open a student, and build an untrained one of the same architecture from `seed`.

    Raises
    ------
    InputError : the folder is damaged, or holds no student that hears spectrograms.
    """
    model, spec, card = open_model_directory(folder)
    statistics = card_statistics(card)
    if spec.modality != "spectrogram" or statistics is None:
        raise InputError(
            f"{folder}: {spec.name} takes {spec.modality} input; transfer is for students that "
            "hear spectrograms"
        )
    untrained = build(spec.name, len(card["classes"]), seed)
    models = {
        kind: feature_model(network)
        for kind, network in zip(KINDS, (model, untrained), strict=True)
    }
    return Student(spec, models, statistics, card)


def student_features(student: Student, batches: Iterable[np.ndarray]) -> Features:
    """Give both kinds' features of inputs that are made only once."""
    rows: dict[str, list[np.ndarray]] = {kind: [] for kind in KINDS}
    for inputs in batches:
        for kind, model in student.models.items():
            rows[kind].append(model.predict_on_batch(inputs))
    return {kind: np.concatenate(rows[kind]) for kind in KINDS}


def classify(
    features: Features,
    labels: np.ndarray,
    parts: Sequence[np.ndarray],
    neighbours: Sequence[int],
) -> dict[str, NearestNeighbours]:
    """Classify one part of the crops by another, in each kind's features.

    Parameters
    ----------
    labels : (crops,) int.
    parts : indices or masks of the training, validation and test crops.

    Returns
    -------
    See `nearest_neighbours`, by kind.
    """
    return {
        kind: nearest_neighbours(
            *(Labelled(features[kind][part], labels[part]) for part in parts), neighbours
        )
        for kind in KINDS
    }


def classified_columns(found: NearestNeighbours, kind: str) -> Row:
    """`CLASSIFIED` columns, of an untrained student each with `untrained_` before its name."""
    values = (found.k, found.validation[found.k], found.accuracy)
    return {KINDS[kind] + name: value for name, value in zip(CLASSIFIED, values, strict=True)}
