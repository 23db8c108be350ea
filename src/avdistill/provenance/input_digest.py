"""A digest of files of the user's, so that their content decides what is made anew.

Snakemake compares the content of an input only if it is newer than what was made of it. A recording
that is put back, or a file that `git checkout` changes before `dvc checkout` brings the results, is
older, and its change would never be noticed. So a rule with such inputs has their digest as a
parameter, which is compared whatever the times of files.
"""

import hashlib
from functools import cache
from pathlib import Path

from avdistill.files.manifest import file_sha256


@cache
def input_digest(*files: str) -> str:
    """Digest what files hold, in their order; each is read once while the workflow is planned.

    Returns
    -------
    Hexadecimal sha256.

    Raises
    ------
    FileNotFoundError : one is missing; Snakemake names missing inputs itself.
    """
    digests = [f"{file_sha256(Path(file))}\n" for file in files]
    return hashlib.sha256("".join(digests).encode()).hexdigest()
