"""Manifests: what a folder holds, file by file, with sizes and sha256 digests.

Snakemake compares files by content but never folders, so each rule that fills a folder also
writes a manifest, and what follows depends on the manifest.
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
    """Measure what a file holds."""
    return ManifestRow(sequence, file, len(data), hashlib.sha256(data).hexdigest())


def file_sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file of any size."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def check_sha256(file: Path, found: str, wanted: str | None) -> None:
    """See that a file is the one that was named.

    Parameters
    ----------
    found, wanted : hexadecimal digests; without one that is wanted any file will do.

    Raises
    ------
    InputError : it is another one.
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
    """Write what `merge_manifests` gives as CSV, atomically, without holding it in memory."""
    write_csv(path, ManifestRow._fields, merge_manifests(manifests))


def read_manifest(path: Path) -> list[ManifestRow]:
    """Read a manifest back; raises `InputError` as `manifest_rows`."""
    return list(manifest_rows(path))


def manifest_rows(path: Path) -> Iterator[ManifestRow]:
    """Read a manifest row by row: a list of raw files is too long for memory before others are.

    Raises
    ------
    InputError : as `avdistill.files.csv_tables.read_csv`.
    """
    return itertools.starmap(ManifestRow, read_csv(path, _TABLE))


def merge_manifests(paths: Iterable[Path]) -> Iterator[ManifestRow]:
    """Put the batches' manifests together, in order; the result does not depend on the batches.

    A manifest is open only from its first row's turn to its last's, and no other rows are held.

    Raises
    ------
    InputError : a file stands twice, in two of them or in one; a manifest's rows are not in order;
        or as `manifest_rows`.
    """
    firsts = ((next(manifest_rows(path), None), path) for path in paths)
    waiting = sorted(((row, path) for row, path in firsts if row is not None), reverse=True)
    turns: list[tuple[ManifestRow, Path, int, Iterator[ManifestRow]]] = []
    last, its_path = None, None
    while waiting or turns:
        while waiting and (not turns or waiting[-1] <= turns[0][:2]):
            _, path = waiting.pop()
            rows = manifest_rows(path)
            heapq.heappush(turns, (next(rows), path, len(waiting), rows))
        row, path, number, rows = turns[0]
        if last is not None and row[:2] == last[:2]:
            raise InputError(
                f"{path}: {row.file} stands in {its_path} as well; delete both manifests and run "
                "their batches again"
            )
        yield row
        last, its_path = row, path
        following = next(rows, None)
        if following is None:
            heapq.heappop(turns)
        elif following < row:
            raise InputError(
                f"{path}: its rows are not in order; delete it and run its batch again"
            )
        else:
            heapq.heapreplace(turns, (following, path, number, rows))
