"""The project's commit that a run was made with, as git knows it."""

import os
import subprocess
from pathlib import Path

# Files and folders that results depend on; changes of others change no result.
SOURCES = ("src", "workflow", "config", "Snakefile", "envs", "pyproject.toml")
# Parts of git's messages, and our own words: git's may contain paths of this machine.
_REASONS = {
    "not a git repository": "not a git repository",
    "dubious ownership": "the git repository belongs to another user",
    "single revision": "nothing was committed yet",
}


def describe_commit(project: Path) -> dict:
    """Ask git for the commit that is checked out and for changes that were not committed.

    Parameters
    ----------
    project : the project's folder.

    Returns
    -------
    `sha1`, `uncommitted` (sorted files under `SOURCES` that differ from the commit or are not in
    it) and `unknown`: the reason why git does not know these two, which then are None, or None.
    """
    try:
        top = _git(project, "rev-parse", "--show-toplevel")
        if Path(top.removesuffix("\n")).resolve() != project.resolve():
            # A copy without .git inside another repository.
            return _unknown("not a git repository")
        sha1 = _git(project, "rev-parse", "--verify", "--end-of-options", "HEAD^{commit}").strip()
        changed = _git(project, "diff", "--name-only", "-z", "HEAD", "--", *SOURCES)
        changed += _git(project, "ls-files", "--others", "--exclude-standard", "-z", "--", *SOURCES)
    except FileNotFoundError:
        return _unknown("git is not installed")
    except subprocess.CalledProcessError as error:
        reasons = (reason for words, reason in _REASONS.items() if words in error.stderr)
        return _unknown(next(reasons, "git failed"))
    return {"sha1": sha1, "uncommitted": sorted(changed.split("\0")[:-1]), "unknown": None}


def _git(project: Path, *command: str) -> str:
    # Without optional locks it does not disturb a git command of the user's.
    return subprocess.run(
        ["git", "--no-optional-locks", *command],
        cwd=project,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _unknown(reason: str) -> dict:
    return {"sha1": None, "uncommitted": None, "unknown": reason}
