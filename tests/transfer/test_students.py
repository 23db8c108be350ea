"""What is computed once for students heard together."""

from pathlib import Path

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.networks.registry import network_spec
from avdistill.records.audio import Statistics, normalise, spectrogram
from avdistill.results.model_folder import read_model_description
from avdistill.transfer import students
from avdistill.transfer.students import Student, open_students, student_features

NOISE = np.random.default_rng(0).normal(0, 50, (3, 110_250)).astype(np.float32)
ZEROS, ONES = np.zeros(257, np.float32), np.ones(257, np.float32)
BOUNDS = {top: Statistics(ZEROS, top * ONES) for top in (1000, 2000)}


class Model:
    """Gives each input's sum, and counts what it is asked."""

    def __init__(self, factor):
        self.factor, self.asked = factor, 0

    def predict_on_batch(self, inputs):
        self.asked += len(inputs)
        return self.factor * inputs.sum(axis=tuple(range(1, inputs.ndim)))[:, None]


@pytest.fixture
def built(monkeypatch):
    """Take the place of untrained networks; list those that are built."""
    models = {}

    def build(name, num_classes, seed):
        return models.setdefault((seed, len(models)), Model(10 + seed))

    monkeypatch.setattr(students, "build", build)
    monkeypatch.setattr(students, "feature_model", lambda model: model)
    return models


def student(network, factor, seed, statistics):
    description = {"seed": seed, "classes": ["a", "b"]}
    return Student(Path(str(factor)), network_spec(network), Model(factor), description, statistics)


def batches():
    return iter([NOISE[:2], NOISE[2:]])


def test_a_result_says_what_the_student_and_its_teacher_began_with():
    hearing = student("hearnet", 1, 0, None)
    hearing.description.update(
        network="hearnet", supervision="resnet50", scope="all", data_source="x"
    )
    hearing.description.update(initial_weights="random", teacher_initial_weights="random backbone")
    assert hearing.row["initial_weights"] == "random; teacher: random backbone"


def test_waveforms_are_heard_as_they_are_and_one_untrained_network_serves_a_seed(built):
    heard = [student("soundnet", factor, seed, None) for factor, seed in ((1, 0), (2, 0), (3, 5))]
    found = student_features(heard, batches())
    sums = NOISE.sum(axis=1)[:, None]
    for features, factor, untrained in zip(found, (1, 2, 3), (10, 10, 15), strict=True):
        np.testing.assert_allclose(features["trained"], factor * sums, rtol=1e-5)
        np.testing.assert_allclose(features["untrained"], untrained * sums, rtol=1e-5)
    assert [(seed, model.asked) for (seed, _), model in built.items()] == [(0, 3), (5, 3)]


def test_each_student_takes_its_own_statistics_along(built):
    heard = [student("hearnet", 1, 0, BOUNDS[top]) for top in (1000, 2000, 1000)]
    found = student_features(heard, batches())
    for features, top in zip(found, (1000, 2000, 1000), strict=True):
        expected = [normalise(spectrogram(wave), BOUNDS[top]).sum() for wave in NOISE]
        np.testing.assert_allclose(features["trained"][:, 0], expected, rtol=1e-4)
        np.testing.assert_allclose(features["untrained"], 10 * features["trained"], rtol=1e-5)
    assert [model.asked for model in built.values()] == [3, 3]  # one for each statistics


def test_spectrograms_without_bounds_are_refused(world, monkeypatch):
    description = read_model_description(world / "hearnet" / "all") | {"statistics": None}
    monkeypatch.setattr(
        students, "open_model_directory", lambda _: (None, network_spec("hearnet"), description)
    )
    with pytest.raises(InputError, match="all: lacks the statistics"):
        open_students([world / "hearnet" / "all"])
