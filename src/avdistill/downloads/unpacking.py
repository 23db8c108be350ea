"""Unpacking a data set's archive without trusting it."""

import bz2
import filecmp
import gzip
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NoReturn

from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.files.atomic import PARTIAL_PREFIX, atomic_directory

_CHUNK = 2**20
_LONGEST_NAME, _LONGEST_PATH = 255, 1024  # bytes; file systems allow no longer names
_DRIVE = re.compile(r"[A-Za-z]:")
_UNSAFE_CHARACTER = re.compile(r"[\\\x00-\x1f\x7f]")

_DECOMPRESSORS: dict[bytes, Callable[[Path], IO[bytes]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
# What the standard library raises for a damaged archive; bz2 and gzip raise a bare OSError.
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RecursionError,
)


def safe_parts(name: str) -> tuple[str, ...]:
    """Split an entry's name into the parts of a path that stays in the folder it is put in.

    The folder itself, `./`, has no parts.

    Raises
    ------
    InputError : the name is absolute, has a drive letter, `..`, a backslash or a control
        character, or is longer than file systems allow.
    """
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if name.startswith("/") or ".." in parts or any(_DRIVE.match(part) for part in parts):
        raise InputError(f"the entry {name!r} leaves the folder; use an archive without it")
    if _UNSAFE_CHARACTER.search(name):
        raise InputError(
            f"the entry {name!r} has a backslash or a control character in its name; "
            "use an archive without it"
        )
    lengths = [len(part.encode("utf-8", "surrogateescape")) for part in parts]
    if max(lengths, default=0) > _LONGEST_NAME or sum(lengths) + len(parts) > _LONGEST_PATH:
        raise InputError(f"the entry {name[:80]!r}… has too long a name; use an archive without it")
    return parts


class _Folder:
    """A folder being filled from an archive, which counts what is really written.

    An archive's own figures can lie.
    """

    def __init__(self, root: Path, max_bytes: int, max_files: int):
        self.root = root
        self.max_bytes = max_bytes
        self.max_files = max_files
        self.bytes = 0
        self.entries = 0
        self.folders: set[tuple[str, ...]] = {()}

    def add_folder(self, parts: tuple[str, ...]) -> None:
        """Make a folder and those above it; each counts, for folders can be a bomb too."""
        for depth in range(1, len(parts) + 1):
            folder = parts[:depth]
            if folder not in self.folders:
                self._count_entry()
                with _one_entry_per_place(folder):
                    self.root.joinpath(*folder).mkdir()
                self.folders.add(folder)

    def add_file(self, parts: tuple[str, ...], content: IO[bytes]) -> None:
        """Write one file from a stream."""
        self.add_folder(parts[:-1])
        self._count_entry()
        with _one_entry_per_place(parts):
            output = self.root.joinpath(*parts).open("xb")
        with output:
            while chunk := content.read(_CHUNK):
                self.bytes += len(chunk)
                if self.bytes > self.max_bytes:
                    raise InputError(
                        f"unpacks to more than {self.max_bytes} bytes; if that is right, "
                        "raise max_bytes"
                    )
                output.write(chunk)

    def _count_entry(self) -> None:
        self.entries += 1
        if self.entries > self.max_files:
            raise InputError(
                f"holds more than {self.max_files} files and folders; if that is right, "
                "raise max_files"
            )


@contextmanager
def _one_entry_per_place(parts: tuple[str, ...]) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise InputError(
            f"two entries in one place, {'/'.join(parts)!r}; use an archive without them"
        ) from None


def unpack(archive: Path, destination: Path, *, max_bytes: int, max_files: int) -> None:
    """Unpack a zip or tar (plain, gz, bz2, xz) archive into the new folder `destination`.

    Only names and contents are taken over: no owners, permissions or times.

    Raises
    ------
    InputError : an entry leaves the folder, is a link (symbolic or hard), a device or encrypted,
        or comes twice; the archive is missing or damaged, or unpacks to more than `max_bytes` or
        to more than `max_files` files and folders. Then `destination` is what it was before.
    """
    archive = Path(archive)
    if not archive.is_file():
        raise InputError(f"{archive}: no such archive; correct the path, or get the archive")
    with archive.open("rb") as handle:
        magic = handle.read(6)
    try:
        with atomic_directory(destination) as partial:
            folder = _Folder(partial, max_bytes, max_files)
            if magic.startswith(b"PK"):
                _unpack_zip(archive, folder)
            else:
                opener = next((o for m, o in _DECOMPRESSORS.items() if magic.startswith(m)), open)
                _unpack_tar(archive, opener, folder)
    except InputError as error:
        raise InputError(f"{archive}: {error}") from error
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's, not the archive's
        raise InputError(
            f"{archive}: damaged, or not a zip or tar archive ({error}); get it again"
        ) from error


def unpack_together(
    archives: Sequence[Path], destination: Path, *, max_bytes: int, max_files: int
) -> None:
    """Unpack several archives, the parts of one data set, into the new folder `destination`.

    Raises
    ------
    InputError : `unpack` refuses an archive, the limits being those of each; or two hold different
        files of one name, or a file and a folder. Then `destination` is what it was before.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    with (
        atomic_directory(destination) as whole,
        TemporaryDirectory(dir=destination.parent, prefix=PARTIAL_PREFIX) as spare,
    ):
        for number, archive in enumerate(archives):
            part = Path(spare, str(number))
            unpack(archive, part, max_bytes=max_bytes, max_files=max_files)
            try:
                for path in sorted(part.rglob("*")):
                    name = path.relative_to(part)
                    with _one_entry_per_place(name.parts):
                        _move(path, whole / name)
            except InputError as error:
                raise InputError(f"{archive}: with the archives before it, {error}") from error


def _move(path: Path, place: Path) -> None:
    """Put a file or an empty folder in its place, where the same may be already."""
    if path.is_dir():
        place.mkdir(exist_ok=True)
    elif not place.exists():
        path.rename(place)
    elif place.is_dir() or not filecmp.cmp(path, place, shallow=False):
        raise FileExistsError


def _unpack_zip(archive: Path, folder: _Folder) -> None:
    with zipfile.ZipFile(archive) as entries:
        for entry in tqdm(entries.infolist(), desc="unpack", unit="entries"):
            parts = safe_parts(entry.orig_filename)
            kind = stat.S_IFMT(entry.external_attr >> 16)  # 0: packed by other systems than Unix
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                _refuse(entry.filename, link=kind == stat.S_IFLNK)
            if entry.is_dir() or kind == stat.S_IFDIR:
                folder.add_folder(parts)
                continue
            try:
                content = entries.open(entry)
            except (NotImplementedError, RuntimeError) as error:  # a strange method, or encrypted
                raise InputError(f"{error}; pack it again without that") from error
            with content:
                folder.add_file(parts, content)


class _SmallReads:
    """A tar stream that gives no more than a chunk at once.

    `tarfile` reads a header's extension whole, however large it says it is.
    """

    def __init__(self, stream: IO[bytes]):
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _CHUNK:
            raise InputError("has a header of more than a mebibyte; use another archive")
        return self._stream.read(size)


def _unpack_tar(archive: Path, opener: Callable[..., IO[bytes]], folder: _Folder) -> None:
    with (
        opener(archive, "rb") as stream,
        tarfile.open(fileobj=_SmallReads(stream), mode="r:") as entries,
    ):
        # `tarfile` itself extracts nothing, so none of its filters is needed: names are checked
        # here, and contents are written without any of the entry's other metadata.
        for entry in tqdm(entries, desc="unpack", unit="entries"):
            parts = safe_parts(entry.name)
            if entry.isdir():
                folder.add_folder(parts)
            elif entry.isreg():
                folder.add_file(parts, entries.extractfile(entry))
            else:
                _refuse(entry.name, link=entry.issym() or entry.islnk())
        # To `tarfile` an unreadable header, and a file cut between two entries, are just the end.
        stream.seek(entries.offset)
        if stream.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise tarfile.ReadError("it has no end mark")
        # Read to the end, where the check sum of a compressed stream is; padding is never long.
        if len(stream.read(_CHUNK)) == _CHUNK:
            raise tarfile.ReadError("it goes on after its end mark")


def _refuse(name: str, *, link: bool) -> NoReturn:
    kind = "a link" if link else "neither a file nor a folder"
    raise InputError(f"the entry {name!r} is {kind}; use an archive without it")
