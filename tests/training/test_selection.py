"""A student is selected from its own whole search."""

import json
import shutil

import numpy as np
import pytest
from tiny_jobs import select

from avdistill.errors import InputError
from avdistill.results.grid import merge_slices, read_cells, write_cells


@pytest.fixture
def problem(tiny, tmp_path, capsys):
    """Select from these slices; return the message, and check that it is all."""

    def problem(slices, **settings):
        assert select(tiny, slices, tmp_path / "out", **settings) == 1
        assert not (tmp_path / "out").exists()
        return capsys.readouterr().err

    return problem


@pytest.fixture
def slices(trained, tmp_path):
    """Copies of the folders of the student's two slices, one cell each."""
    folders = [tmp_path / f"slice{number}" for number in range(2)]
    for folder in folders:
        shutil.copytree(trained / "ground_truth" / "grid" / folder.name, folder)
    return folders


def change_json(file, *keys, value):
    """Change one value of a JSON file, however deep."""
    whole = inner = json.loads(file.read_text())
    for key in keys[:-1]:
        inner = inner[key]
    assert inner[keys[-1]] != value
    inner[keys[-1]] = value
    file.write_text(json.dumps(whole))


def test_the_slices_must_make_the_whole_grid(problem, slices):
    # The first could be a whole grid of one.
    assert "do not make a whole grid of 2" in problem(slices[:1])
    assert "do not make a whole grid of 2" in problem([slices[0], slices[0]])


def test_the_search_must_be_the_students(problem, slices):
    message = problem(slices, supervision="dualcamnet")
    assert "of the search for hearnet from ground_truth, scope all, seed 0, not for" in message


@pytest.mark.parametrize(
    ("keys", "value", "message"),
    [
        (("settings", "seed"), 1, "of the search for hearnet from ground_truth, scope all, seed 1"),
        (("settings", "scope"), "scenario1", "from ground_truth, scope scenario1, seed 0, not for"),
        (("digests", "split"), "0" * 64, "of a search with another split than"),
        (("settings", "fitting", "epochs"), 0, "run.json: wrong settings\n  fitting.epochs: input"),
    ],
)
def test_slices_of_another_search_are_refused(problem, slices, keys, value, message):
    change_json(slices[1] / "run.json", *keys, value=value)
    assert f"{slices[1]}/run.json: not of the search of {slices[0]}/run.json" in problem(slices)
    change_json(slices[0] / "run.json", *keys, value=value)
    assert message in problem(slices)


@pytest.mark.parametrize("keys", [("code",), ("digests", "records")])
def test_slices_by_other_code_or_of_other_data_are_not_merged(problem, slices, keys):
    change_json(slices[1] / "run.json", *keys, value="0" * 64)
    assert "not of the search of" in problem(slices)


def test_slices_with_other_initial_weights_are_not_merged(problem, slices):
    change_json(slices[1] / "search.json", "initial_weights", value="SoundNet (a.t7)")
    assert "slice1/search.json: does not say the initial weights that all" in problem(slices)


def test_where_every_cell_diverged_there_is_no_student(problem, slices):
    for folder in slices:
        cells = read_cells(folder / "cells.csv").assign(validation_loss=np.inf)
        write_cells(folder / "cells.csv", cells.to_dict("records"))
    assert "diverged in every cell" in problem(slices)


def test_slices_without_a_file_are_named(problem, slices):
    for name in ("search.json", "run.json", "cells.csv"):
        (slices[1] / name).unlink()
        assert f"{slices[1] / name}: no such file" in problem(slices)
    with pytest.raises(InputError, match="no such grid"):
        merge_slices([slices[1] / "cells.csv"], 4)


@pytest.mark.parametrize("name", ["model.keras", "history.csv"])
def test_a_slice_that_another_networks_file_lies_in_is_named(problem, trained, slices, name):
    for folder in slices:  # whichever has the best cell
        shutil.copy(trained / "teacher" / name, folder / name)
        text = (folder / "history.csv").read_text().splitlines()
        if name == "history.csv":
            (folder / name).write_text("\n".join(text[:-1]) + "\n")
    expected = {
        "model.keras": "model.keras: is a dualcamnet with 3 classes, not a hearnet with 3",
        "history.csv": "history.csv and cells.csv do not belong together",
    }
    assert expected[name] in problem(slices)
