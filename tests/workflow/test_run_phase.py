"""What `workflow/run_phase.py` does around Snakemake, on a workflow of one rule."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

SCRIPT = Path(__file__).parents[2] / "workflow/run_phase.py"
TABLE = "results/evaluation/table.csv"
SNAKEFILE = f"""
rule tables:
    output: "{TABLE}"
    resources: gpu=1
    shell: "touch started; sleep {{config[seconds]}}; echo made > {{output}}"

print("limits:", dict(workflow.resource_settings.resources))
print("linked:", Path("results/raw/sync").is_symlink())
"""
DVC = """
stages:
  evaluation:
    outs:
      - results/evaluation: {persist: true, cache: false}
      - results/other: {persist: true}
"""


class Project:
    def __init__(self, folder):
        self.folder = folder
        (folder / "Snakefile").write_text(SNAKEFILE)
        (folder / "dvc.yaml").write_text(DVC)
        (folder / "config.yaml").write_text("seconds: 0\n")

    def start(self, *options):
        command = [sys.executable, SCRIPT, "tables", "config.yaml", "--cores", "1", *options]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, "XDG_CACHE_HOME": str(self.folder / ".cache")},
            start_new_session=True,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *options):
        process = self.start(*options)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said

    def start_long(self, *options):
        """Start a run and wait until its job is at work."""
        (self.folder / "config.yaml").write_text("seconds: 600\n")
        process = self.start(*options)
        for _ in range(600):
            if (self.folder / "started").exists():
                return process
            time.sleep(0.1)
        raise AssertionError(process.communicate(timeout=10)[0])

    def add_profile(self):
        (self.folder / "cluster").mkdir()
        (self.folder / "cluster/config.yaml").write_text("keep-going: true\n")

    def git(self, *command):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *command], cwd=self.folder, check=True)

    def commit_table(self):
        table = self.folder / TABLE
        table.parent.mkdir(parents=True)
        table.write_text("committed\n")
        (self.folder / "results/notes.txt").write_text("the user's own\n")
        self.git("init", "--quiet")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "one")
        return table

    def locks(self):
        return list((self.folder / ".snakemake/locks").glob("*"))


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_interrupted_it_waits_until_snakemake_has_unlocked(project):
    process = project.start_long()
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in said
    assert project.locks() == []
    assert not (project.folder / ".snakemake/run_phase.json").exists()


def test_killed_it_goes_on_at_the_next_call(project):
    process = project.start_long()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert project.locks() != []
    (project.folder / "config.yaml").write_text("seconds: 0\n")
    # Neither a later process of the same number nor a program that names us is the killed run.
    note = project.folder / ".snakemake/run_phase.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"process": os.getpid()}))
    (project.folder / "avdistill").touch()
    with subprocess.Popen(["tail", "-f", "avdistill"], cwd=project.folder) as another:
        status, said = project.run()
        another.kill()
    assert status == 0, said
    assert "removing its locks" in said


def test_a_process_that_has_ended_is_not_waited_for_though_nobody_asks_how_it_did(project):
    killed = project.start_long()
    os.killpg(killed.pid, signal.SIGKILL)  # and no `wait`: its number stays in use
    for _ in range(100):
        if psutil.Process(killed.pid).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    (project.folder / "config.yaml").write_text("seconds: 0\n")
    status, said = project.run()
    assert (status, psutil.Process(killed.pid).status()) == (0, psutil.STATUS_ZOMBIE), said
    assert "An earlier run was killed: removing its locks." in said
    killed.communicate()


def test_a_job_that_is_still_ending_is_waited_for(project):
    killed = project.start_long()
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)
    (project.folder / "config.yaml").write_text("seconds: 0\n")
    ending = [sys.executable, "-c", "import time; time.sleep(20)", "avdistill"]
    with subprocess.Popen(ending, cwd=project.folder) as job:
        status, said = project.run()
        assert job.poll() == 0
    assert status == 0, said
    assert f"Waiting for what an earlier run left: process {job.pid}" in said


@pytest.mark.parametrize(
    ("before", "after"), [(["--profile=cluster"], []), ([], ["--profile", "cluster"])]
)
def test_a_killed_run_of_a_cluster_is_not_unlocked(project, before, after):
    project.add_profile()
    process = project.start_long(*before)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    status, said = project.run(*after)
    assert status == 1
    assert "may be at work on the cluster" in said
    assert project.locks() != []


def test_a_cluster_is_not_held_to_this_machines_memory(project):
    project.add_profile()
    assert 'Resource("mem_mb"' in project.run()[1]
    status, said = project.run("--forceall", "--profile=cluster")
    assert status == 0, said
    assert 'Resource("mem_mb"' not in said


def test_links_of_an_earlier_version_are_gone_before_snakemake_starts(project):
    link = project.folder / "results/raw/sync"
    link.parent.mkdir(parents=True)
    link.symlink_to("/data/avia/sync")
    status, said = project.run("--dry-run")
    assert status == 0, said
    assert "Removed links of an earlier version: results/raw/sync -> /data/avia/sync." in said
    assert "linked: False" in said


def test_a_mistake_takes_no_table(project):
    table = project.commit_table()
    (project.folder / "config.yaml").unlink()
    status, _ = project.run()
    assert status != 0
    assert table.read_text() == "committed\n"


def test_the_folders_of_a_phase_are_made_though_nothing_is_put_there(project):
    (project.folder / "dvc.yaml").write_text(DVC.replace("evaluation:", "tables:"))
    status, said = project.run()
    assert status == 0, said
    assert (project.folder / "results/other").is_dir()


def test_tables_of_which_nothing_is_known_are_made_anew(project):
    table = project.commit_table()
    status, said = project.run()
    assert status == 0, said
    assert table.read_text() == "made\n"
    assert (project.folder / "results/notes.txt").exists()


def test_if_git_keeps_no_results_nothing_of_it_is_removed(project):
    table = project.commit_table()
    (project.folder / "dvc.yaml").write_text(DVC.replace(", cache: false", ""))
    project.git("commit", "--quiet", "--all", "--message", "leave tables to DVC")
    status, said = project.run()
    assert status == 0, said
    assert table.read_text() == "committed\n"
    assert (project.folder / "results/notes.txt").exists()
    assert (project.folder / "dvc.yaml").exists()


@pytest.mark.parametrize("option", ["-np", "--unlock", "--summary"])
def test_what_is_no_run_removes_no_table(project, option):
    table = project.commit_table()
    project.run(option)
    assert table.read_text() == "committed\n"


def test_tables_that_were_changed_are_not_removed(project):
    table = project.commit_table()
    table.write_text("changed\n")
    status, said = project.run()
    assert status == 1
    assert f"{TABLE}: changed since it was committed" in said
    assert table.read_text() == "changed\n"


def test_limits_of_the_user_are_kept(project):
    status, said = project.run("--resources", "gpu=1", "mem_mb=500")
    assert status == 0, said
    assert 'Resource("gpu", 1)' in said
    assert 'Resource("mem_mb", 500)' in said
