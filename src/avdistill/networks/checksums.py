"""Files of weights from elsewhere, known by their sha256."""

from pathlib import Path

from avdistill.errors import InputError


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
