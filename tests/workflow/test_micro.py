"""The whole workflow on its smallest configuration: what it makes, and what it does not redo."""

import hashlib
import json
import os
import re
import shutil
import time
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow


@pytest.mark.parametrize(
    "name",
    [
        "results/dataset.json",
        "results/raw/manifest.csv",
        "results/raw/sync/Location_1/Subject_1/Action_0/video/I_000060.jpeg",
        "results/records/manifest.csv",
        "results/records/Location_01/Subject_01/Action_001/Data_005.tfrecord",
        "results/splits/all.csv",
        "results/statistics/all.npz",
        "results/teachers/all/dualcamnet/seed0/model.keras",
        "results/soft_labels/all/dualcamnet/seed0.parquet",
        "results/students/all/hearnet/ground_truth/seed0/predictions.parquet",
        "results/students/all/hearnet/dualcamnet/seed0/grid.csv",
        "results/evaluation/accuracy.csv",
        "results/metrics/hearnet-dualcamnet-seed0.json",
        "results/transfer/scopes/hearnet.csv",
        "results/evaluation/gains.csv",
        "results/claims/claims.csv",
        "results/card/README.md",
        "results/figures/paper/figure07.svg",
        "results/figures/overlay.svg",
        "results/figures/clips/scenario1.webm",
        "results/figures/students/all/hearnet/dualcamnet/seed0/confusion_normalised.png",
        "results/report.html",
    ],
)
def test_every_phase_leaves_its_files(finished, name):
    assert (finished / name).stat().st_size > 0


def test_nothing_half_written_is_left(finished):
    left = re.compile(r"\.partial-.*|\.resume-.*|.*download")
    assert not [path for path in (finished / "results").rglob("*") if left.fullmatch(path.name)]


def test_metrics_say_that_the_data_are_simulated(finished):
    metrics = json.loads(
        (finished / "results/students/all/hearnet/dualcamnet/seed0/metrics.json").read_text()
    )
    assert metrics["data_source"] == "simulated"


def digests_but_of_slices(workspace) -> dict[str, str]:
    """Digest all results but the slices, and the students' run.json, which names the slices."""
    left_out = re.compile(r".*/grid/slice.*|results/students/.*/run\.json")
    digests = workspace.digests()
    return {name: sha for name, sha in digests.items() if not left_out.fullmatch(name)}


def test_one_and_two_cores_and_processes_for_the_grid_give_the_same_bytes(finished, fresh):
    fresh.snakemake("--cores", "1", "--config", "grid={cells_per_job: 1}")
    assert digests_but_of_slices(fresh) == digests_but_of_slices(finished)
    slices = [
        list((workspace / "results/students").glob("all/hearnet/dualcamnet/seed0/grid/slice*"))
        for workspace in (finished, fresh)
    ]
    assert [len(folders) for folders in slices] == [1, 2]


def test_a_copy_with_new_file_times_has_nothing_to_do(workspace):
    assert "Nothing to be done" in workspace.snakemake("--cores", "2").stdout


def test_touching_every_file_reruns_nothing(workspace):
    later = time.time() + 10
    for path in workspace.folder.rglob("*"):
        if path.is_file() and ".snakemake" not in path.parts:
            os.utime(path, (later, later))
    assert "Nothing to be done" in workspace.snakemake("--cores", "2").stdout


def test_other_slices_rerun_the_grids_that_they_cut_otherwise(only_planned):
    planned = only_planned.snakemake(
        "--cores", "2", "--dry-run", "--config", "grid={cells_per_job: 1}"
    ).stdout  # fmt: skip
    # (D) has two cells and now two jobs; (G) has one and stays as it is.
    assert re.search(r"^search_grid +2$", planned, flags=re.MULTILINE)


def test_config_values_alone_are_laid_over_the_default(fresh):
    run = fresh.snakemake(
        "--cores", "2", "--dry-run", "--quiet", "rules", "--config", "dataset={subjects: 6}",
        "--configfile", "config/demo.yaml",
    )  # fmt: skip
    bare = fresh.snakemake_bare(
        "--dry-run", "--quiet", "rules", "--config", "dataset={subjects: 6}"
    )
    assert re.findall(r"simulate_raw +(\d+)", bare.stdout) == ["6"] * 2
    assert re.findall(r"total +\d+", bare.stdout) == re.findall(r"total +\d+", run.stdout)


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ("grid={temperature: [-1]}", "grid.temperature[0]"),
        ("gird={temperature: [1]}", "gird"),
        ("scopes=[scenario7]", "scopes"),
    ],
)
def test_a_mistake_in_the_configuration_is_named_before_any_job(fresh, option, path):
    run = fresh.snakemake("--cores", "2", "--config", option, check=False)
    assert run.returncode != 0
    assert path in run.stdout
    assert "Traceback" not in run.stdout


def zip_raw(workspace, archive: Path) -> dict:
    """Pack a finished run's raw trees as AVIA's archive would be; return its configuration."""
    raw = workspace / "results/raw"
    with zipfile.ZipFile(archive, "w") as file:
        for tree in ("matfiles", "sync"):
            for path in sorted((raw / tree).rglob("*")):
                if path.is_file():
                    file.write(path, f"AVIA/{path.relative_to(raw)}")
    data = archive.read_bytes()
    return {
        "address": str(archive),
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def test_an_archive_in_avias_layout_gives_the_same_records(finished, fresh, tmp_path):
    section = zip_raw(finished, tmp_path / "avia.zip")
    fresh.snakemake(
        "--cores",
        "2",
        "--config",
        f"dataset={json.dumps({'source': 'archive', 'archive': section})}",
        "--",
        "results/records/manifest.csv",
    )
    name = "results/records/manifest.csv"
    assert (fresh / name).read_bytes() == (finished / name).read_bytes()
    assert json.loads((fresh / "results/dataset.json").read_text())["source"] == "AVIA"


def test_folders_already_unpacked_are_read_where_they_are(finished, fresh, tmp_path):
    def make(folder, *options):
        folders = {"matfiles": str(folder / "matfiles"), "sync": str(folder / "sync")}
        dataset = json.dumps({"source": "folders", "folders": folders})
        return fresh.snakemake("--cores", "2", "--config", f"dataset={dataset}", *options).stdout

    name = "results/records/manifest.csv"
    make(finished / "results/raw", "--", name)
    assert (fresh / name).read_bytes() == (finished / name).read_bytes()
    files = {path.suffix for path in (fresh / "results/raw").rglob("*") if not path.is_dir()}
    assert files == {".csv", ".md", ""}

    # The same data elsewhere are checked once more, and what is made of them stays.
    for tree in ("matfiles", "sync"):
        shutil.copytree(finished / "results/raw" / tree, tmp_path / "moved" / tree)
    assert "(Rule: check_raw)" in make(tmp_path / "moved", "--", "results/raw/manifest.csv")
    assert "Nothing to be done" in make(tmp_path / "moved", "--", name)


def test_broken_sequences_stop_the_workflow_with_one_report(finished, fresh, tmp_path):
    raw = tmp_path / "raw"
    for tree in ("matfiles", "sync"):
        shutil.copytree(finished / "results/raw" / tree, raw / tree)
    (raw / "sync/Location_1/Subject_1/Action_0/video/I_000001.jpeg").write_bytes(b"no picture")
    shutil.rmtree(raw / "matfiles/Location_1/Subject_2/Action_1")
    folders = {"matfiles": str(raw / "matfiles"), "sync": str(raw / "sync")}
    run = fresh.snakemake(
        "--cores",
        "2",
        "--config",
        f"dataset={json.dumps({'source': 'folders', 'folders': folders})}",
        "--",
        "results/records/manifest.csv",
        check=False,
    )
    assert run.returncode != 0
    report = (fresh / "results/raw/check.md").read_text()
    assert "Location_01/Subject_01/Action_001" in report
    assert "Location_01/Subject_02/Action_002" in report
    assert not (fresh / "results/records").exists()


def test_a_missing_archive_is_one_message(fresh, tmp_path):
    section = {"address": str(tmp_path / "absent.zip"), "size": 1, "sha256": "0" * 64}
    run = fresh.snakemake(
        "--cores",
        "2",
        "--config",
        f"dataset={json.dumps({'source': 'archive', 'archive': section})}",
        "--",
        "results/raw/unpacked.csv",
        check=False,
    )
    assert run.returncode != 0
    assert "absent.zip" in run.stdout
    assert not (fresh / "results/raw/unpacked.csv").exists()
