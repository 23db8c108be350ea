"""What earlier runs left in the raw folder: links that endanger data, and trees of other data.

The workflow reads the user's folders in place (`dataset.folders`). An earlier version
linked them into the raw folder. DVC tracks that folder. A checkout of a simulated run would write
through the links and overwrite the user's recordings.
"""

import sys
from pathlib import Path

from avdistill.avia.vocabulary import TREES
from avdistill.downloads.stamp import STAMP_FILE
from avdistill.errors import InputError
from avdistill.files.atomic import PARTIAL_PREFIX

RAW = Path("results/raw")


def unlink_old_links(raw: Path = RAW) -> None:
    """Remove the links that an earlier version made; their targets are not touched.

    These are links directly in `raw` that are named like a tree or an unfinished tree. One message
    lists them.
    """
    names = [f"{prefix}{tree}" for prefix in ("", PARTIAL_PREFIX) for tree in TREES]
    removed = []
    for link in (raw / name for name in names):
        if link.is_symlink():
            removed.append(f"{link} -> {link.readlink()}")
            link.unlink(missing_ok=True)  # another job may have removed it
    if removed:
        print(
            f"Removed links of an earlier version: {', '.join(removed)}. "
            "The data that they led to are as they were.",
            file=sys.stderr,
            flush=True,
        )


def refuse_other_trees(raw: Path, *, from_archive: bool) -> None:
    """Check that trees in `raw` are of the kind that will be written there.

    Parameters
    ----------
    from_archive : whether trees of an archive will be written, not simulated ones.

    Raises
    ------
    InputError : there is a tree of the other kind, which would be lost or mixed with the new.
    """
    for tree in (raw / name for name in TREES):
        if tree.exists() and (tree / STAMP_FILE).exists() != from_archive:
            kind = "simulated or your own" if from_archive else "unpacked from an archive"
            raise InputError(
                f"{tree}: is there already, {kind}; "
                "move or delete it, or use another folder for the results"
            )
