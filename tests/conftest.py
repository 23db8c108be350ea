"""Fixtures for every test: real data, and one finished run of the micro configuration."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

# The user's own, of a cluster perhaps: tests say where jobs run.
os.environ.pop("SNAKEMAKE_PROFILE", None)

pytest_plugins = ["tiny_data"]

PROJECT = Path(__file__).parents[1]
TIMES_AND_MESSAGES = (
    "results/logs/",
    "results/live/",
    "results/benchmarks/",
    "results/report.html",
)


class Workspace:
    """A copy of the project in which the workflow runs."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def copy(self, folder: Path) -> "Workspace":
        """Copy everything but Snakemake's cache, with new file times, as `cp -r` does."""
        ignore = shutil.ignore_patterns(".cache")
        shutil.copytree(self.folder, folder, ignore=ignore, copy_function=shutil.copyfile)
        return Workspace(folder)

    def snakemake(self, *options: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run Snakemake here, on the micro configuration unless another is named."""
        if "--configfile" not in options:
            options = ("--configfile", "config/micro.yaml", *options)
        return self.snakemake_bare(*options, check=check)

    def snakemake_bare(self, *options: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run Snakemake here with nothing but these options."""
        run = subprocess.run(
            [sys.executable, "-m", "snakemake", *options],
            cwd=self.folder,
            env={
                **os.environ,
                "XDG_CACHE_HOME": str(self.folder / ".cache"),
                "PYTHONPATH": str(self.folder / "src"),  # its own code, which tests change
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if check:
            assert run.returncode == 0, run.stdout[-6000:]
        return run

    def digests(self) -> dict[str, str]:
        """Digest every file under results/, times and messages aside."""
        files = sorted(path for path in (self / "results").rglob("*") if path.is_file())
        names = {str(path.relative_to(self.folder)): path for path in files}
        return {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in names.items()
            if not name.startswith(TIMES_AND_MESSAGES)
        }

    def planned_rules(self, *options: str) -> set[str]:
        """Names of the rules that a dry run would execute, `all` aside."""
        run = self.snakemake("--cores", "2", "--dry-run", "--quiet", "rules", *options)
        rules = re.findall(r"^(\w+) +\d+$", run.stdout, flags=re.MULTILINE)
        assert rules or "Nothing to be done" in run.stdout
        return set(rules) - {"all", "total"}


def copy_project(folder: Path) -> Workspace:
    """Copy what belongs to the project, as it is in the working tree, without results."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source = PROJECT / name
        # Tables of an earlier run are listed too: they are for Git.
        if source.is_file() and not name.startswith("results/"):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return Workspace(folder)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with real recordings and outputs of the published code."""
    folder = Path(os.environ.get("AVDISTILL_SHARED", "../shared")).resolve() / "data"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: set AVDISTILL_SHARED to the folder that holds data/")
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Workspace:
    """Run micro once, on two cores, and write its report.

    Treat as read-only: others copy it meanwhile. Even a dry run in it writes.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # by all workers
    workspace, done = Workspace(shared / "finished"), shared / "finished.done"
    with FileLock(shared / "finished.lock"):
        if not done.exists():
            shutil.rmtree(workspace.folder, ignore_errors=True)  # of a run that failed
            copy_project(workspace.folder)
            workspace.snakemake(
                "--cores", "2", "--report", "results/report.html", "--report-after-run"
            )
            done.touch()
    return workspace


@pytest.fixture
def workspace(finished, tmp_path) -> Workspace:
    """Copy the finished run; file times are new, as after `dvc pull` or `cp -r`."""
    return finished.copy(tmp_path / "copy")


@pytest.fixture
def fresh(tmp_path) -> Workspace:
    """Copy the project alone, without results."""
    return copy_project(tmp_path / "fresh")
