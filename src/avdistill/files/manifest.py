"""Manifests: lists of the files in a folder, with sizes and sha256 digests.

Snakemake compares the content of files but not of folders. So each rule that fills a folder also
writes a manifest, and later rules depend on the manifest.
"""

import hashlib
import heapq
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from avdistill.errors import InputError
from avdistill.files.csv_tables import CsvTable, read_csv, write_csv


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


_TABLE = CsvTable("manifest", ManifestRow.__annotations__, "run the rule that makes it")


def describe_file(sequence: str, file: str, data: bytes) -> ManifestRow:
    """Make the row of a file that holds `data`."""
    return ManifestRow(sequence, file, len(data), hashlib.sha256(data).hexdigest())


def file_sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file of any size."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def check_sha256(file: Path, found: str, wanted: str | None) -> None:
    """Check a file's digest.

    Parameters
    ----------
    file : path of the file, for the message.
    found, wanted : hexadecimal digests; None as `wanted` accepts any file.

    Raises
    ------
    InputError : the digests differ.
    """
    if wanted is not None and found != wanted.lower():
        raise InputError(
            f"{file}: its sha256 is {found}, not {wanted}; get the file again, or correct the "
            "checksum"
        )


def write_manifest(path: Path, rows: Iterable[ManifestRow]) -> None:
    """Write rows as CSV, in sequence and file order, atomically."""
    write_csv(path, ManifestRow._fields, sorted(rows))


def write_merged_manifest(path: Path, manifests: Iterable[Path]) -> None:
    """Write the rows of `merge_manifests` as CSV, atomically, without holding them in memory."""
    write_csv(path, ManifestRow._fields, merge_manifests(manifests))


def read_manifest(path: Path) -> list[ManifestRow]:
    """Read a whole manifest; raises `InputError` as `manifest_rows`."""
    return list(manifest_rows(path))


def manifest_rows(path: Path) -> Iterator[ManifestRow]:
    """Read a manifest row by row: a list of all raw files would take much memory.

    Raises
    ------
    InputError : as `avdistill.files.csv_tables.read_csv`.
    """
    return itertools.starmap(ManifestRow, read_csv(path, _TABLE))


def merge_manifests(paths: Iterable[Path]) -> Iterator[ManifestRow]:
    """Merge the batches' manifests, in order; the result does not depend on the batches.

    Each manifest is open only while its rows are merged, and one row of each is in memory.

    Raises
    ------
    InputError : a file is listed twice, in two of them or in one; a manifest's rows are not in
        order; or as `manifest_rows`.
    """
    last, its_path = None, None
    for row, path in heapq.merge(*map(_ordered_rows, paths)):
        if last is not None and row[:2] == last[:2]:
            raise InputError(
                f"{path}: {row.file} stands in {its_path} as well; delete both manifests and run "
                "their batches again"
            )
        yield row
        last, its_path = row, path


def _ordered_rows(path: Path) -> Iterator[tuple[ManifestRow, Path]]:
    """Yield a manifest's rows with its path; the file is not open while the first row waits."""
    first = next(manifest_rows(path), None)
    if first is not None:
        yield first, path
    for row, following in itertools.pairwise(manifest_rows(path)):
        if following < row:
            raise InputError(
                f"{path}: its rows are not in order; delete it and run its batch again"
            )
        yield following, path
