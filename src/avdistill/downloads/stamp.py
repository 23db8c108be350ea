"""A stamp in an unpacked folder that identifies its archives, to avoid a second download."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from avdistill.errors import InputError
from avdistill.files.atomic import read_json, write_json

STAMP_FILE = "unpacked_from.json"


class ArchiveIdentity(NamedTuple):
    """The size of an archive in bytes, and its digest by `sha256` or `md5`, which identify it."""

    size: int
    algorithm: str
    digest: str


def describe_files(folder: Path) -> dict[str, Any]:
    """Return `size`, the bytes of all files below a folder, and `sha256`, of their names and sizes.

    Its stamp does not count. This uses names and sizes, not contents: it is fast, and detects files
    that were added, removed or changed in length.
    """
    root = Path(folder).resolve()  # rglob does not follow links
    sizes = {
        path.relative_to(root).as_posix(): path.stat().st_size
        for path in root.rglob("*")
        if path.is_file() and path != root / STAMP_FILE
    }
    listing = ascii(sorted(sizes.items()))  # ASCII, since a file's name may not be valid text
    digest = hashlib.sha256(listing.encode("ascii")).hexdigest()
    return {"size": sum(sizes.values()), "sha256": digest}


def write_stamp(
    folder: Path, archives: Sequence[ArchiveIdentity], parts: Sequence[str] = ()
) -> None:
    """Write into a folder which archives it was unpacked from, as the last step of unpacking.

    Parameters
    ----------
    parts : the parts of the archives that were kept, if not everything.
    """
    write_json(folder / STAMP_FILE, _stamp(folder, archives, parts))


def is_unpacked(
    folder: Path, archives: Sequence[ArchiveIdentity], parts: Sequence[str] = ()
) -> bool:
    """Return whether a folder still fits its stamp, and the stamp is of exactly these archives."""
    try:
        stamp = read_json(folder / STAMP_FILE)
    except InputError:  # missing or damaged: unpack again
        return False
    return stamp == _stamp(folder, archives, parts)


def _stamp(folder: Path, archives: Sequence[ArchiveIdentity], parts: Sequence[str]) -> dict:
    return {
        "archives": [archive._asdict() for archive in archives],
        "parts": list(parts),
        "files": describe_files(folder),
    }
