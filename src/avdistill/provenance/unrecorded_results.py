"""Making all results anew where no record says how they were made.

Snakemake keeps a record of how each result was made, and compares. Without a record it regards a
result as up to date, unless an input is newer. So the first rules of the workflow have the file
`RECORDS_BEGAN` as an input. Where there is no record yet, its time is new, and these rules run.
Where there are records, Snakemake compares its content, which never changes.
"""

import base64
import json
from pathlib import Path

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
    has_records = any(path.is_file() for path in RECORDS.rglob("[!.]*"))
    if not has_records or not Path(RECORDS_BEGAN).exists():
        RECORDS.parent.mkdir(exist_ok=True)
        Path(RECORDS_BEGAN).write_text(_TEXT, encoding="utf-8")
    if not has_records and _has_results():
        return (
            f"{RESULTS}: no record in {RECORDS} says how these were made; all of them are made anew"
        )
    if _are_of_older_version():
        return f"{RESULTS}: made by an older version of avdistill; all of them are made anew"
    return None


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
