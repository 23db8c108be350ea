"""Searching a grid: slices, kills and positions change nothing."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from tiny_jobs import make_job

from avdistill.examples.scope_data import EvaluationExamples, TrainingExamples
from avdistill.networks.registry import network_spec
from avdistill.records.crops import Crop
from avdistill.results.grid import grid_cells, merge_slices, read_cells, winner
from avdistill.results.model_folder import load_model
from avdistill.runs.inputs import JobInputs
from avdistill.runs.run_file import read_run_file
from avdistill.runs.settings import Fitting, SearchSettings
from avdistill.training import fitting, search
from avdistill.training.search import search_slice
from avdistill.training.snapshot import resume_folder

CROPS = [Crop(f"Location_01/Subject_01/Action_{i % 2 + 1:03d}", i) for i in range(4)]
VALUES = {"learning_rates": (1e-3,), "temperatures": (1.0, 5.0), "imitations": (0.5, 1.0)}
CELLS = grid_cells("dualcamnet", *VALUES.values())


class Opinions:
    """Stands in for soft labels: one opinion per class."""

    initial_weights = "random backbone"

    def of_crops(self, crops, length):
        return np.array(
            [[3.0, 0.0] if "Action_001" in crop.sequence else [0.0, 2.0] for crop in crops]
        )


class TwoClasses:
    """Stands in for the data of a scope: the same random examples for everything."""

    spec = network_spec("hearnet")
    num_classes = 2
    split = None
    held = np.random.default_rng(0).random((len(CROPS), 500, 257), dtype=np.float32)

    def training_examples(self, crops):
        return TrainingExamples(None, lambda epoch: CROPS, self.held)

    def evaluation_examples(self, split_name):
        return EvaluationExamples(None, CROPS, self.held)


@pytest.fixture(scope="module", autouse=True)
def _taught():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "open_teacher", lambda path, split, num_classes: Opinions())
        yield


def settings_of(number, slices, **changes):
    fitting = Fitting(epochs=2, batch_size=4)
    values = {"network": "hearnet", "scope": "all", "supervision": "dualcamnet"}
    values |= {"slice": number, "slices": slices, "fitting": fitting, **VALUES}
    return SearchSettings(**values | changes)


def search_cells(output, number=0, slices=1, **changes):
    """Search one slice into a folder."""
    settings = settings_of(number, slices, **changes)
    job = make_job(output, identity=settings.model_dump(mode="json"))
    search_slice(TwoClasses(), settings, JobInputs(), job)
    return output


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return search_cells(tmp_path_factory.mktemp("whole") / "slice0")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_slice_leaves_cells_model_and_history(whole):
    files = ["cells.csv", "history.csv", "model.keras", "run.json", "search.json"]
    assert sorted(contents(whole)) == files
    assert json.loads(contents(whole)["search.json"]) == {
        "initial_weights": "random",
        "teacher_initial_weights": "random backbone",
    }
    assert read_run_file(whole / "run.json").settings["is"]["slices"] == 1
    assert not resume_folder(whole).exists()
    cells = read_cells(whole / "cells.csv")
    assert len(cells) == 4
    assert cells["validation_loss"].nunique() == 4


def test_two_slices_give_the_cells_and_the_winner_of_one(whole, tmp_path):
    # The second slice first: positions and neighbours play no part.
    parts = [search_cells(tmp_path / f"slice{n}", n, 2) for n in (1, 0)][::-1]
    merged = merge_slices([part / "cells.csv" for part in parts], 4)
    one = merge_slices([whole / "cells.csv"], 4)
    assert merged.drop(columns="slice").equals(one.drop(columns="slice"))
    assert {(part / "search.json").read_bytes() for part in (*parts, whole)} == {
        contents(whole)["search.json"]
    }
    best = parts[int(winner(merged)["slice"])]
    for name in ("model.keras", "history.csv"):
        assert (best / name).read_bytes() == (whole / name).read_bytes()


def test_hintons_loss_trains_other_students_with_one_compiled_step(whole, tmp_path, monkeypatch):
    hinton_crossentropy, traces = fitting.hinton_crossentropy, []

    def traced(*arguments):
        traces.append(1)
        return hinton_crossentropy(*arguments)

    monkeypatch.setattr(fitting, "hinton_crossentropy", traced)
    search_cells(tmp_path / "one", 0, 4, loss="hinton")
    traces_of_one = len(traces)
    traces.clear()
    four = search_cells(tmp_path / "four", loss="hinton")
    assert 0 < len(traces) == traces_of_one  # cells differ in T and λ
    losses = read_cells(four / "cells.csv")["validation_loss"].tolist()
    others = read_cells(whole / "cells.csv")["validation_loss"].tolist()
    # With T = 1 both losses are the same, but for rounding.
    assert losses[:2] == pytest.approx(others[:2], rel=1e-3)
    assert losses[2:] != pytest.approx(others[2:], rel=1e-3)


def test_interrupted_search_goes_on_with_the_cell_it_was_at(whole, tmp_path, monkeypatch):
    fit, trained = search.fit, []

    def counted(trainee, examples, targets_of, learning_rate, job):
        if len(trained) == 2:
            raise KeyboardInterrupt
        trained.append(job.title)
        return fit(trainee, examples, targets_of, learning_rate, job)

    monkeypatch.setattr(search, "fit", counted)
    with pytest.raises(KeyboardInterrupt):
        search_cells(tmp_path / "slice0")
    assert not (tmp_path / "slice0").exists()
    trained.clear()
    search_cells(tmp_path / "slice0")
    assert trained == [
        "test, cell 3 of 4 (learning rate 0.001, T 5, λ 0.5)",
        "test, cell 4 of 4 (learning rate 0.001, T 5, λ 1)",
    ]
    assert contents(tmp_path / "slice0") == contents(whole)


DIVERGING = [(0, CELLS[0]._replace(learning_rate=1e20)), *enumerate(CELLS[1:3], start=1)]


@pytest.fixture
def cells_searched(monkeypatch):
    """Have other cells searched than the settings name, which allow no such learning rate."""
    return lambda cells: monkeypatch.setattr(search, "cells_to_search", lambda *some: cells)


def test_a_cell_that_diverges_is_recorded_and_the_search_goes_on(
    whole, cells_searched, tmp_path, capfd
):
    cells_searched(DIVERGING)
    cells = read_cells(search_cells(tmp_path / "slice0") / "cells.csv")
    assert "learning rate than 1e+20; this cell counts as failed" in capfd.readouterr().err
    failed = cells.iloc[0]
    assert (failed["validation_accuracy"], failed["best_epoch"]) == (0, 0)
    assert failed["validation_loss"] == math.inf
    # What came before changes nothing.
    pd.testing.assert_frame_equal(cells[1:], read_cells(whole / "cells.csv")[1:3])


def test_a_slice_whose_cells_all_diverge_has_an_untrained_model(cells_searched, tmp_path):
    cells_searched(DIVERGING[:1])
    folder = search_cells(tmp_path / "slice0")
    assert read_cells(folder / "cells.csv")["validation_loss"].tolist() == [math.inf]
    for weight in load_model(folder / "model.keras").get_weights():
        assert np.isfinite(weight).all()
    assert len((folder / "history.csv").read_text().splitlines()) == 1


def test_another_seed_gives_other_students(whole, tmp_path):
    other = search_cells(tmp_path / "slice0", 0, 4, seed=1)
    first = read_cells(whole / "cells.csv").iloc[0]
    assert read_cells(other / "cells.csv").iloc[0]["validation_loss"] != first["validation_loss"]
