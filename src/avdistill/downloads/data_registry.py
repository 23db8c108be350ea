"""The data registry: external data and weights with their licences, addresses and checksums.

`config/data_registry.yaml` is the only file with such addresses.
"""

import textwrap
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from avdistill.downloads.stamp import ArchiveIdentity
from avdistill.errors import InputError, explain_errors

Text = Annotated[str, Field(min_length=1)]


class RemoteFile(BaseModel, extra="forbid", frozen=True):
    """A file to download; None for what is not published."""

    address: Annotated[str, Field(pattern=r"^https?://[^\s/]+/\S+$")]
    size: Annotated[int, Field(gt=0)] | None
    md5: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None

    @property
    def name(self) -> str:
        """Return the last part of the address."""
        return self.address.rpartition("/")[2]

    @property
    def identity(self) -> ArchiveIdentity:
        """Return size and checksum, by which a download is verified; None for what is unknown."""
        algorithm = "sha256" if self.sha256 else "md5"
        return ArchiveIdentity(self.size, algorithm, getattr(self, algorithm))


class Entry(BaseModel, extra="forbid", frozen=True):
    """A data set, or trained weights.

    Attributes
    ----------
    home : address of the page that describes it.
    access : `download`, or `request` if one must ask the owner for it.
    note : what is unknown, and what to do about it.
    """

    title: Text
    version: Text | None
    licence: Text | None
    home: Annotated[str, Field(pattern=r"^https?://\S+$")]
    access: Literal["download", "request"]
    files: list[RemoteFile]
    note: Text | None

    @model_validator(mode="after")
    def _say_what_is_unknown(self) -> Self:
        identities = [value for file in self.files for value in file.identity]
        if None in (self.version, self.licence, *identities) and self.note is None:
            raise ValueError("something is null, which the note must explain")
        if bool(self.files) != (self.access == "download"):
            raise ValueError("what is downloaded has files, what is asked for has none")
        return self

    @property
    def size(self) -> int | None:
        """Return the bytes of all files; None if one is unknown or there is no file."""
        sizes = [file.size for file in self.files]
        return sum(sizes) if sizes and None not in sizes else None


def read_registry(path: Path) -> dict[str, Entry]:
    """Return the entries of the registry by name.

    Raises
    ------
    InputError : the file is missing, is not YAML, or an entry is incomplete or wrong.
    """
    problems = {
        OSError: "cannot be read ({error.strerror}); name the registry",
        (yaml.YAMLError, UnicodeDecodeError): "not YAML ({error}); correct it",
    }
    try:
        with explain_errors(path, problems), path.open(encoding="utf-8") as handle:
            return TypeAdapter(dict[str, Entry]).validate_python(yaml.safe_load(handle))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"{path}: {where}: {first['msg']}; correct it") from None


def find_entry(path: Path, name: str) -> Entry:
    """Return one entry, after a check that all its files can be verified.

    Raises
    ------
    InputError : `read_registry` refuses the file, there is no such entry, the entry has nothing to
        download, or a file has no size or checksum.
    """
    registry = read_registry(path)
    if name not in registry:
        raise InputError(f"{path}: has no entry {name}; there are {', '.join(registry)}")
    entry = registry[name]
    if not entry.files:
        raise InputError(f"{path}: {name} must be asked for, at {entry.home}")
    for file in entry.files:
        if None in file.identity:
            raise InputError(
                f"{path}: {name}: {file.name} has no size or no checksum, so that a download "
                "could not be verified; add them"
            )
    return entry


def describe(registry: dict[str, Entry]) -> str:
    """Return the registry as a table of entries and files, with the notes below."""
    rows = [("name", "version", "size", "checksum", "licence", "from")]
    for name, entry in registry.items():
        size = "?" if entry.size is None else f"{entry.size:,}"
        rows.append((name, entry.version or "?", size, "", entry.licence or "?", entry.home))
        for file in entry.files:
            _, algorithm, digest = file.identity
            checksum = f"{algorithm} {digest}" if digest else "?"
            size = "?" if file.size is None else f"{file.size:,}"
            rows.append(("", "", size, checksum, "", file.address))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.rjust(width) if number == 2 else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    notes = [
        textwrap.fill(f"{name}: {entry.title}. {entry.note or ''}", 100, subsequent_indent="  ")
        for name, entry in registry.items()
    ]
    return "\n".join([*lines, "", "Sizes in bytes; ? is unknown.", "", *notes])
