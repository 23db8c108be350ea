"""Run one phase with Snakemake, or `all` of them and the report.

This is what `dvc repro` and `make reproduce` call. Other than plain `snakemake` it removes the
locks of an earlier run that was killed, and starts no more jobs at a time than memory allows.

    python workflow/run_phase.py teachers config/demo.yaml
    python workflow/run_phase.py all config/smoke.yaml config/esc10.yaml --cores 2
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import yaml

from avdistill.avia.raw_folder import unlink_old_links
from avdistill.provenance.reruns import has_records

LOCKS = Path(".snakemake/locks")
RUN = Path(".snakemake/run_phase.json")  # there while a phase runs, and after one was killed
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
PLAIN = {"--cores", "--keep-going", "--profile"}  # options with which a run is one
SECONDS_TO_LOCK = 120.0  # from this script's start until Snakemake has planned, and takes the lock
SECONDS_TO_END = 60.0  # a process that was killed is gone only once its writing to disk is
REPORT = ("--report", "results/report.html", "--report-after-run")


def memory_megabytes() -> int:
    """Return the memory of this machine, or of the container if that has less."""
    memory = psutil.virtual_memory().total
    limit = CGROUP_LIMIT.read_text().strip() if CGROUP_LIMIT.is_file() else "max"
    return (min(memory, int(limit)) if limit.isdigit() else memory) >> 20


def at_work(run: dict) -> tuple[list[psutil.Process], list[psutil.Process]]:
    """Return the process that noted a run, if it is at work, and Snakemake and its jobs here.

    Parameters
    ----------
    run : what a run noted. Its process counts though it is another user's, whose folder is hidden.
    """
    noted, others = [], []
    for process in psutil.process_iter(["cmdline", "cwd", "create_time", "status"]):
        # One that has ended keeps its number until its parent has asked how: in a container,
        # where that may be a first process that never asks, for good.
        if process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        words = [Path(word).name for word in process.info["cmdline"] or ["none"]]
        runs_us = words[0].startswith("python") and {"snakemake", "avdistill"} & {*words}
        # Numbers are used again: the process that noted the run was created when it says.
        age = abs(process.info["create_time"] - run["created"])
        if process.pid == run["process"] and age < 1:
            noted.append(process)
        elif runs_us and process.info["cwd"] == os.getcwd():
            others.append(process)
    return noted, others


def wait_for_end(run: dict) -> None:
    """Wait until nothing of a run that was killed is left.

    Raises
    ------
    SystemExit : the run was not killed, or something of it does not end.
    """
    noted, others = at_work(run)
    if others and not noted:
        print(f"Waiting for what an earlier run left: {describe(others)}", file=sys.stderr)
    deadline = time.monotonic() + SECONDS_TO_END
    while others and not noted and time.monotonic() < deadline:
        time.sleep(0.5)
        noted, others = at_work(run)
    if left := noted + others:
        sys.exit(
            f"{os.getcwd()}: a run is going here ({describe(left)}); wait until it ends, or stop it"
        )


def describe(processes: list[psutil.Process]) -> str:
    """Return the numbers and states of processes, for a message."""
    return ", ".join(f"process {it.pid}, {it.info['status']}" for it in processes)


def is_locked() -> bool:
    """Return whether a run is going in this folder, or was killed."""
    return any(LOCKS.glob("*"))


def remove_stale_locks(snakemake: list[str], on_cluster: bool) -> None:
    """Unlock after a run that was killed: on this host, by this script, and none of it is left.

    Where that is not known, the locks stay: Snakemake says that the folder is locked.

    Raises
    ------
    SystemExit : something of it is still at work, or may be on a cluster.
    """
    if not RUN.is_file():
        return  # plain `snakemake` runs, or was killed
    run = json.loads(RUN.read_text())
    newest = max(lock.stat().st_mtime for lock in LOCKS.iterdir())
    if run["host"] != platform.node() or newest > run["began"] + SECONDS_TO_LOCK:
        return  # another run has taken the lock since
    wait_for_end(run)
    if run["on_cluster"] or on_cluster:
        sys.exit(
            f"{os.getcwd()}: an earlier run was killed, and jobs of it may be at work on the "
            "cluster; cancel them (Slurm: see workflow/profiles/slurm/README.md), then: "
            "snakemake --unlock"
        )
    print("An earlier run was killed: removing its locks.", file=sys.stderr, flush=True)
    subprocess.run([*snakemake, "--unlock"], check=True)


def outputs(phase: str | None = None) -> dict[str, dict]:
    """Return the outputs that dvc.yaml has of one phase, or of all, with what it says of each."""
    stages = yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]
    return {
        name: flags
        for stage, said in stages.items()
        if phase in (None, stage)
        for output in said["outs"] + said.get("metrics", [])
        for name, flags in output.items()
    }


def git(*command: str) -> list[str]:
    """Return the names that git lists; of a copy without Git, none."""
    if not (shutil.which("git") and Path(".git").exists()):
        return []
    listed = subprocess.run(["git", *command], stdout=subprocess.PIPE, text=True, check=False)
    return list(filter(None, listed.stdout.split("\0")))


def remove_unrecorded_tables() -> list[str]:
    """Remove tables that Git has, where no record says how they were made, as in a fresh clone.

    Snakemake makes them anew with all others. DVC, which would find them as they were, would not
    expect that, nor that times and the commit in them differ. Only outputs that dvc.yaml leaves to
    Git are removed, and these come back from there. Returns what was removed.

    Raises
    ------
    SystemExit : some of them were changed since they were committed.
    """
    if has_records():
        return []
    in_git = [name for name, flags in outputs().items() if flags.get("cache") is False]
    # Without a name git would list everything.
    tables = git("ls-files", "-z", "--", *in_git) if in_git else []
    if not tables:
        return []
    if changed := git("diff", "--name-only", "-z", "HEAD", "--diff-filter=M", "--", *tables):
        sys.exit(
            f"{changed[0]}: changed since it was committed, and would be made anew, since there is "
            "no record of how it was made; commit it, or git restore it"
        )
    for name in tables:
        Path(name).unlink(missing_ok=True)
    return tables


def run_noted(phase: str, snakemake: list[str], on_cluster: bool) -> int:
    """Run Snakemake, and note who does for whoever finds its locks; return its status."""
    removed = remove_unrecorded_tables()
    for name in outputs(phase):
        if not Path(name).suffix:  # a folder: DVC wants it though nothing is put there
            Path(name).mkdir(parents=True, exist_ok=True)
    run = {
        "host": platform.node(),
        "process": os.getpid(),
        "created": psutil.Process().create_time(),
        "began": time.time(),
        "on_cluster": on_cluster,
    }
    RUN.parent.mkdir(exist_ok=True)
    RUN.write_text(json.dumps(run))
    status = subprocess.run(snakemake, check=False).returncode
    RUN.unlink(missing_ok=True)
    if removed and not has_records():  # such as a mistake in the configuration
        git("restore", "--", *removed)
    return status


def main() -> int:
    """Run Snakemake and return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("phase", help="a phase, such as teachers; `all` also writes the report")
    parser.add_argument("configuration", nargs="+", help="YAML files; later ones overlay earlier")
    parser.add_argument("--resources", nargs="+", default=[], help="limits, such as gpu=1")
    arguments, options = parser.parse_known_args()

    unlink_old_links()
    # This clone's own code, whichever is installed: DVC runs experiments in clones of their own.
    os.environ["PYTHONPATH"] = str(Path("src").resolve())
    snakemake = [sys.executable, "-m", "snakemake", "--configfile", *arguments.configuration]
    named = {option.partition("=")[0] for option in options if option.startswith("-")}
    on_cluster = "SNAKEMAKE_PROFILE" in os.environ or "--profile" in named
    if is_locked():
        remove_stale_locks(snakemake, on_cluster)
    resources = arguments.resources
    if not on_cluster:  # its nodes have memory of their own
        # What the user says comes last, and counts.
        resources = [f"mem_mb={memory_megabytes()}", *resources]
    options += ["--resources", *resources] if resources else []
    options += REPORT if arguments.phase == "all" else ()
    snakemake += [*options, "--", arguments.phase]
    # At Ctrl-C Snakemake, which gets it too, stops its jobs and unlocks: wait for that.
    signal.signal(signal.SIGINT, lambda *_: None)
    if is_locked() or not named <= PLAIN:  # another's run, which Snakemake tells, or no run at all
        return subprocess.run(snakemake, check=False).returncode
    return run_noted(arguments.phase, snakemake, on_cluster)


if __name__ == "__main__":
    sys.exit(main())
