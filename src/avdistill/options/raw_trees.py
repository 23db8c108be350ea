"""Command-line options that say where the trees of raw data lie."""

from argparse import ArgumentParser, Namespace
from collections.abc import Collection
from pathlib import Path

from avdistill.avia.raw_trees import RawTrees, check_tree
from avdistill.avia.vocabulary import trees_of
from avdistill.errors import InputError


def add_tree_options(parser: ArgumentParser) -> None:
    """Add an option for each tree; a tree of which no modality is used may be left out."""
    parser.add_argument(
        "--matfiles", type=Path, metavar="FOLDER", help="tree of acoustic images; is only read"
    )
    parser.add_argument(
        "--sync", type=Path, metavar="FOLDER", help="tree of audio and video frames; is only read"
    )


def raw_trees(arguments: Namespace, modalities: Collection[str]) -> RawTrees:
    """Return the trees that some modalities lie in; the others are None.

    Raises
    ------
    InputError : such a tree is not named, is missing, or is no tree of AVIA's.
    """
    folders = {tree: getattr(arguments, tree) for tree in trees_of(modalities)}
    for tree, folder in folders.items():
        if folder is None:
            raise InputError(f"--{tree}: is missing; name the folder, or fewer modalities")
        check_tree(folder, str(folder))
    return RawTrees(folders.get("matfiles"), folders.get("sync"))
