"""Inputs that were changed, but are older than what was made of them.

Snakemake compares the content of an input only if it is newer than an output. After a `git
checkout` or a `git pull`, `dvc pull` makes every output newer than the sources, and a change among
these would never be seen: results of other code would pass for up to date, also with DVC.
"""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256

RECORDS = Path(".snakemake/metadata")


def renew_changed_inputs() -> list[str]:
    """Give a new time to inputs whose content is not that which an output was made of.

    Results are left alone: they and their records come from the same run. Where there are results
    but no records, as in a clone with nothing but the tables in Git, all sources are renewed: what
    these tables were made of is not known.

    Returns
    -------
    Sorted paths of the inputs whose times were renewed.

    Raises
    ------
    InputError : a changed input belongs to somebody else, or cannot be written to.
    """
    changed = set()
    if any(_records()):
        changed = _changed_inputs()
    elif Path("results").is_dir():
        changed = {str(path) for path in Path("src").rglob("*.py")}
    for path in sorted(changed):
        try:
            os.utime(path)
        except OSError as error:
            raise InputError(
                f"{path}: changed since results were made of it, but its time cannot be renewed "
                f"({error.strerror}); touch it, or ask its owner"
            ) from error
    return sorted(changed)


def _changed_inputs() -> set[str]:
    newest: dict[str, dict[str, float]] = {}  # for each input and checksum, an output's time
    for output, checksums in _records():
        if not output.exists():
            continue
        made = output.stat().st_mtime
        for name, checksum in checksums.items():
            if checksum is not None and not name.startswith("results/"):
                times = newest.setdefault(name, {})
                times[checksum] = max(made, times.get(checksum, 0))
    return {
        name for name, times in newest.items() if Path(name).is_file() and _is_changed(name, times)
    }


def _is_changed(name: str, times: dict[str, float]) -> bool:
    """Whether outputs newer than a file were made of other contents."""
    path = Path(name)
    changed = path.stat().st_mtime
    older = {checksum for checksum, made in times.items() if made >= changed}
    return bool(older) and older != {f"sha256:{file_sha256(path)}"}


def _records() -> Iterator[tuple[Path, dict[str, str | None]]]:
    """Yield every output that Snakemake has notes of, and the checksums of its inputs."""
    for file in RECORDS.rglob("*"):
        if file.is_file():
            # A long name is cut into folders, each marked by an @.
            key = "".join(part.removeprefix("@") for part in file.relative_to(RECORDS).parts)
            try:
                output = Path(base64.urlsafe_b64decode(key).decode())
                record = json.loads(file.read_bytes())
            except (ValueError, FileNotFoundError):
                # A run is writing it, or was killed there: Snakemake passes over it, too. Or it is
                # no record: `.nfs...` of a network drive, `.DS_Store` of a desktop.
                continue
            yield output, record.get("input_checksums") or {}
