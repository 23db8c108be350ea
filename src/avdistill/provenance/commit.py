"""Which commit of the project a run is of, as git tells."""

import os
import subprocess
from pathlib import Path

# What results are made by; anything else that changed changes none.
SOURCES = ("src", "workflow", "config", "Snakefile", "envs", "pyproject.toml")


def describe_commit(project: Path) -> dict:
    """Ask git for the commit that is checked out and for changes that were not committed.

    Parameters
    ----------
    project : the project's folder.

    Returns
    -------
    `sha1`, `uncommitted` (sorted files under `SOURCES` that differ from the commit or are not in
    it) and `unknown`: why git cannot tell; then the others are None, and else it is.
    """
    try:
        top = _git(project, "rev-parse", "--show-toplevel")
        if Path(top.removesuffix("\n")).resolve() != project.resolve():
            # A copy without .git that lies in somebody else's repository.
            return _unknown("not a git repository")
        sha1 = _git(project, "rev-parse", "--verify", "--end-of-options", "HEAD^{commit}").strip()
        changed = _git(project, "diff", "--name-only", "-z", "HEAD", "--", *SOURCES)
        changed += _git(project, "ls-files", "--others", "--exclude-standard", "-z", "--", *SOURCES)
    except FileNotFoundError:
        return _unknown("git is not installed")
    except subprocess.CalledProcessError as error:
        return _unknown(_reason(error.stderr))
    return {"sha1": sha1, "uncommitted": sorted(changed.split("\0")[:-1]), "unknown": None}


def _git(project: Path, *command: str) -> str:
    # Without optional locks it disturbs no git that the user runs meanwhile.
    return subprocess.run(
        ["git", "--no-optional-locks", *command],
        cwd=project,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _reason(message: str) -> str:
    """Name the usual reasons; git's own words may hold paths of this machine."""
    if "not a git repository" in message:
        return "not a git repository"
    if "dubious ownership" in message:
        return "the git repository belongs to another user"
    if "single revision" in message:
        return "nothing was committed yet"
    return "git failed"


def _unknown(reason: str) -> dict:
    return {"sha1": None, "uncommitted": None, "unknown": reason}
