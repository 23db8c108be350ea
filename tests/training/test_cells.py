"""Which cells a search has, and what does not fit together."""

import pandas as pd
import pytest
from tiny_jobs import DISTILLED, RATES, command, data_of, search

from avdistill.errors import InputError
from avdistill.records.splits import read_split, sequences_of
from avdistill.results.grid import Cell, write_cells
from avdistill.results.soft_labels import Teacher, write_soft_labels
from avdistill.runs.settings import Fitting, SearchSettings
from avdistill.training.cells import cells_to_search, number_of_cells


def settings_of(**values):
    fixed = {"network": "hearnet", "scope": "all", "fitting": Fitting(epochs=1)}
    return SearchSettings(**fixed | values)


def grid_of(path, *cells):
    outcome = {"validation_loss": 1.0, "validation_accuracy": 0.5, "best_epoch": 1, "epochs": 1}
    rows = [
        {"cell": number, **cell._asdict(), **outcome, "validation_accuracy": number / 9}
        for number, cell in enumerate(cells)
    ]
    write_cells(path, rows)
    return path


def test_a_slice_takes_every_nth_cell_and_their_number_is_that_of_the_whole_grid():
    distilled = DISTILLED | {"temperatures": (1, 5)}
    settings = settings_of(**distilled, slice=1, slices=3)
    assert number_of_cells(settings) == 4
    assert cells_to_search(settings, None) == [(1, Cell(1e-3, 5, 1))]
    assert cells_to_search(settings_of(**distilled, slices=3), None) == [
        (0, Cell(1e-3, 1, 1)),
        (3, Cell(1e-4, 5, 1)),
    ]


def test_without_values_the_only_cell_is_the_best_of_another_grid(tmp_path):
    best = Cell(1e-4, 5.0, 0.5)
    grid = grid_of(tmp_path / "grid.csv", Cell(1e-3, 1.0, 1.0), best)
    settings = settings_of(supervision="dualcamnet")
    assert number_of_cells(settings) == 1
    assert cells_to_search(settings, grid) == [(0, best)]
    with pytest.raises(InputError, match="1 cells have slices 0 to 0"):
        cells_to_search(settings_of(supervision="dualcamnet", slices=2), grid)


@pytest.mark.parametrize(
    ("supervision", "cell"), [("ground_truth", Cell(1e-3, 1.0, 1.0)), ("dualcamnet", Cell(1e-3))]
)
def test_a_cell_of_another_supervision_is_refused(tmp_path, supervision, cell):
    grid = grid_of(tmp_path / "grid.csv", cell)
    with pytest.raises(InputError, match=r"grid\.csv: is of another supervision"):
        cells_to_search(settings_of(supervision=supervision), grid)


@pytest.fixture
def problem(trained, tiny, tmp_path, capsys):
    """Search with these options and settings; return the message, and check that it is all."""

    def problem(*options, **settings):
        assert search(tiny, tmp_path / "out", *options, **settings) == 1
        assert not (tmp_path / "out").exists()
        return capsys.readouterr().err

    return problem


@pytest.mark.parametrize(
    ("settings", "files", "message"),
    [
        (DISTILLED | {"supervision": "../both"}, {}, "supervision: string should match pattern"),
        (DISTILLED, {}, "hearnet learns from dualcamnet; give --soft-labels"),
        (RATES, {"soft-labels": "soft.parquet"}, "from ground_truth; leave out --soft-labels"),
        (
            RATES | {"supervision": "dualcamnet"},
            {"soft-labels": "soft.parquet"},
            "soft labels of dualcamnet need temperatures",
        ),
        ({}, {}, "either the settings or another grid name the cells; give --grid"),
        (RATES, {"grid": "ground_truth/grid.csv"}, "name the cells; leave out --grid"),
        ({}, {"grid": "dualcamnet/grid.csv"}, "grid.csv: is of another supervision"),
        ({}, {"grid": "absent.csv"}, "absent.csv: no such grid"),
        (RATES, {"weights": "soft.parquet"}, "belong together; leave out --weights"),
        (RATES | {"slice": 2, "slices": 2}, {}, "slice 2 of 2: 2 cells have slices 0 to 1"),
    ],
)
def test_settings_and_files_that_do_not_fit_together_are_refused(
    problem, trained, settings, files, message
):
    options = [word for role, name in files.items() for word in (f"--{role}", trained / name)]
    assert message in problem(*options, **settings)


def test_soft_labels_must_be_of_every_training_second_and_of_the_same_split(
    problem, trained, tiny, tmp_path
):
    table = pd.read_parquet(trained / "soft.parquet")
    training = sequences_of(read_split(tiny / "all.csv"), "training")[0]
    rest = table[table["sequence"] != training]
    write_soft_labels(tmp_path / "part.parquet", rest, Teacher("dualcamnet", "random"))
    assert training in problem("--soft-labels", tmp_path / "part.parquet", **DISTILLED)
    table["split"] = "test"
    write_soft_labels(tmp_path / "other.parquet", table, Teacher("dualcamnet", "random"))
    message = problem("--soft-labels", tmp_path / "other.parquet", **DISTILLED)
    assert "was for test, and now is for" in message


def test_a_student_has_no_soft_labels(trained, tiny, tmp_path, capsys):
    options = {"teacher": trained / "ground_truth", "output": tmp_path / "out"}
    assert command("export-soft-labels", None, data_of(tiny) | options) == 1
    assert "unknown teacher 'hearnet'; choose from" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
