"""Safe unpacking of a data set's archive that is not trusted.

The standard library reads and extracts. This module adds limits, and refuses entries that no data
set needs.
"""

import bz2
import filecmp
import gzip
import lzma
import os
import re
import stat
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.files.atomic import PARTIAL_PREFIX, atomic_directory

_MEBIBYTE = 2**20
_LONGEST_NAME, _LONGEST_PATH = 255, 1024  # bytes, the limits of file systems
_LEAVING = re.compile(
    r"/|(.*/)?(\.\.(/|\Z)|[A-Za-z]:)", re.DOTALL
)  # absolute paths, `..` and drive letters
_UNSAFE_CHARACTER = re.compile(r"[\\\x00-\x1f\x7f]")
_DECOMPRESSORS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}


def safe_parts(name: str) -> tuple[str, ...]:
    """Return the parts of an entry's path, after a check that it stays in the target folder.

    The folder itself, `./`, has no parts.

    Raises
    ------
    InputError : the name is absolute, has a drive letter, `..`, a backslash or a control
        character, or is longer than file systems allow.
    """
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    sizes = [len(os.fsencode(part)) for part in parts]
    problems = {
        "leaves the folder": _LEAVING.match(name),
        "has a backslash or a control character in its name": _UNSAFE_CHARACTER.search(name),
    }
    _refuse_entry(name, problems)
    is_long = max(sizes, default=0) > _LONGEST_NAME or sum(sizes) + len(sizes) > _LONGEST_PATH
    _refuse_entry(f"{name[:80]}…", {"has too long a name": is_long})
    return parts


def _refuse_entry(name: str, problems: Mapping[str, object], archive: str = "") -> None:
    """Refuse an entry that has one of several problems: what each is, and whether it is so."""
    for problem, is_so in problems.items():
        if is_so:
            raise InputError(f"{archive}the entry {name!r} {problem}; use an archive without it")


class _Contents:
    """The files and folders found in an archive so far, with limits."""

    def __init__(self, max_bytes: int, max_files: int):
        self.max_bytes = max_bytes
        self.max_files = max_files
        self.bytes = 0
        self.is_folder: dict[tuple[str, ...], bool] = {(): True}

    def add(self, name: str, size: int | None) -> None:
        """Count a file of `size` bytes, or a folder (None), before it is extracted.

        Its parent folders count as well, since too many folders also do harm.
        """
        parts = safe_parts(name)
        for depth in range(len(parts) + 1):
            place, is_folder = parts[:depth], size is None or depth < len(parts)
            again = place in self.is_folder and not (is_folder and self.is_folder[place])
            _refuse_entry("/".join(place) or ".", {"comes twice": again})
            self.is_folder[place] = is_folder
        if len(self.is_folder) - 1 > self.max_files:
            raise InputError(
                f"holds more than {self.max_files} files and folders; if that is right, "
                "raise max_files"
            )
        self.bytes += size or 0
        if self.bytes > self.max_bytes:
            raise InputError(
                f"unpacks to more than {self.max_bytes} bytes; if that is right, raise max_bytes"
            )


def unpack(archive: Path, destination: Path, *, max_bytes: int, max_files: int) -> None:
    """Unpack a zip or tar (plain, gz, bz2, xz) archive into the new folder `destination`.

    Only names and contents are kept, not owners, permissions or times.

    Raises
    ------
    InputError : an entry leaves the folder, is a link (symbolic or hard), a device, sparse or
        encrypted, or comes twice; the archive is missing or damaged, or unpacks to more than
        `max_bytes` or to more than `max_files` files and folders; or this Python is too old to
        unpack a tar archive safely. Then `destination` stays as it was.
    """
    if not archive.is_file():
        raise InputError(f"{archive}: no such archive; correct the path, or get the archive")
    with archive.open("rb") as file:
        magic = file.read(6)
    try:
        with atomic_directory(destination) as partial:
            contents = _Contents(max_bytes, max_files)
            if magic.startswith(b"PK"):
                _extract_zip(archive, partial, contents)
            else:
                openers = [_DECOMPRESSORS[key] for key in _DECOMPRESSORS if magic.startswith(key)]
                with (openers or [open])[0](archive, "rb") as stream:
                    _extract_tar(stream, partial, contents)
    except InputError as error:
        raise InputError(f"{archive}: {error}") from error
    except Exception as error:  # a damaged archive can raise nearly any exception
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk is the cause, not the archive
        raise InputError(
            f"{archive}: damaged, or not a zip or tar archive ({error}); get it again"
        ) from error


def unpack_together(
    archives: Sequence[Path], destination: Path, *, max_bytes: int, max_files: int
) -> None:
    """Unpack several archives, the parts of one data set, into the new folder `destination`.

    Raises
    ------
    InputError : `unpack` refuses an archive (the limits hold for each), or two archives have
        different files, or a file and a folder, of the same name. Then `destination` stays as it
        was.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    with (
        atomic_directory(destination) as whole,
        TemporaryDirectory(dir=destination.parent, prefix=PARTIAL_PREFIX) as spare,
    ):
        for number, archive in enumerate(archives):
            part = Path(spare, str(number))
            unpack(archive, part, max_bytes=max_bytes, max_files=max_files)
            for path in sorted(part.rglob("*")):
                name = path.relative_to(part)
                place, is_folder = whole / name, path.is_dir()
                if not place.exists():
                    place.mkdir() if is_folder else path.rename(place)
                    continue
                are_equal = place.is_dir() == is_folder and (
                    is_folder or filecmp.cmp(path, place, shallow=False)
                )
                problems = {"differs from that of an archive before": not are_equal}
                _refuse_entry(name.as_posix(), problems, f"{archive}: ")


def _extract_zip(archive: Path, folder: Path, contents: _Contents) -> None:
    with zipfile.ZipFile(archive) as entries:
        for entry in tqdm(entries.infolist(), desc="unpack", unit="entries"):
            kind = stat.S_IFMT(entry.external_attr >> 16)  # 0 if not packed on Unix
            problems = {
                "is a link": kind == stat.S_IFLNK,
                "is neither a file nor a folder": kind not in (0, stat.S_IFREG, stat.S_IFDIR),
            }
            _refuse_entry(entry.filename, problems)
            # `zipfile` never writes more than this size.
            contents.add(entry.orig_filename, None if entry.is_dir() else entry.file_size)
            try:
                entries.extract(entry, folder)
            except RuntimeError as error:  # encrypted, or an unknown method of compression
                raise InputError(f"{error}; pack it again without that") from error


class _SmallReads:
    """A tar stream that refuses to read more than a mebibyte at once.

    `tarfile` reads a header's extension at once, whatever its size.
    """

    def __init__(self, stream: IO[bytes]):
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _MEBIBYTE:
            raise InputError("has a header of more than a mebibyte; use another archive")
        return self._stream.read(size)


def _extract_tar(stream: IO[bytes], folder: Path, contents: _Contents) -> None:
    if not hasattr(tarfile, "data_filter"):
        raise InputError("this Python cannot unpack tar archives safely; use 3.11.4 or later")
    with tarfile.open(fileobj=_SmallReads(stream), mode="r:") as entries:
        for entry in tqdm(entries, desc="unpack", unit="entries"):
            is_plain = entry.isdir() or entry.isreg()
            problems = {
                "is a link": entry.issym() or entry.islnk(),
                # A sparse file is refused too, since `tarfile` may write more than its size.
                "is neither a file nor a folder": entry.issparse() or not is_plain,
            }
            _refuse_entry(entry.name, problems)
            contents.add(entry.name, None if entry.isdir() else entry.size)
            entries.extract(entry, folder, set_attrs=False, filter="data")
        # `tarfile` takes an unreadable header, or a cut between two entries, for the end.
        stream.seek(entries.offset)
        if stream.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise tarfile.ReadError("it has no end mark")
        # Read to the end, where a compressed stream has its checksum; padding is never long.
        if len(stream.read(_MEBIBYTE)) == _MEBIBYTE:
            raise tarfile.ReadError("it goes on after its end mark")
