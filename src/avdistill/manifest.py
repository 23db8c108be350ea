"""Manifests: what a folder holds, file by file, with sizes and sha256 digests.

Snakemake compares files by content but never folders, so each rule that fills a folder also
writes a manifest, and what follows depends on the manifest.
"""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from avdistill.atomic import atomic_file
from avdistill.errors import InputError


class ManifestRow(NamedTuple):
    """One file of a sequence.

    Attributes
    ----------
    sequence : name of the sequence, `Location_01/Subject_03/Action_005`.
    file : path relative to the folder that the manifest describes, with forward slashes.
    size : bytes.
    sha256 : hexadecimal digest of the file's bytes.
    """

    sequence: str
    file: str
    size: int
    sha256: str


def describe_file(sequence: str, file: str, data: bytes) -> ManifestRow:
    """Measure what a file holds."""
    return ManifestRow(sequence, file, len(data), hashlib.sha256(data).hexdigest())


def file_sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file of any size."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_manifest(path: Path, rows: Iterable[ManifestRow]) -> None:
    """Write rows as CSV, in sequence and file order, atomically."""
    with atomic_file(path) as partial, partial.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(ManifestRow._fields)
        writer.writerows(sorted(rows))


def read_manifest(path: Path) -> list[ManifestRow]:
    """Read a manifest back.

    Raises
    ------
    InputError : the file is missing, has other columns, or a size that is not a number.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8") as handle:
            reader = csv.reader(handle)
            if tuple(next(reader, ())) != ManifestRow._fields:
                raise InputError(f"{path}: not a manifest; delete it and run again")
            return [ManifestRow(row[0], row[1], int(row[2]), row[3]) for row in reader]
    except FileNotFoundError:
        raise InputError(f"{path}: no such manifest; run the rule that makes it") from None
    except (ValueError, IndexError) as error:
        raise InputError(f"{path}: damaged manifest ({error}); delete it and run again") from error


def merge_manifests(paths: Iterable[Path]) -> list[ManifestRow]:
    """Put the batches' manifests together; the result does not depend on the batches.

    Raises
    ------
    InputError : a file stands in two of them, or as `read_manifest`.
    """
    found: dict[str, tuple[Path, ManifestRow]] = {}
    for path in paths:
        for row in read_manifest(path):
            if row.file in found:
                raise InputError(
                    f"{path}: {row.file} stands in {found[row.file][0]} as well; delete both "
                    "manifests and run their batches again"
                )
            found[row.file] = (path, row)
    return sorted(row for _, row in found.values())
