"""`run.json`: how a job made what lies beside it."""

import json
from dataclasses import replace

import pytest

from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256
from avdistill.runs.inputs import JobInputs
from avdistill.runs.run_file import describe_job, read_run_file, write_run_file
from avdistill.runs.settings import SearchSettings

SETTINGS = SearchSettings(
    network="hearnet", scope="all", learning_rates=[1e-3], fitting={"epochs": 3}
)


@pytest.fixture
def inputs(tmp_path):
    for name in ("split.csv", "cells.csv"):
        (tmp_path / name).write_text(name)
    return JobInputs(split=tmp_path / "split.csv", slices=(tmp_path / "cells.csv",) * 2)


def test_a_job_is_read_back_as_it_was_described(inputs, tmp_path):
    job = describe_job("search-grid", SETTINGS, inputs, "c" * 64)
    write_run_file(tmp_path / "out", job)
    assert read_run_file(tmp_path / "out" / "run.json") == job
    written = json.loads((tmp_path / "out" / "run.json").read_text())
    assert list(written) == ["command", "settings", "inputs", "digests", "code"]
    assert written["inputs"] == {
        "split": str(tmp_path / "split.csv"),
        "slices": [str(tmp_path / "cells.csv")] * 2,
    }
    assert written["digests"]["split"] == file_sha256(tmp_path / "split.csv")
    assert SearchSettings(**written["settings"]) == SETTINGS


def test_where_files_lie_is_no_part_of_what_a_job_is(inputs, tmp_path):
    job = describe_job("search-grid", SETTINGS, inputs, "c" * 64)
    (tmp_path / "moved.csv").write_text("split.csv")
    moved = replace(inputs, split=tmp_path / "moved.csv")
    assert describe_job("search-grid", SETTINGS, moved, "c" * 64).identity() == job.identity()
    (tmp_path / "moved.csv").write_text("other")
    assert describe_job("search-grid", SETTINGS, moved, "c" * 64).identity() != job.identity()
    assert describe_job("search-grid", SETTINGS, inputs, "d" * 64).identity() != job.identity()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (None, "run.json: no such file"),
        ("{", "run.json: not valid JSON"),
        ("[]", "input should be a valid dictionary"),
        ("{}", "  command: is missing\n  settings: is missing\n  inputs: is missing"),
        ({"when": 1}, "  when: there is no such key"),
        ({"settings": []}, "  settings: input should be a valid dictionary (it is [])"),
        ({"inputs": {"split": ["a"]}}, "  inputs.split: input is not a valid path"),
        ({"inputs": {"slices": "a"}}, "  inputs.slices: input should be a valid tuple (it is 'a')"),
        ({"inputs": {"model": "a"}}, "  inputs.model: there is no such key"),
        ({"digests": None}, "  digests: input should be a valid dictionary (it is None)"),
        ({"code": None}, "  code: input should be a valid string (it is None)"),
    ],
)
def test_anything_else_is_one_message(inputs, tmp_path, change, message):
    file = tmp_path / "run.json"
    if isinstance(change, dict):
        write_run_file(tmp_path, describe_job("search-grid", SETTINGS, inputs, "c" * 64))
        file.write_text(json.dumps(json.loads(file.read_text()) | change))
    elif change is not None:
        file.write_text(change)
    with pytest.raises(InputError) as error:
        read_run_file(file)
    assert str(error.value).startswith(str(file))
    assert message in str(error.value)
