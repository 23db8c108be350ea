"""Results that are made anew as a whole, since no record says how they were made.

Snakemake keeps a record of how each result was made, and compares. Where it has none, it takes what
is there for up to date, unless an input is newer. So the rules with which everything begins have
`RECORDS_BEGAN` as an input: a file without meaning but for its time, which is new wherever there is
no record yet. Where there are records, its content is compared, and never changes.
"""

import base64
import json
from itertools import chain
from pathlib import Path

RECORDS = Path(".snakemake/metadata")
RECORDS_BEGAN = ".snakemake/records_began"
RESULTS = Path("results")
_NO_RESULTS = {"benchmarks", "live", "logs", "tensorboard"}  # also left by a run that made nothing
_TEXT = "Results that are older than this file, and without a record, are made anew.\n"


def prepare_full_rerun() -> str | None:
    """Give `RECORDS_BEGAN` a new time if there is no record; say why everything is made anew.

    Returns
    -------
    One message for the user; None: not everything is made anew.
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
    kept = [path for path in RESULTS.glob("[!.]*") if path.name not in _NO_RESULTS]
    return any(path.is_file() for one in kept for path in chain([one], one.rglob("[!.]*")))


def _are_of_older_version() -> bool:
    """Whether the record of the first result lists source files, as those of older versions do."""
    record = RECORDS / base64.urlsafe_b64encode(b"results/dataset.json").decode()
    try:
        inputs = json.loads(record.read_bytes())["input"] or []
    except (FileNotFoundError, ValueError, KeyError):
        return False  # there is none, or it was cut off: Snakemake passes over it, too
    return any(name.startswith("src/avdistill/") for name in inputs)
