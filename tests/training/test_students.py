"""Searching a grid: slices, kills and positions change nothing."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from avdistill.training.live import Watching
from avdistill.training.starting import Start
from avdistill.training.students import search_slice

from avdistill.errors import InputError
from avdistill.examples.scope_data import EvaluationExamples, TrainingExamples
from avdistill.networks.registry import network_spec
from avdistill.records.crops import Crop
from avdistill.results.grid import grid_cells, merge_slices, read_cells, slice_of, winner
from avdistill.results.model_folder import load_model
from avdistill.training import fitting, students
from avdistill.training.devices import Devices
from avdistill.training.snapshot import resume_folder

SPEC = network_spec("hearnet")
CROPS = [Crop(f"Location_01/Subject_01/Action_{i % 2 + 1:03d}", i) for i in range(4)]
CELLS = grid_cells("dualcamnet", [1e-3], [1.0, 5.0], [0.5, 1.0])


class Opinions:
    """Stands in for soft labels: one opinion per class."""

    initial_weights = "random backbone"

    def of(self, crops, length):
        return np.array(
            [[3.0, 0.0] if "Action_001" in crop.sequence else [0.0, 2.0] for crop in crops]
        )


def search(cells, output, seed=0, **options):
    held = np.random.default_rng(0).random((len(CROPS), 500, 257), dtype=np.float32)
    search_slice(
        SPEC,
        2,
        cells,
        of=len(CELLS),
        training=TrainingExamples(None, lambda epoch: CROPS, held),
        validation=EvaluationExamples(None, CROPS, held),
        teacher=Opinions(),
        seed=seed,
        epochs=2,
        batch_size=4,
        identity={"seed": seed},
        title="test",
        output=output,
        devices=Devices(),
        watching=Watching(),
        **{"loss": "generalized", "start": Start(), **options},
    )
    return output


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return search(slice_of(CELLS, 0, 1), tmp_path_factory.mktemp("whole") / "slice0")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_slice_leaves_cells_model_and_history(whole):
    assert sorted(contents(whole)) == ["cells.csv", "history.csv", "model.keras", "search.json"]
    common = json.loads(contents(whole)["search.json"])
    assert common == {
        "cells": 4,
        "search": {"seed": 0},
        "initial_weights": "random",
        "teacher_initial_weights": "random backbone",
        "loss": "generalized",
    }
    assert not resume_folder(whole).exists()
    cells = read_cells(whole / "cells.csv")
    assert len(cells) == 4
    assert cells["validation_loss"].nunique() == 4


def test_two_slices_give_the_cells_and_the_winner_of_one(whole, tmp_path):
    # The second slice first: positions and neighbours play no part.
    parts = [search(slice_of(CELLS, n, 2), tmp_path / f"slice{n}") for n in (1, 0)][::-1]
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
    search(slice_of(CELLS, 0, 4), tmp_path / "one", loss="hinton")
    traces_of_one = len(traces)
    traces.clear()
    four = search(slice_of(CELLS, 0, 1), tmp_path / "four", loss="hinton")
    assert 0 < len(traces) == traces_of_one  # cells differ in T and λ
    losses = read_cells(four / "cells.csv")["validation_loss"].tolist()
    others = read_cells(whole / "cells.csv")["validation_loss"].tolist()
    # With T = 1 both losses are the same, but for rounding.
    assert losses[:2] == pytest.approx(others[:2], rel=1e-3)
    assert losses[2:] != pytest.approx(others[2:], rel=1e-3)


def test_interrupted_search_goes_on_with_the_cell_it_was_at(whole, tmp_path, monkeypatch):
    fit, trained = students.fit, []

    def counted(model, spec, **options):
        if len(trained) == 2:
            raise KeyboardInterrupt
        trained.append(options["title"])
        return fit(model, spec, **options)

    monkeypatch.setattr(students, "fit", counted)
    with pytest.raises(KeyboardInterrupt):
        search(slice_of(CELLS, 0, 1), tmp_path / "slice0")
    assert not (tmp_path / "slice0").exists()
    trained.clear()
    search(slice_of(CELLS, 0, 1), tmp_path / "slice0")
    assert len(trained) == 2
    assert contents(tmp_path / "slice0") == contents(whole)


DIVERGING = [(0, CELLS[0]._replace(learning_rate=1e20)), *enumerate(CELLS[1:3], start=1)]


def test_a_cell_that_diverges_is_recorded_and_the_search_goes_on(whole, tmp_path, capfd):
    cells = read_cells(search(DIVERGING, tmp_path / "slice0") / "cells.csv")
    assert "learning rate than 1e+20; this cell counts as failed" in capfd.readouterr().err
    failed = cells.iloc[0]
    assert (failed["validation_accuracy"], failed["best_epoch"]) == (0, 0)
    assert failed["validation_loss"] == math.inf
    # What came before changes nothing.
    pd.testing.assert_frame_equal(cells[1:], read_cells(whole / "cells.csv")[1:3])


def test_a_slice_whose_cells_all_diverge_has_an_untrained_model(tmp_path):
    folder = search(DIVERGING[:1], tmp_path / "slice0")
    assert read_cells(folder / "cells.csv")["validation_loss"].tolist() == [math.inf]
    for weight in load_model(folder / "model.keras").get_weights():
        assert np.isfinite(weight).all()
    assert len((folder / "history.csv").read_text().splitlines()) == 1


def test_another_seed_gives_other_students(whole, tmp_path):
    other = search(slice_of(CELLS, 0, 4), tmp_path / "slice0", seed=1)
    first = read_cells(whole / "cells.csv").iloc[0]
    assert read_cells(other / "cells.csv").iloc[0]["validation_loss"] != first["validation_loss"]


def test_slices_without_their_files_are_named(whole, tmp_path):
    with pytest.raises(InputError, match="no such grid"):
        merge_slices([tmp_path / "cells.csv"], 4)
