"""Putting the trees of AVIA's raw layout where the workflow finds them.

Acoustic images lie in one tree, audio and video in the other; only those asked for need be there.

Below the raw folder real data are links, simulated data are folders: what is a folder there is
never replaced, and what is a link never written into.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from avdistill.avia.vocabulary import TREES
from avdistill.downloads.stamp import describe_files
from avdistill.downloads.unpacking import unpack
from avdistill.errors import InputError
from avdistill.files.atomic import PARTIAL_PREFIX, atomic_directory
from avdistill.files.manifest import ManifestRow

UNPACKED = "unpacked"
_LOCATION = re.compile(r"Location_\d+")


def place_archive(
    archive: Path, raw: Path, *, trees: Sequence[str] = TREES, max_bytes: int, max_files: int
) -> None:
    """Unpack an archive's trees into `raw/unpacked` and link them into `raw`.

    The trees lie at the archive's top, or below one common folder; other entries are dropped.

    Raises
    ------
    InputError : `avdistill.downloads.unpacking.unpack` refuses the archive, it has no such trees,
        it lies in `raw/unpacked`, which is replaced, or `raw` holds such trees that are no links.
    """
    _refuse_folders(raw)
    unpacked = raw / UNPACKED
    if Path(archive).resolve().is_relative_to(unpacked.resolve()):
        raise InputError(f"{archive}: lies in {unpacked}, which is replaced; move it elsewhere")
    with atomic_directory(unpacked) as partial:
        entries = partial / "entries"
        unpack(archive, entries, max_bytes=max_bytes, max_files=max_files)
        top = _find_top(entries, trees, archive)
        for tree in trees:
            _refuse_other_trees(top / tree, f"{archive}: {tree}")
            (top / tree).rename(partial / tree)
        shutil.rmtree(entries)
    link_unpacked(raw, trees)


def link_unpacked(raw: Path, trees: Sequence[str] = TREES) -> None:
    """Link the trees of `raw/unpacked` into `raw`; the links go with the folder when it is moved.

    Raises
    ------
    InputError : `raw` holds such trees that are no links.
    """
    _refuse_folders(raw)
    _link(raw, {tree: Path(UNPACKED, tree) for tree in trees})


def link_folders(folders: Mapping[str, Path], raw: Path) -> None:
    """Link trees that lie elsewhere into `raw`; nothing is copied or changed.

    Parameters
    ----------
    folders : by the name of the tree, `matfiles` and `sync` or one of them.

    Raises
    ------
    InputError : a folder is missing or no tree of AVIA's, or `raw` holds such trees that are no
        links.
    """
    _refuse_folders(raw)
    for folder in map(Path, folders.values()):
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder; correct the path")
        _refuse_other_trees(folder, str(folder))
    _link(raw, {tree: Path(folder).resolve() for tree, folder in folders.items()})


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


def describe_trees(raw: Path, trees: Sequence[str] = TREES) -> list[ManifestRow]:
    """List trees below `raw`, one row each; see `describe_files` for what is looked at.

    Contents stand in the manifests that `avdistill.avia.check` makes.
    """
    described = [(tree, describe_files(raw / tree)) for tree in trees]
    return [ManifestRow("", tree, files.size, files.sha256) for tree, files in described]


def _find_top(entries: Path, trees: Sequence[str], archive: Path) -> Path:
    tops = [
        folder
        for folder in (entries, *sorted(entries.iterdir()))
        if all((folder / tree).is_dir() for tree in trees)
    ]
    if len(tops) != 1:
        found = "in more than one folder" if tops else "neither at its top nor in one folder there"
        named = f"trees {' and '.join(trees)}" if len(trees) > 1 else f"tree {trees[0]}"
        raise InputError(f"{archive}: has the {named} {found}; pack what is needed together, once")
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


def _link(raw: Path, targets: Mapping[str, Path]) -> None:
    raw.mkdir(parents=True, exist_ok=True)
    for tree in TREES:
        link = raw / tree
        if tree not in targets:  # it would be the tree of other data
            link.unlink(missing_ok=True)
            continue
        partial = link.with_name(PARTIAL_PREFIX + tree)
        partial.unlink(missing_ok=True)
        partial.symlink_to(targets[tree], target_is_directory=True)
        partial.replace(link)
