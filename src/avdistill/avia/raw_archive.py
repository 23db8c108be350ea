"""Unpacking of AVIA's trees from an archive into the raw folder.

Acoustic images are in one tree, audio and video in the other. The archive needs only the trees that
are used. Each unpacked tree has a stamp, which identifies its archive.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from avdistill.avia.raw_trees import check_tree
from avdistill.avia.vocabulary import TREES
from avdistill.downloads.stamp import ArchiveIdentity, describe_files, is_unpacked, write_stamp
from avdistill.downloads.unpacking import unpack
from avdistill.errors import InputError
from avdistill.files.atomic import atomic_directory
from avdistill.files.manifest import ManifestRow


def unpack_trees(
    archive: Path, unpacked: Path, trees: Sequence[str], *, max_bytes: int, max_files: int
) -> None:
    """Unpack an archive's trees into the new folder `unpacked`.

    The trees are at the archive's top or in one folder there. Other entries are dropped.

    Raises
    ------
    InputError : `avdistill.downloads.unpacking.unpack` refuses the archive, it lacks one of
        the trees, or it lies in the folder `unpacked`, which is replaced.
    """
    if Path(archive).resolve().is_relative_to(unpacked.resolve()):
        raise InputError(f"{archive}: lies in {unpacked}, which is replaced; move it elsewhere")
    with atomic_directory(unpacked) as partial:
        entries = partial / "entries"
        unpack(archive, entries, max_bytes=max_bytes, max_files=max_files)
        top = _find_top(entries, trees, archive)
        for tree in trees:
            check_tree(top / tree, f"{archive}: {tree}")
            (top / tree).rename(partial / tree)
        shutil.rmtree(entries)


def place_trees(unpacked: Path, raw: Path, archive: ArchiveIdentity, trees: Sequence[str]) -> None:
    """Move unpacked trees to their places in `raw`, each with a stamp; delete `unpacked`.

    All trees in `raw` that are from an archive are replaced, even if they are not in `trees`, since
    they could be of other data. Call `avdistill.avia.raw_trees.refuse_other_trees` before: it
    refuses all other trees.
    """
    replaced = unpacked / "replaced"
    replaced.mkdir(exist_ok=True)
    for tree in trees:
        write_stamp(unpacked / tree, [archive], [tree])
    for tree in TREES:
        if (raw / tree).exists():
            (raw / tree).rename(replaced / tree)
        if tree in trees:
            (unpacked / tree).rename(raw / tree)
    shutil.rmtree(unpacked)


def are_placed(raw: Path, archive: ArchiveIdentity, trees: Sequence[str]) -> bool:
    """Return whether the trees of this archive are in `raw`, as `place_trees` left them."""
    return all(is_unpacked(raw / tree, [archive], [tree]) for tree in trees)


def describe_trees(raw: Path, trees: Sequence[str] = TREES) -> list[ManifestRow]:
    """Return a row for each tree below `raw`; `describe_files` says what it depends on.

    The manifests of `avdistill.avia.check` describe the contents of the files.
    """
    return [ManifestRow("", tree, **describe_files(raw / tree)) for tree in trees]


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
