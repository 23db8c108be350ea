"""A digest of the user's files, so that a change of their content reruns what is made from them.

Snakemake compares the content of an input only if the input is newer than the output. A recording
that is restored is older, and so is a file that `git checkout` changes before `dvc checkout` brings
the results: their changes would stay unnoticed. So a rule with such inputs has their digest as a
parameter, which is always compared.
"""

import hashlib
from functools import cache
from pathlib import Path

from avdistill.files.manifest import file_sha256


@cache
def input_digest(*files: str) -> str:
    """Return the hexadecimal sha256 of the content of files, in their order.

    Each file is read once while the workflow is planned.

    Raises
    ------
    FileNotFoundError : one is missing; Snakemake names missing inputs itself.
    """
    digests = [f"{file_sha256(Path(file))}\n" for file in files]
    return hashlib.sha256("".join(digests).encode()).hexdigest()
