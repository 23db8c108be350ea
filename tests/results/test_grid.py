"""The grid's cells, their seeds, slices and winners."""

import itertools
import math

import pandas as pd
import pytest

from avdistill.errors import InputError
from avdistill.results.grid import (
    COLUMNS,
    Cell,
    cell_of,
    grid_cells,
    merge_slices,
    read_cells,
    slice_of,
    winner,
    write_cells,
)

CELLS = grid_cells("dualcamnet", [1e-3, 1e-4], [1, 5], [0.5, 1])


def row(cell, accuracy, loss, values=CELLS):
    return {
        "cell": cell,
        **values[cell]._asdict(),
        "validation_loss": loss,
        "validation_accuracy": accuracy,
        "best_epoch": 1,
        "epochs": 2,
    }


def test_cells_come_in_the_configurations_order():
    assert CELLS[:3] == [(1e-3, 1, 0.5), (1e-3, 1, 1), (1e-3, 5, 0.5)]
    assert len(CELLS) == 8
    assert grid_cells("ground_truth", [1e-3, 1e-4], [], []) == [Cell(1e-3), Cell(1e-4)]


def test_seed_comes_from_values_never_from_the_position():
    seeds = {cell: cell.seed(0) for cell in CELLS}
    assert len(set(seeds.values())) == len(CELLS)
    for cell in grid_cells("dualcamnet", [1e-4, 1e-3], [5.0, 1.0], [1.0, 0.5]):
        assert cell.seed(0) == seeds[cell]
        assert cell.seed(1) != seeds[cell]


@pytest.mark.parametrize("slices", [1, 2, 3, 8])
def test_slices_hold_every_cell_once(slices):
    parts = [slice_of(CELLS, number, slices) for number in range(slices)]
    assert sorted(itertools.chain(*parts)) == list(enumerate(CELLS))


@pytest.mark.parametrize(("number", "slices"), [(2, 2), (0, 9), (-1, 2)])
def test_slices_that_do_not_exist_are_refused(number, slices):
    with pytest.raises(InputError, match="8 cells"):
        slice_of(CELLS, number, slices)


@pytest.mark.parametrize(
    ("supervision", "values", "message"),
    [
        ("dualcamnet", ([1e-3], [0], [1]), "temperature 0 is not above 0"),
        ("dualcamnet", ([1e-3], [1], [1.5]), "imitation 1.5 is not in 0 to 1"),
        ("dualcamnet", ([1e-3], [float("nan")], [1]), "temperature nan"),
        ("dualcamnet", ([1e-3], [], []), "need temperatures"),
        ("ground_truth", ([1e-3], [1], []), "ground truth has no"),
        ("ground_truth", ([1e-3, 1e-3], [], []), "repeat"),
        ("ground_truth", ([], [], []), "no learning rate"),
    ],
)
def test_impossible_grids_are_refused(supervision, values, message):
    with pytest.raises(InputError, match=message):
        grid_cells(supervision, *values)


def test_winner_by_accuracy_then_loss_then_order():
    table = pd.DataFrame(
        [row(3, 0.5, 0.2), row(0, 0.75, 0.9), row(2, 0.75, 0.4), row(1, 0.75, 0.4)]
    )
    assert winner(table)["cell"] == 1
    assert cell_of(winner(table)) == CELLS[1]
    assert winner(table[table["cell"] != 1])["cell"] == 2


def test_merged_slices_are_the_whole_grid_in_order(tmp_path):
    exact = 0.1 + 0.2
    write_cells(tmp_path / "0.csv", [row(2, 0.5, exact), row(0, 0.5, 1.0)])
    write_cells(tmp_path / "1.csv", [row(1, 0.5, 2.0)])
    merged = merge_slices([tmp_path / "1.csv", tmp_path / "0.csv"], 3)
    assert merged["cell"].tolist() == [0, 1, 2]
    assert merged["slice"].tolist() == [1, 0, 1]
    assert merged["validation_loss"].tolist() == [1.0, 2.0, exact]
    with pytest.raises(InputError, match="do not make a whole grid"):
        merge_slices([tmp_path / "0.csv"], 3)
    with pytest.raises(InputError, match="do not make a whole grid"):
        merge_slices([tmp_path / "0.csv"] * 2, 3)
    with pytest.raises(InputError, match="do not make a whole grid of 4"):
        merge_slices([tmp_path / "1.csv", tmp_path / "0.csv"], 4)


def test_a_cell_that_diverged_is_read_back_and_is_the_worst(tmp_path):
    write_cells(tmp_path / "cells.csv", [row(0, 0.0, math.inf), row(1, 0.0, 9.0)])
    cells = read_cells(tmp_path / "cells.csv")
    assert cells["validation_loss"].tolist() == [math.inf, 9.0]
    assert winner(cells)["cell"] == 1


def test_ground_truth_cells_round_trip_with_empty_columns(tmp_path):
    cells = [Cell(1e-3)]
    write_cells(tmp_path / "cells.csv", [row(0, 0.5, 1.0, cells)])
    assert ",0.001,,,1.0,0.5,1,2" in (tmp_path / "cells.csv").read_text()
    assert cell_of(winner(read_cells(tmp_path / "cells.csv"))) == cells[0]


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", ",".join(COLUMNS) + "\n", ",".join(COLUMNS) + "\n0,x,,,1,1,1,1\n"]
)
def test_damaged_grids_are_named(tmp_path, text):
    (tmp_path / "cells.csv").write_text(text)
    with pytest.raises(InputError, match=r"cells\.csv"):
        read_cells(tmp_path / "cells.csv")
    with pytest.raises(InputError, match=r"absent\.csv"):
        read_cells(tmp_path / "absent.csv")
