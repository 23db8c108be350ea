"""Reasons to make results anew that Snakemake does not see by itself.

The first is that no record says how results were made. Snakemake keeps a record of how each result
was made, and compares. Without a record it regards a result as up to date, unless an input is
newer. So the first rules of the workflow have the file `RECORDS_BEGAN` as an input. Where there is
no record yet, its time is new, and these rules run. Where there are records, Snakemake compares its
content, which never changes.

The second is that the user's files have another content. Snakemake compares the content of an input
only if the input is newer than the output. A recording that is restored is older, and so is a file
that `git checkout` changes before `dvc checkout` brings the results: their changes would stay
unnoticed. So a rule with such inputs has their digest as a parameter, which is always compared.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from avdistill.files.manifest import file_sha256

RECORDS = Path(".snakemake/metadata")
RECORDS_BEGAN = ".snakemake/records_began"
RESULTS = Path("results")
_NO_RESULTS = {"benchmarks", "live", "logs", "tensorboard"}  # exist also without results
_TEXT = "Results that are older than this file, and without a record, are made anew.\n"


def prepare_full_rerun() -> str | None:
    """Give `RECORDS_BEGAN` a new time if there is no record.

    Returns
    -------
    A message to the user, why all results are made anew; None: they are not.
    """
    is_recorded = has_records()
    if not is_recorded or not Path(RECORDS_BEGAN).exists():
        RECORDS.parent.mkdir(exist_ok=True)
        Path(RECORDS_BEGAN).write_text(_TEXT, encoding="utf-8")
    if not is_recorded and _has_results():
        return (
            f"{RESULTS}: no record in {RECORDS} says how these were made; all of them are made anew"
        )
    if _are_of_older_version():
        return f"{RESULTS}: made by an older version of avdistill; all of them are made anew"
    return None


def has_records() -> bool:
    """Return whether Snakemake has a record of any result."""
    return any(path.is_file() for path in RECORDS.rglob("[!.]*"))


def _has_results() -> bool:
    kept = (path for path in RESULTS.glob("[!.]*") if path.name not in _NO_RESULTS)
    return any(path.is_file() for top in kept for path in (top, *top.rglob("[!.]*")))


def _are_of_older_version() -> bool:
    """Return whether the first result's record lists source files, as older versions' records."""
    record = RECORDS / base64.urlsafe_b64encode(b"results/dataset.json").decode()
    try:
        inputs = json.loads(record.read_bytes())["input"] or []
    except (FileNotFoundError, ValueError, KeyError):
        return False  # there is none, or it is cut off: Snakemake ignores it, too
    return any(name.startswith("src/avdistill/") for name in inputs)


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
