"""The workflow on a real Slurm of three virtual nodes: the local run's bytes, whatever happens."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

pytestmark = [pytest.mark.engine, pytest.mark.workflow]

# Sooner than a real cluster should be asked. Every look comes 10 s later than the one before until
# something has ended: after 8 and 26 s, and jobs of micro take 15 to 25.
SOON = {
    "slurm-init-seconds-before-status-checks": "8",
    "max-status-checks-per-second": "10",
    "latency-wait": "10",
}


def edit(workspace, name: str, pattern: str, replacement: str) -> None:
    """Change one place in a file, as a user would."""
    path = workspace / name
    text, found = re.subn(pattern, replacement, path.read_text())
    assert found == 1, f"{name}: {pattern}"
    path.write_text(text)


def poll_soon(workspace) -> None:
    for key, value in SOON.items():
        edit(
            workspace, "workflow/profiles/slurm/config.yaml", rf"(?m)^({key}): \S+", rf"\1: {value}"
        )


@contextmanager
def snakemake(workspace, slurm, log: Path, *options: str, profile: str = "slurm"):
    """Run Snakemake on the cluster while the block does; the block may kill it."""
    profile = f"workflow/profiles/{profile}"
    with log.open("w") as file:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "snakemake",
                "--profile",
                profile,
                "--configfile",
                "config/micro.yaml",
                *options,
            ],
            cwd=workspace.folder,
            env={**os.environ, "PATH": f"{slurm.folder / 'bin'}:{os.environ['PATH']}"},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def avdistill_of(slurm, number: str) -> psutil.Process:
    """Find a job's own process, below Slurm's and Snakemake's."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for process in psutil.process_iter(["cmdline", "environ"]):
            words = process.info["cmdline"] or [""]
            environment = process.info["environ"] or {}
            if (
                environment.get("SLURM_JOB_ID") == number
                and environment.get("SLURM_CONF") == str(slurm.folder / "slurm.conf")
                and any(Path(word).name == "avdistill" for word in words[:2])
            ):
                return process
        time.sleep(0.2)
    raise AssertionError(f"job {number} has not started avdistill")


def wait_until_logged(log: Path, pattern: str, seconds: float = 240) -> None:
    """Wait until Snakemake has said something."""
    until = time.monotonic() + seconds
    while not re.search(pattern, log.read_text()):
        assert time.monotonic() < until, f"not logged: {pattern}\n{log.read_text()[-3000:]}"
        time.sleep(0.3)


def cancel_jobs_left(workspace, slurm) -> None:
    """Do what the profile's README says, by its own line, after the submitting process died."""
    readme = (workspace / "workflow/profiles/slurm/README.md").read_text()
    (line,) = re.findall(r"^ +(squeue --me .*scancel)$", readme, flags=re.MULTILINE)
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=workspace.folder,
        env={**os.environ, "PATH": f"{slurm.folder / 'bin'}:{os.environ['PATH']}"},
        check=True,
    )
    until = time.monotonic() + 30
    while slurm.jobs("running,completing,pending"):
        assert time.monotonic() < until, slurm.jobs()
        time.sleep(0.3)


def test_the_cluster_listens_on_loopback_only(slurm):
    own = [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if str(slurm.folder / "slurm.conf") in (process.info["cmdline"] or ())
    ]
    addresses = {
        connection.laddr.ip
        for process in own
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert {process.info["name"] for process in own} == {"slurmctld", "slurmd"}
    assert addresses == {"127.0.0.1"}


def test_faults_cost_time_and_nothing_else(slurm, finished, fresh, tmp_path):
    """One run, in which five things go wrong and the submitting process dies."""
    profile = "workflow/profiles/slurm/config.yaml"
    poll_soon(fresh)
    both = r'"training": \(8000, 1440, \["train_teacher", "search_grid"\]\)'
    teacher = '"training": (600, 1440, ["train_teacher"])'  # too little memory at first
    edit(fresh, profile, both, f'{teacher}, "grid": (8000, 1440, ["search_grid"])')
    edit(fresh, profile, "retries: 2", "retries: 4")
    log, second_log = tmp_path / "log.txt", tmp_path / "second_log.txt"

    with snakemake(fresh, slurm, log) as process:
        cancelled, _ = slurm.running("measure_networks")
        slurm.ask("scancel", cancelled)

        too_small, _ = slurm.running("train_teacher")
        slurm.wait_for(too_small, "FAILED", 120)

        exporting, node = slurm.running("export_soft_labels")
        avdistill_of(slurm, exporting)
        slurm.do("kill-node", node)
        slurm.wait_for(exporting, "NODE_FAIL", 60)
        slurm.do("start-node", node)
        wait_until_logged(log, f"SLURM-job '{exporting}' failed due to a node failure")

        again, _ = slurm.running("export_soft_labels")
        avdistill_of(slurm, again)
        slurm.do("kill-controller")
        time.sleep(3)
        slurm.do("start-controller")
        wait_until_logged(log, r"Finished jobid: \d+ \(Rule: export_soft_labels\)")

        process.send_signal(signal.SIGKILL)
        process.wait()

    assert not (fresh / "results/claims/claims.csv").exists()
    cancel_jobs_left(fresh, slurm)
    fresh.snakemake("--unlock")
    edit(fresh, profile, r'"grid": \(8000, 1440', '"grid": (8000, 1')  # a minute, at first
    with snakemake(fresh, slurm, second_log) as process:
        hanging, _ = slurm.running("search_grid")
        avdistill_of(slurm, hanging).suspend()
        slurm.wait_for(hanging, "TIMEOUT", 120)
        assert process.wait(timeout=800) == 0, second_log.read_text()[-6000:]

    text = log.read_text()
    for number, state in ((cancelled, "CANCELLED"), (too_small, "FAILED")):
        assert f"SLURM-job '{number}' failed, SLURM status is: '{state}'" in text
    assert f"SLURM-job '{hanging}' failed, SLURM status is: 'TIMEOUT'" in second_log.read_text()
    assert "exceeded memory limit" in text
    assert "Trying to restart job" in text
    assert fresh.digests() == finished.digests()
    assert "Nothing to be done" in fresh.snakemake("--cores", "2").stdout


def test_dvc_repro_gives_the_local_runs_bytes(slurm, finished, dvc_repository, tmp_path):
    again = dvc_repository.clone(tmp_path / "clone")
    poll_soon(again)
    again.environment = {
        **again.environment,
        "PATH": f"{slurm.folder / 'bin'}:{again.environment['PATH']}",
        "SNAKEMAKE_PROFILE": "workflow/profiles/slurm",
    }
    shutil.rmtree(again / "results", ignore_errors=True)
    before = slurm.jobs().keys()
    again.dvc("repro")
    assert slurm.jobs("completed").keys() - before
    found = type(finished)(again.folder).digests()
    named_by_commit = {"results/card/README.md", "results/card/card.json"}
    differing = {name for name, sha in finished.digests().items() if found.get(name) != sha}
    assert found.keys() == finished.digests().keys()
    assert differing <= named_by_commit
    assert "up to date" in again.dvc("status").stdout


def test_a_submit_command_gives_the_local_runs_records(slurm, finished, fresh, tmp_path):
    profile, log = "workflow/profiles/submit/config.yaml", tmp_path / "log.txt"
    edit(fresh, profile, "seconds-between-status-checks: 10", "seconds-between-status-checks: 1")
    with snakemake(fresh, slurm, log, "--", "records", profile="submit") as process:
        assert process.wait(timeout=200) == 0, log.read_text()[-6000:]
    assert log.read_text().count("Submitted") >= 4
    records = {name: sha for name, sha in finished.digests().items() if "/records/" in name}
    found = fresh.digests()
    assert records
    assert records == {name: sha for name, sha in found.items() if "/records/" in name}
