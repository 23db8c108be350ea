"""Where files and folders of the user's may not lie: in what runs write, Snakemake and DVC delete.

Snakemake deletes outputs before it makes them anew, and `dvc checkout` puts an earlier run's files
in the place of today's. The user's own must not be among them.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from avdistill.downloads.fetching import local_path

WRITTEN = ("results", ".dvc", ".snakemake")  # folders of the project
# Every key that names a file or folder of the user's, or perhaps its address.
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
    """Name every path of the user's that lies in a folder of the project's own, or around it.

    Links are resolved. Relative paths, and the project's folders, are those of the working folder.

    Parameters
    ----------
    values : a valid configuration.

    Returns
    -------
    A line for each, such as `vision.file: a.h5 lies in results, …`.
    """
    lines = []
    for keys in KEYS_OF_PATHS:
        for key, source in _values_at(values, keys):
            path = local_path(source)
            if path is None:
                continue
            place = Path(os.path.realpath(path))
            for name in WRITTEN:
                written = Path(os.path.realpath(name))
                if place.is_relative_to(written) or written.is_relative_to(place):
                    where = "lies in" if place.is_relative_to(written) else "holds"
                    lines.append(
                        f"{key}: {source} {where} {name}, where runs write and delete; "
                        "name another place"
                    )
                    break
    return lines


def _values_at(section: Any, keys: str, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield a key's full name and its value, where it is set; `*` stands for every key."""
    if section is None:
        return
    key, _, below = keys.partition(".")
    for name in section if key == "*" else [key]:
        if below:
            yield from _values_at(section[name], below, f"{path}{name}.")
        elif section[name] is not None:
            yield f"{path}{name}", section[name]
