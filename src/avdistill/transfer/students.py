"""The features of trained and untrained students of one network."""

from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from avdistill.errors import InputError
from avdistill.evaluation.initial_weights import initial_weights
from avdistill.evaluation.tables import Row
from avdistill.networks.registry import NetworkSpec, build, network_spec
from avdistill.records.audio import Statistics, normalise, spectrogram
from avdistill.results.model_folder import open_model_directory, statistics_of

STUDENT_COLUMNS = ("network", "supervision", "scope", "seed", "initial_weights", "data_source")
TRAINED, UNTRAINED = "trained", "untrained"

Features = dict[str, np.ndarray]  # by kind, trained and untrained: (crops, 1024) float32


class Student(NamedTuple):
    """The parts of a student that transfer needs, from its folder.

    Attributes
    ----------
    features : model from inputs to features, (batch, 1024) float32.
    description : its `model.json`.
    statistics : statistics of its training spectrograms, with which all its inputs are normalised;
        None if it takes waveforms.
    """

    folder: Path
    spec: NetworkSpec
    features: keras.Model
    description: dict[str, Any]
    statistics: Statistics | None

    @property
    def row(self) -> Row:
        """Return the values of `STUDENT_COLUMNS`; the data source is that of its training."""
        values = self.description | {"initial_weights": initial_weights(self.description)}
        return {column: values[column] for column in STUDENT_COLUMNS}


def feature_model(model: keras.Model) -> keras.Model:
    """Return a student without the shared head.

    Returns
    -------
    A model with the output of the last convolution (HearNet's conv5): (batch, 1024) float32,
    one row per crop. It shares its weights with `model`.

    Raises
    ------
    InputError : the model is a teacher.
    """
    if network_spec(model.name).role != "student":
        raise InputError(f"{model.name} is a teacher: features are taken from students")
    return keras.Model(model.inputs, model.get_layer("fc1").input, name=f"{model.name}_features")


def open_students(folders: Sequence[Path]) -> list[Student]:
    """Open students of one network.

    Raises
    ------
    InputError : a folder is damaged, holds no student or a student of another network, two folders
        hold the same student, or a student that takes spectrograms lacks their statistics.
    """
    students: list[Student] = []
    for folder in folders:
        model, spec, description = open_model_directory(folder)
        if spec.role != "student":
            raise InputError(f"{folder}: {spec.name} is a teacher; transfer is for students")
        statistics = statistics_of(description)
        if spec.uses_statistics and statistics is None:
            raise InputError(f"{folder}: lacks the statistics of its spectrograms; train it again")
        student = Student(folder, spec, feature_model(model), description, statistics)
        for other in students:
            if other.spec != spec:
                raise InputError(
                    f"{folder}: {spec.name}, but {other.folder} is {other.spec.name}; "
                    "transfer the students of one network at a time"
                )
            if other.row == student.row:
                raise InputError(f"{folder}: the same student as {other.folder}; name each once")
        students.append(student)
    return students


def student_features(
    students: Sequence[Student], waveforms: Iterable[np.ndarray]
) -> list[Features]:
    """Return the features of the same sounds from each student, trained and untrained.

    Spectrograms are computed once, and normalised with each student's own statistics. An
    untrained student has the architecture and the seed of a trained one. Students that share seed
    and statistics, such as those of one scope, share an untrained student, which is run once. An
    untrained OurSoundNet has the initial batch-norm statistics and no weights of SoundNet.

    Parameters
    ----------
    waveforms : batches of scaled waveforms, (n, 110250) float32 within ±256.

    Returns
    -------
    Features by kind for each student; rows are in the waveforms' order.
    """
    keys = [_untrained_key(student) for student in students]
    models: dict[Hashable, tuple[keras.Model, Statistics | None]] = {
        number: (student.features, student.statistics) for number, student in enumerate(students)
    }
    for key, student in zip(keys, students, strict=True):
        if key not in models:
            classes, seed = student.description["classes"], student.description["seed"]
            untrained = build(student.spec.name, len(classes), seed)
            models[key] = (feature_model(untrained), student.statistics)
    rows: dict[Hashable, list[np.ndarray]] = {key: [] for key in models}
    for batch in waveforms:
        sounds = batch
        if students[0].spec.uses_statistics:
            sounds = np.stack([spectrogram(waveform) for waveform in batch])
        for key, (model, statistics) in models.items():
            inputs = sounds if statistics is None else normalise(sounds, statistics)
            rows[key].append(model.predict_on_batch(inputs))
    found = {key: np.concatenate(batches) for key, batches in rows.items()}
    return [{TRAINED: found[number], UNTRAINED: found[key]} for number, key in enumerate(keys)]


def _untrained_key(student: Student) -> Hashable:
    """Return what an untrained student's features depend on."""
    *bounds, noise_bins = student.statistics or (None,)
    description = student.description
    bound_bytes = b"".join(map(bytes, bounds))
    return description["seed"], len(description["classes"]), bound_bytes, noise_bins
