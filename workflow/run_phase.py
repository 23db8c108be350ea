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

LOCKS = Path(".snakemake/locks")
RUN = Path(".snakemake/run_phase.json")  # there while a phase runs, and after one was killed
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
RECORDS = Path(".snakemake/metadata")  # of how every output was made
PLAIN = {"--cores", "--keep-going", "--profile"}  # options with which a run is one
SECONDS_TO_LOCK = 120.0  # from this script's start until Snakemake has planned, and takes the lock
REPORT = ("--report", "results/report.html", "--report-after-run")


def memory_megabytes() -> int:
    """Return the memory of this machine, or of the container if that has less."""
    memory = psutil.virtual_memory().total
    limit = CGROUP_LIMIT.read_text().strip() if CGROUP_LIMIT.is_file() else "max"
    return (min(memory, int(limit)) if limit.isdigit() else memory) >> 20


def at_work() -> list[psutil.Process]:
    """Return processes of a run in this folder, Snakemake itself or jobs that outlived it."""
    here = os.getcwd()
    return [
        process
        for process in psutil.process_iter(["cmdline", "cwd"])
        if process.info["cwd"] == here
        and {"snakemake", "avdistill"} & {Path(word).name for word in process.info["cmdline"] or ()}
    ]


def is_locked() -> bool:
    """Return whether a run is going in this folder, or was killed."""
    return LOCKS.is_dir() and any(LOCKS.iterdir())


def remove_stale_locks(snakemake: list[str]) -> None:
    """Unlock after a run that was killed: on this host, by this script, and none of it is left.

    Raises
    ------
    SystemExit : something of it is still at work, or may be on a cluster.
    """
    if not RUN.is_file():
        return  # plain `snakemake` runs, or was killed: Snakemake says that the folder is locked
    run = json.loads(RUN.read_text())
    newest = max(lock.stat().st_mtime for lock in LOCKS.iterdir())
    if run["host"] != platform.node() or newest > run["began"] + SECONDS_TO_LOCK:
        return  # another run has taken the lock since
    left = [process.pid for process in at_work()]
    if psutil.pid_exists(run["process"]):  # perhaps another user's, of which no more is seen
        left.append(run["process"])
    if left:
        sys.exit(
            f"{os.getcwd()}: a run is going here (process {left[0]}); wait until it ends, "
            "or stop it"
        )
    if "SNAKEMAKE_PROFILE" in os.environ:
        sys.exit(
            f"{os.getcwd()}: an earlier run was killed, and jobs of it may be at work on the "
            "cluster; cancel them (Slurm: scancel --me), then: snakemake --unlock"
        )
    print("An earlier run was killed: removing its locks.", file=sys.stderr, flush=True)
    subprocess.run([*snakemake, "--unlock"], check=True)


def git(*command: str) -> list[str]:
    """Return the names that git lists; of a copy without Git, none."""
    if not shutil.which("git"):
        return []
    listed = subprocess.run(["git", *command], capture_output=True, text=True, check=False)
    return list(filter(None, listed.stdout.split("\0")))


def remove_unrecorded_tables() -> None:
    """Remove tables that Git has, where no record says how they were made, as in a fresh clone.

    Snakemake makes them anew with all others. DVC, which would find them as they were, would not
    expect that, nor that times and the commit in them differ. Only outputs that dvc.yaml leaves to
    Git are removed, and these come back from there.

    Raises
    ------
    SystemExit : some of them were changed since they were committed.
    """
    if any(path.is_file() for path in RECORDS.rglob("*")):
        return
    stages = yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]
    outputs = [out for stage in stages.values() for out in stage["outs"] + stage.get("metrics", [])]
    in_git = [name for out in outputs for name, flags in out.items() if flags.get("cache") is False]
    if changed := git("diff", "--name-only", "-z", "HEAD", "--diff-filter=M", "--", *in_git):
        sys.exit(
            f"{changed[0]}: changed since it was committed, and would be made anew, since there is "
            "no record of how it was made; commit it, or git restore it"
        )
    for name in git("ls-files", "-z", "--", *in_git):
        Path(name).unlink(missing_ok=True)


def main() -> int:
    """Run Snakemake and return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("phase", help="a phase, such as teachers; `all` also writes the report")
    parser.add_argument("configuration", nargs="+", help="YAML files; later ones overlay earlier")
    parser.add_argument("--resources", nargs="+", default=[], help="limits, such as gpu=1")
    arguments, options = parser.parse_known_args()

    # This clone's own code, whichever is installed: DVC runs experiments in clones of their own.
    os.environ["PYTHONPATH"] = str(Path("src").resolve())
    snakemake = [sys.executable, "-m", "snakemake", "--configfile", *arguments.configuration]
    if is_locked():
        remove_stale_locks(snakemake)
    resources = arguments.resources
    if not ("SNAKEMAKE_PROFILE" in os.environ or "--profile" in options):
        # A cluster's nodes have memory of their own. What the user says comes last, and counts.
        resources = [f"mem_mb={memory_megabytes()}", *resources]
    plain = {option.partition("=")[0] for option in options if option.startswith("-")} <= PLAIN
    options += ["--resources", *resources] if resources else []
    options += REPORT if arguments.phase == "all" else ()
    snakemake += [*options, "--", arguments.phase]
    # At Ctrl-C Snakemake, which gets it too, stops its jobs and unlocks: wait for that.
    signal.signal(signal.SIGINT, lambda *_: None)
    if is_locked() or not plain:  # another's run, which Snakemake tells, or no run at all
        return subprocess.run(snakemake, check=False).returncode
    remove_unrecorded_tables()
    RUN.parent.mkdir(exist_ok=True)
    run = {"host": platform.node(), "process": os.getpid(), "began": time.time()}
    RUN.write_text(json.dumps(run))
    status = subprocess.run(snakemake, check=False).returncode
    RUN.unlink(missing_ok=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
