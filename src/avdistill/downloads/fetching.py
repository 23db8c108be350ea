"""Download, verification and unpacking of a data set's archives."""

import hashlib
import http.client
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tqdm import tqdm

from avdistill.downloads.stamp import ArchiveIdentity, is_unpacked, write_stamp
from avdistill.downloads.unpacking import unpack_together
from avdistill.errors import InputError, explain_errors
from avdistill.files.atomic import atomic_file

_CHUNK = 2**20
_TIMEOUT = 60  # seconds without data after which a connection counts as lost


def fetch_and_unpack(
    sources: Mapping[str, ArchiveIdentity], destination: Path, *, max_bytes: int, max_files: int
) -> None:
    """Unpack one or more archives into a folder, unless that was done already.

    Downloads are kept next to the folder until unpacking has succeeded.

    Parameters
    ----------
    sources : the archives' paths or addresses, and what `fetch` verifies of each.
    max_bytes, max_files : limits for each archive, see `avdistill.downloads.unpacking.unpack`.

    Raises
    ------
    InputError : as `fetch` and `avdistill.downloads.unpacking.unpack_together`.
    """
    downloads = destination.with_name(f"{destination.name}.download")
    identities = list(sources.values())
    if not is_unpacked(destination, identities):
        archives = [
            fetch(address, expected, downloads / address.rpartition("/")[2])
            for address, expected in sources.items()
        ]
        unpack_together(archives, destination, max_bytes=max_bytes, max_files=max_files)
        write_stamp(destination, identities)
    shutil.rmtree(downloads, ignore_errors=True)


def fetch(source: str, expected: ArchiveIdentity, destination: Path) -> Path:
    """Verify an archive, after a download if needed, and return its local path.

    Parameters
    ----------
    source : path of the archive, or its `file:`, `http:` or `https:` address.
    expected : the archive's size, and its `sha256` or `md5`. md5 detects damage but not forgery.
        It is for data whose publisher gives nothing else.
    destination : file to download to; a verified download that is there already is used again.

    Returns
    -------
    path : `destination` for a download, otherwise the archive's own path: it is not copied.

    Raises
    ------
    InputError : the archive is missing or cannot be fetched, its size or digest differs, or
        the digest is empty. An incomplete download never has the name `destination`.
    """
    if not expected.digest:
        raise InputError(f"{source}: no digest to verify it with; give its sha256 or md5")
    path = local_path(source)
    if path is None:
        if urlsplit(source).scheme not in ("http", "https"):
            raise InputError(f"{source}: not an address that can be fetched; use https, or a path")
        if not _is_verified(destination, expected):
            _download(source, expected, destination)
        return destination
    if not path.is_file():
        raise InputError(f"{path}: no such archive; correct the path, or get the archive")
    if (found := path.stat().st_size) != expected.size:
        raise InputError(
            f"{source}: is {found} bytes, not {expected.size}; get it again, or correct the size "
            f"and the {expected.algorithm}"
        )
    _check_digest(_digest_of(path, expected), expected, source)
    return path


def local_path(source: str) -> Path | None:
    """Return the path that a path or a `file:` address names; None for other addresses.

    Raises
    ------
    InputError : the address is malformed.
    """
    with explain_errors(source, {ValueError: "not an address ({error}); correct it"}):
        parts = urlsplit(source)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return None if parts.scheme in ("http", "https") or "://" in source else Path(source)


def _hasher(expected: ArchiveIdentity) -> "hashlib._Hash":
    return hashlib.new(expected.algorithm, usedforsecurity=False)


def _digest_of(path: Path, expected: ArchiveIdentity) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: _hasher(expected)).hexdigest()


def _is_verified(path: Path, expected: ArchiveIdentity) -> bool:
    return (
        path.is_file()
        and path.stat().st_size == expected.size
        and _digest_of(path, expected) == expected.digest.lower()
    )


def _download(address: str, expected: ArchiveIdentity, destination: Path) -> None:
    hasher, size = _hasher(expected), expected.size
    received = 0
    with (
        atomic_file(destination) as partial,
        partial.open("wb") as output,
        tqdm(total=size, unit="B", unit_scale=True, desc="download") as progress,
    ):
        for chunk in _chunks_from(address):
            received += len(chunk)
            if received > size:  # do not fill the disk with a wrong file
                raise InputError(
                    f"{address}: is more than the {size} bytes expected; "
                    f"correct the size and the {expected.algorithm}, or the address"
                )
            hasher.update(chunk)
            output.write(chunk)
            progress.update(len(chunk))
        if received < size:
            raise InputError(
                f"{address}: ended after {received} of {size} bytes; run again if the connection "
                f"was cut, else correct the size and the {expected.algorithm}"
            )
        _check_digest(hasher.hexdigest(), expected, address)


def _chunks_from(address: str) -> Iterator[bytes]:
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT) as response:
            while chunk := response.read(_CHUNK):
                yield chunk
    except urllib.error.HTTPError as error:
        with error:  # the error holds the connection open
            reason = f"the server answers {error.code} {error.reason}"
        raise InputError(f"{address}: {reason}; correct the address") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise InputError(
            f"{address}: cannot be fetched ({reason}); check the address and the network"
        ) from error


def _check_digest(found: str, expected: ArchiveIdentity, source: str) -> None:
    if found != expected.digest.lower():
        raise InputError(
            f"{source}: its {expected.algorithm} is {found}, not {expected.digest}; get it again, "
            f"or correct the {expected.algorithm}"
        )
