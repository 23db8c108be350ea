"""Run one phase with Snakemake, or `all` of them and the report.

This is what `dvc repro` and `make reproduce` call. Other than plain `snakemake` it removes the
locks of an earlier run that was killed, and starts no more jobs at a time than memory allows.

    python workflow/run_phase.py teachers config/demo.yaml
    python workflow/run_phase.py all config/smoke.yaml config/esc10.yaml --cores 2
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

LOCKS = Path(".snakemake/locks")
HOST = Path(".snakemake/run_phase.host")  # there while a phase runs, and after one was killed
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
RECORDS = Path(".snakemake/metadata")  # of how every output was made
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
    SystemExit : something of it is still at work.
    """
    if not HOST.is_file() or HOST.read_text() != platform.node():
        return  # perhaps another host's run is going: Snakemake says that the folder is locked
    if left := at_work():
        command = " ".join(left[0].info["cmdline"])[:80]
        sys.exit(
            f"{os.getcwd()}: a run is going here (process {left[0].pid}: {command} …); "
            "wait until it ends, or stop it"
        )
    print("An earlier run was killed: removing its locks.", file=sys.stderr, flush=True)
    subprocess.run([*snakemake, "--unlock"], check=True)


def remove_unrecorded_tables() -> None:
    """Remove results that Git has, where no record says how they were made, as in a fresh clone.

    Snakemake makes them anew with all others. DVC, which would find them as they were, would not
    expect that, nor that times and the commit in them differ.
    """
    if RECORDS.is_dir() or not shutil.which("git"):
        return
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "results"], capture_output=True, text=True, check=False
    )  # of a copy without Git, none
    for name in filter(None, listed.stdout.split("\0")):
        Path(name).unlink(missing_ok=True)


def main() -> int:
    """Run Snakemake and return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("phase", help="a phase, such as teachers; `all` also writes the report")
    parser.add_argument("configuration", nargs="+", help="YAML files; later ones overlay earlier")
    arguments, options = parser.parse_known_args()

    # This clone's own code, whichever is installed: DVC runs experiments in clones of their own.
    os.environ["PYTHONPATH"] = str(Path("src").resolve())
    snakemake = [sys.executable, "-m", "snakemake", "--configfile", *arguments.configuration]
    if is_locked():
        remove_stale_locks(snakemake)
    if "SNAKEMAKE_PROFILE" not in os.environ:  # a cluster's nodes have memory of their own
        options += ["--resources", f"mem_mb={memory_megabytes()}"]
    options += REPORT if arguments.phase == "all" else ()
    snakemake += [*options, "--", arguments.phase]
    if is_locked():  # by another host or by plain `snakemake`, which says so
        return subprocess.run(snakemake, check=False).returncode
    if not {"-n", "--dry-run", "--dryrun"} & {*options}:
        remove_unrecorded_tables()
    HOST.parent.mkdir(exist_ok=True)
    HOST.write_text(platform.node())
    status = subprocess.run(snakemake, check=False).returncode
    HOST.unlink(missing_ok=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
