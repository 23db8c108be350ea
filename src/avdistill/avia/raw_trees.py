"""Putting the two trees of AVIA's raw layout where the workflow finds them.

Below the raw folder real data are links, simulated data are folders: what is a folder there is
never replaced, and what is a link never written into.
"""

import hashlib
import re
import shutil
from pathlib import Path

from avdistill.atomic import PARTIAL_PREFIX, atomic_directory
from avdistill.avia.raw_layout import TREES
from avdistill.avia.unpacking import unpack
from avdistill.errors import InputError
from avdistill.manifest import ManifestRow

UNPACKED = "unpacked"
_LOCATION = re.compile(r"Location_\d+")


def place_archive(archive: Path, raw: Path, *, max_bytes: int, max_files: int) -> None:
    """Unpack an archive's two trees into `raw/unpacked` and link them into `raw`.

    The trees lie at the archive's top, or below one common folder; other entries are dropped.

    Raises
    ------
    InputError : `avdistill.avia.unpacking.unpack` refuses the archive, it has no such trees, it
        lies in `raw/unpacked`, which is replaced, or `raw` holds such trees that are no links.
    """
    _refuse_folders(raw)
    unpacked = raw / UNPACKED
    if Path(archive).resolve().is_relative_to(unpacked.resolve()):
        raise InputError(f"{archive}: lies in {unpacked}, which is replaced; move it elsewhere")
    with atomic_directory(unpacked) as partial:
        entries = partial / "entries"
        unpack(archive, entries, max_bytes=max_bytes, max_files=max_files)
        top = _find_top(entries, archive)
        for tree in TREES:
            _refuse_other_trees(top / tree, f"{archive}: {tree}")
            (top / tree).rename(partial / tree)
        shutil.rmtree(entries)
    for tree in TREES:
        _link(raw / tree, Path(UNPACKED, tree))


def link_folders(matfiles: Path, sync: Path, raw: Path) -> None:
    """Link two trees that lie elsewhere into `raw`; nothing is copied or changed.

    Raises
    ------
    InputError : a folder is missing or no tree of AVIA's, or `raw` holds such trees that are no
        links.
    """
    _refuse_folders(raw)
    trees = dict(zip(TREES, (Path(matfiles), Path(sync)), strict=True))
    for folder in trees.values():
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder; correct the path")
        _refuse_other_trees(folder, str(folder))
    targets = {tree: folder.resolve() for tree, folder in trees.items()}
    for tree, target in targets.items():
        _link(raw / tree, target)


def refuse_links(raw: Path) -> None:
    """See that nothing written below `raw` can end up in somebody's recordings.

    Raises
    ------
    InputError : a tree below `raw` is a link, made by `link_folders` or `place_archive`.
    """
    for tree in TREES:
        if (raw / tree).is_symlink():
            raise InputError(
                f"{raw / tree}: a link to real data; delete the link to simulate data in its place"
            )


def describe_trees(raw: Path) -> list[ManifestRow]:
    """List the two trees below `raw`, one row each.

    The size is that of all files together, the digest that of their names and sizes: quick, and
    enough to see that a file came, went or changed its length. Contents stand in the manifests
    that `avdistill.avia.check` makes.
    """
    rows = []
    for tree in TREES:
        root = (raw / tree).resolve()  # rglob does not follow links
        sizes = {
            path.relative_to(root).as_posix(): path.stat().st_size
            for path in root.rglob("*")
            if path.is_file()
        }
        listing = ascii(sorted(sizes.items()))  # ASCII, since a file's name need not be text
        digest = hashlib.sha256(listing.encode("ascii")).hexdigest()
        rows.append(ManifestRow("", tree, sum(sizes.values()), digest))
    return rows


def _find_top(entries: Path, archive: Path) -> Path:
    tops = [
        folder
        for folder in (entries, *sorted(entries.iterdir()))
        if all((folder / tree).is_dir() for tree in TREES)
    ]
    if len(tops) != 1:
        found = "in more than one folder" if tops else "neither at its top nor in one folder there"
        raise InputError(
            f"{archive}: has the trees {' and '.join(TREES)} {found}; pack the two together, once"
        )
    return tops[0]


def _refuse_other_trees(folder: Path, name: str) -> None:
    if not any(_LOCATION.fullmatch(path.name) for path in folder.iterdir()):
        raise InputError(f"{name}: holds no folder Location_1 or the like; see AVIA's raw layout")


def _refuse_folders(raw: Path) -> None:
    for tree in TREES:
        if (raw / tree).exists() and not (raw / tree).is_symlink():
            raise InputError(
                f"{raw / tree}: is there already, simulated or your own; "
                "move or delete it, or use another folder for the results"
            )


def _link(link: Path, target: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    partial = link.with_name(PARTIAL_PREFIX + link.name)
    partial.unlink(missing_ok=True)
    partial.symlink_to(target, target_is_directory=True)
    partial.replace(link)
