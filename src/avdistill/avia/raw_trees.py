"""The two trees of AVIA's raw layout: their folders, and what earlier runs left in the raw folder.

The workflow reads the user's folders in place (`dataset.folders`). An earlier version linked them
into the raw folder. DVC tracks that folder. A checkout of a simulated run would write through the
links and overwrite the user's recordings.
"""

import re
import sys
from pathlib import Path, PurePath
from typing import NamedTuple

from avdistill.avia.vocabulary import TREE_OF, TREES
from avdistill.downloads.stamp import STAMP_FILE
from avdistill.errors import InputError
from avdistill.files.atomic import PARTIAL_PREFIX

RAW = Path("results/raw")
_LOCATION = re.compile(r"Location_\d+")


class RawTrees(NamedTuple):
    """The folders of the trees; None for a tree that is not needed.

    They need not be in the same folder, nor be named `matfiles` and `sync`.
    """

    matfiles: Path | None
    sync: Path | None

    @classmethod
    def below(cls, raw: Path) -> "RawTrees":
        """Return the trees in one folder that are named `matfiles` and `sync`."""
        return cls(Path(raw, "matfiles"), Path(raw, "sync"))

    def name_of(self, modality: str, path: Path) -> str:
        """Return a path's name in manifests and reports, such as `sync/Location_1/…/A_1.npy`.

        It does not depend on the folders of the trees.
        """
        tree = TREE_OF[modality]
        return PurePath(tree, path.relative_to(getattr(self, tree))).as_posix()

    def __str__(self) -> str:
        return " and ".join(str(folder) for folder in self if folder is not None)


def check_tree(folder: Path, name: str) -> None:
    """Check that a folder is one of the trees; messages name it `name`.

    Raises
    ------
    InputError : the folder is missing, or has no scenario in it.
    """
    if not folder.is_dir():
        raise InputError(f"{name}: no such folder; correct the path")
    if not any(_LOCATION.fullmatch(path.name) for path in folder.iterdir()):
        raise InputError(f"{name}: holds no folder Location_1 or the like; see AVIA's raw layout")


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
