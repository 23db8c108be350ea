"""The folders of the two trees of AVIA's raw layout."""

import re
from pathlib import Path, PurePath
from typing import NamedTuple

from avdistill.avia.vocabulary import TREE_OF
from avdistill.errors import InputError

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
