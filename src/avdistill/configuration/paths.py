"""Refusing the user's files and folders in places where runs, Snakemake and DVC write or delete.

Snakemake deletes outputs before it makes them anew, and `dvc checkout` replaces today's files by an
earlier run's. The user's own files must not be among them.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from avdistill.downloads.fetching import local_path

WRITTEN = ("results", ".dvc", ".snakemake")  # folders of the project
# Every key whose value is a path of the user's, or may be an address instead.
KEYS_OF_PATHS = (
    "dataset.archive.address",
    "dataset.folders.matfiles",
    "dataset.folders.sync",
    "dataset.simulation.recordings",
    "students.*.weights.file",
    "transfer.dcase2018.folder",
    "transfer.esc10.address",
    "transfer.esc10.folder",
    "vision.file",
)


def describe_misplaced_paths(values: dict[str, Any]) -> list[str]:
    """List every path of the user's that lies in one of the folders `WRITTEN`, or contains one.

    Links are resolved. Relative paths, and these folders, start from the working folder.

    Parameters
    ----------
    values : a valid configuration.

    Returns
    -------
    A line for each, such as `vision.file: a.h5 lies in results, …`.
    """
    return [
        f"{key}: {source} {problem}, where runs write and delete; name another place"
        for keys in KEYS_OF_PATHS
        for key, source in _values_at(values, keys)
        if (problem := _problem_of(source))
    ]


def _problem_of(source: str) -> str | None:
    """Return how a path lies to the first such folder: `lies in results`, `holds results`."""
    path = local_path(source)
    for name in WRITTEN if path else ():
        place, written = Path(os.path.realpath(path)), Path(os.path.realpath(name))
        if place.is_relative_to(written):
            return f"lies in {name}"
        if written.is_relative_to(place):
            return f"holds {name}"
    return None


def _values_at(section: Any, keys: str, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield a key's full name and its value if it is set; `*` stands for every key."""
    if section is None:
        return
    key, _, below = keys.partition(".")
    for name in section if key == "*" else [key]:
        if below:
            yield from _values_at(section[name], below, f"{path}{name}.")
        elif section[name] is not None:
            yield f"{path}{name}", section[name]
