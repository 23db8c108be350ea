"""Every trained network's folder says how it was made, and the job can be repeated from that."""

import json
import shutil

import pytest
from tiny_jobs import command, data_of

from avdistill.files.manifest import file_sha256
from avdistill.provenance.code_digest import code_digest

JOBS = {
    "teacher": ("train-teacher", "dualcamnet", ["dataset", "records", "split"]),
    "dualcamnet/grid/slice1": (
        "search-grid",
        "hearnet",
        ["dataset", "records", "split", "statistics", "soft_labels"],
    ),
    "dualcamnet": (
        "select-student",
        "hearnet",
        ["dataset", "records", "split", "statistics", "slices"],
    ),
}


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def repeat(verb, run_file, output, **more):
    return command(verb, None, {"run": run_file, "output": output} | more)


@pytest.mark.parametrize("folder", JOBS)
def test_a_run_file_says_how_its_folder_was_made(trained, tiny, folder):
    verb, network, roles = JOBS[folder]
    job = json.loads((trained / folder / "run.json").read_text())
    assert job["command"] == verb
    assert job["settings"]["network"] == network
    assert list(job["inputs"]) == list(job["digests"]) == roles
    assert job["digests"]["records"] == file_sha256(tiny / "records" / "manifest.csv")
    assert job["code"] == code_digest(f"commands.{verb.replace('-', '_')}", f"networks.{network}")


@pytest.mark.parametrize("folder", JOBS)
def test_a_job_that_is_repeated_gives_the_same_bytes(trained, tmp_path, capsys, folder):
    assert repeat(JOBS[folder][0], trained / folder / "run.json", tmp_path / "again") == 0
    assert "changed since" not in capsys.readouterr().err
    assert files(tmp_path / "again") == files(trained / folder)


@pytest.mark.parametrize("folder", JOBS)
def test_a_run_file_of_another_command_or_a_damaged_one_is_refused(
    trained, tmp_path, capsys, folder
):
    verb, _, _ = JOBS[folder]
    other = {"train-teacher": "search-grid"}.get(verb, "train-teacher")
    run_file = tmp_path / "run.json"
    shutil.copy(trained / folder / "run.json", run_file)
    assert repeat(other, run_file, tmp_path / "out") == 1
    assert f"{run_file}: is of {verb}, not of {other}" in capsys.readouterr().err
    run_file.write_text(run_file.read_text()[:-9])
    assert repeat(verb, run_file, tmp_path / "out") == 1
    assert f"{run_file}: not valid JSON" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_changed_inputs_are_reported_and_count(trained, tiny, tmp_path, capsys):
    moved = tmp_path / "data"
    shutil.copytree(tiny, moved)
    options = {role.replace("_", "-"): path for role, path in data_of(moved).items()}
    run_file = trained / "teacher" / "run.json"
    assert repeat("train-teacher", run_file, tmp_path / "moved", **options) == 0
    assert "changed since" not in capsys.readouterr().err  # they only lie elsewhere
    job = json.loads((tmp_path / "moved" / "run.json").read_text())
    assert job["inputs"]["split"] == str(moved / "all.csv")
    with (moved / "all.csv").open("a") as file:
        file.write("\n")
    assert repeat("train-teacher", run_file, tmp_path / "other", **options) == 0
    message = capsys.readouterr().err
    assert f"{run_file}: --split changed since; results may differ" in message
    description = json.loads((tmp_path / "other" / "model.json").read_text())
    assert description["split"] == file_sha256(moved / "all.csv")
