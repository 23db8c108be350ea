"""DVC runs the whole workflow, goes on after a kill, keeps a second run out, and goes back."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import yaml

pytestmark = [pytest.mark.engine, pytest.mark.workflow]

CONFIGURATION = "config/micro.yaml"
STUDENT = "results/students/all/hearnet/dualcamnet/seed0"
# There from when the first cell of the grid is done until the second is.
BETWEEN_CELLS = f"{STUDENT}/grid/.resume-slice0/cells.npz"
DATA_AND_TEACHERS = {"raw", "records", "splits", "vision", "teachers", "soft_labels"}


def snakemake(repository, *options, check=True) -> subprocess.CompletedProcess:
    return repository.run(
        sys.executable, "-m", "snakemake", "--configfile", CONFIGURATION, "--cores", "2",
        *options, check=check,
    )  # fmt: skip


def planned_rules(repository) -> set[str]:
    """Names of the rules that Snakemake would run, `all` aside."""
    plan = snakemake(repository, "--dry-run", "--quiet", "rules").stdout
    rules = set(re.findall(r"^(\w+) +\d+$", plan, flags=re.MULTILINE))
    assert rules or "Nothing to be done" in plan, plan
    return rules - {"all", "total"}


def changed_stages(repository) -> set[str]:
    """Names of the stages that DVC would run, those aside that follow from these."""
    return set(json.loads(repository.dvc("status", "--json").stdout))


def assert_up_to_date(repository) -> None:
    assert planned_rules(repository) == set()
    assert changed_stages(repository) == set()


def digests(finished, repository) -> dict[str, str]:
    """Digest outputs but for times, messages, and the card, which says which commit it is of."""
    results = type(finished)(repository.folder).digests()
    return {name: sha for name, sha in results.items() if not name.startswith("results/card/")}


def set_values(repository, section: str, **values) -> None:
    """Change some values of a section of the configuration."""
    path = repository / CONFIGURATION
    configuration = yaml.safe_load(path.read_text())
    configuration[section].update(values)
    path.write_text(yaml.safe_dump(configuration))


def change_code(repository) -> None:
    """Change a network's code, with the time of a file that Git checked out before `dvc pull`."""
    path = repository / "src/avdistill/networks/hearnet.py"
    path.write_text(f"{path.read_text()}\nCHANGED = True\n")
    os.utime(path, (0, 0))


def start_dvc(repository, *command: str) -> subprocess.Popen:
    """Start DVC as the leader of a process group of its own; messages go to `run.log` beside."""
    with repository.folder.with_name(f"{repository.folder.name}.log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dvc", *command],
            cwd=repository.folder,
            env=repository.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def messages(repository) -> str:
    return repository.folder.with_name(f"{repository.folder.name}.log").read_text()


def jobs_of(run: subprocess.Popen, verb: str) -> list[psutil.Process]:
    """Processes of `avdistill VERB` that a run has started."""
    found = []
    for process in psutil.Process(run.pid).children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.NoSuchProcess:
            continue
        if verb in words and Path(words[0]).name.startswith("python"):
            found.append(process)
    return found


def suspend(repository, run: subprocess.Popen, verb: str, when: Callable[[], bool]) -> list:
    """Wait until a run is at some point of a job, and hold that job there."""
    deadline = time.monotonic() + 400
    while not (jobs := when() and jobs_of(run, verb)):
        assert run.poll() is None, messages(repository)[-6000:]
        assert time.monotonic() < deadline, messages(repository)[-6000:]
        time.sleep(0.01)
    for job in jobs:
        job.suspend()
    return jobs


def processes_in(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cwd"])
        if process.info["cwd"] == str(folder.resolve())
    ]


@pytest.fixture(scope="module")
def cloned(dvc_repository, tmp_path_factory):
    """Return a function that clones the finished run; with results, if they are pulled."""
    storage = tmp_path_factory.mktemp("storage")
    make_repository = type(dvc_repository)

    def clone(name: str):
        repository = make_repository(
            tmp_path_factory.mktemp(name) / "clone", dvc_repository.environment
        )
        dvc_repository.git("clone", "--quiet", dvc_repository.folder, repository.folder)
        repository.dvc("remote", "add", "--local", "--default", "storage", storage)
        return repository

    pusher = clone("pusher")
    pusher.dvc("cache", "dir", "--local", dvc_repository / ".dvc/cache")
    pusher.dvc("push")
    return clone


@pytest.fixture
def pulled(cloned):
    """Clone the finished run and pull its results: the time of every file is new."""
    repository = cloned("pulled")
    repository.dvc("pull")
    return repository


@pytest.fixture(scope="module")
def reproduced(cloned):
    """Reproduce everything in a fresh clone, killed once on the way, and disturbed once.

    Returns
    -------
    A namespace: `repository`; `second` and `plain`, what another `dvc repro` and a plain
    `snakemake` answered meanwhile; `status` of the run that they disturbed.
    """
    repository = cloned("reproduced")
    between_cells = (repository / BETWEEN_CELLS).exists

    killed = start_dvc(repository, "repro")
    suspend(repository, killed, "search-grid", between_cells)
    assert not (repository / STUDENT / "grid/slice0/cells.csv").exists()
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    psutil.wait_procs(processes_in(repository.folder), timeout=60)
    assert processes_in(repository.folder) == []

    run = start_dvc(repository, "repro")
    jobs = suspend(repository, run, "search-grid", between_cells)
    second = repository.dvc("repro", check=False)
    plain = snakemake(repository, check=False)
    for job in jobs:
        job.resume()
    return SimpleNamespace(repository=repository, second=second, plain=plain, status=run.wait(600))


def test_a_fresh_clone_reproduces_everything_though_killed_on_the_way(reproduced, finished):
    assert reproduced.status == 0, messages(reproduced.repository)[-6000:]
    assert "An earlier run was killed: removing its locks." in messages(reproduced.repository)
    assert digests(finished, reproduced.repository) == digests(finished, finished)
    names = [path.name for path in (reproduced.repository / "results").rglob(".*")]
    assert [name for name in names if re.match(r"\.(partial|resume)-", name)] == []


def test_a_second_run_meanwhile_is_told_so(reproduced):
    assert reproduced.second.returncode != 0
    assert re.search(r"busy, it is being blocked by:\n.*PID \d+.*repro", reproduced.second.stdout)
    assert reproduced.plain.returncode != 0
    assert "Directory cannot be locked" in reproduced.plain.stdout
    for answer in (reproduced.second.stdout, reproduced.plain.stdout):
        assert "Traceback" not in answer


def test_reproducing_again_runs_nothing(reproduced):
    assert_up_to_date(reproduced.repository)
    again = reproduced.repository.dvc("repro").stdout
    assert "Running stage" not in again
    assert "Data and pipelines are up to date." in again


def test_after_plain_snakemake_and_dvc_commit_nothing_is_left_to_do(dvc_repository):
    # How the fixture is made: `snakemake`, then `dvc commit --force`.
    assert_up_to_date(dvc_repository)
    assert "Running stage" not in dvc_repository.dvc("repro").stdout
    assert dvc_repository.git("status", "--porcelain").stdout == ""


def test_a_pulled_clone_reruns_what_a_change_concerns_and_nothing_else(pulled):
    assert_up_to_date(pulled)

    later = time.time() + 10
    for path in (pulled / "src").rglob("*.py"):
        os.utime(path, (later, later))
    assert_up_to_date(pulled)

    set_values(pulled, "grid", imitation=[0.25, 1])
    planned, changed = planned_rules(pulled), changed_stages(pulled)
    assert {"search_grid", "select_student", "summarise_accuracy"} <= planned
    assert not planned & {"simulate_raw", "split_sequences", "train_teacher", "export_soft_labels"}
    assert "students" in changed
    assert not changed & DATA_AND_TEACHERS
    pulled.git("checkout", CONFIGURATION)

    set_values(pulled, "splits", seed=7)
    planned, changed = planned_rules(pulled), changed_stages(pulled)
    assert {"split_sequences", "train_teacher", "search_grid"} <= planned
    assert not planned & {"simulate_raw", "convert_records"}
    assert "splits" in changed
    assert not changed & {"raw", "records"}
    pulled.git("checkout", CONFIGURATION)

    change_code(pulled)
    planned = planned_rules(pulled)
    assert {"search_grid", "select_student"} <= planned
    assert not planned & {"simulate_raw", "split_sequences", "train_teacher", "export_soft_labels"}
    assert "students" in changed_stages(pulled)
    # DVC asks the phases before, too, for which Snakemake finds nothing to do.
    before = pulled.dvc("repro", "soft_labels").stdout
    assert set(re.findall(r"Running stage '(\w+)'", before)) == DATA_AND_TEACHERS
    assert not set(re.findall(r"\(Rule: (\w+)\)", before)) - DATA_AND_TEACHERS
    assert "students" in changed_stages(pulled)
    assert not changed_stages(pulled) & DATA_AND_TEACHERS


def test_an_output_is_in_dvcs_cache_or_in_git_and_never_in_both(dvc_repository, finished):
    listed = dvc_repository.dvc("ls", "--dvc-only", "--recursive", ".").stdout.splitlines()
    cached, in_git = set(listed), set(dvc_repository.git("ls-files").stdout.splitlines())
    assert f"{STUDENT}/model.keras" in cached
    assert cached & in_git == set()
    summary = type(finished)(dvc_repository.folder).snakemake("--cores", "2", "--summary").stdout
    outputs = set(re.findall(r"^(results/\S+)\t", summary, flags=re.MULTILINE))
    assert "results/benchmarks/networks.csv" in outputs
    assert outputs - cached - in_git == set()


def test_jobs_that_outlive_dvc_are_waited_for(pulled, finished):
    shutil.rmtree(pulled / "results/claims")
    run = start_dvc(pulled, "repro")
    jobs = suspend(pulled, run, "measure-spectrograms", lambda: True)
    run.kill()
    run.wait()

    second = pulled.dvc("repro", check=False)
    assert second.returncode != 0
    assert f"{pulled.folder}: a run is going here" in second.stdout
    assert "wait until it ends, or stop it" in second.stdout

    for job in jobs:
        job.resume()
    psutil.wait_procs(processes_in(pulled.folder), timeout=120)
    pulled.dvc("repro")
    assert_up_to_date(pulled)
    assert digests(finished, pulled) == digests(finished, finished)
