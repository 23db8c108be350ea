"""A stamp in a folder that was unpacked: from which archives, so that none is fetched again."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from avdistill.errors import InputError
from avdistill.files.atomic import read_json, write_json

STAMP_FILE = "unpacked_from.json"


class ArchiveIdentity(NamedTuple):
    """What tells an archive from every other: bytes, and the digest that it was verified by."""

    size: int
    algorithm: str
    digest: str


class Files(NamedTuple):
    """Files below a folder: bytes of all together, digest of their names and sizes."""

    size: int
    sha256: str


def describe_files(folder: Path) -> Files:
    """Describe what lies below a folder, its stamp aside.

    Names and sizes are looked at, not contents: quick, and enough to see that a file came, went or
    changed its length.
    """
    root = Path(folder).resolve()  # rglob does not follow links
    sizes = {
        path.relative_to(root).as_posix(): path.stat().st_size
        for path in root.rglob("*")
        if path.is_file() and path != root / STAMP_FILE
    }
    listing = ascii(sorted(sizes.items()))  # ASCII, since a file's name need not be text
    return Files(sum(sizes.values()), hashlib.sha256(listing.encode("ascii")).hexdigest())


def write_stamp(
    folder: Path, archives: Sequence[ArchiveIdentity], parts: Sequence[str] = ()
) -> None:
    """Say what a folder was unpacked from, as the last step of unpacking.

    Parameters
    ----------
    parts : what of the archives' contents was kept, if not everything.
    """
    write_json(folder / STAMP_FILE, _stamp(folder, archives, parts))


def is_unpacked(
    folder: Path, archives: Sequence[ArchiveIdentity], parts: Sequence[str] = ()
) -> bool:
    """Whether a folder still holds what `write_stamp` said, from these archives and no others."""
    try:
        stamp = read_json(folder / STAMP_FILE)
    except InputError:  # none, or a damaged one: unpack again
        return False
    return stamp == _stamp(folder, archives, parts)


def _stamp(folder: Path, archives: Sequence[ArchiveIdentity], parts: Sequence[str]) -> dict:
    return {
        "archives": [archive._asdict() for archive in archives],
        "parts": list(parts),
        "files": describe_files(folder)._asdict(),
    }
