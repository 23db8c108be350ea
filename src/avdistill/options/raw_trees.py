"""Command-line options for the trees of raw data."""

from argparse import Namespace
from collections.abc import Collection

from avdistill.avia.raw_trees import RawTrees, check_tree
from avdistill.avia.vocabulary import trees_of
from avdistill.errors import InputError
from avdistill.options.command import path_option

# Trees without a used modality may be left out.
TREE_OPTIONS = (
    path_option(
        "--matfiles", required=False, metavar="FOLDER", help="tree of acoustic images; is only read"
    ),
    path_option(
        "--sync",
        required=False,
        metavar="FOLDER",
        help="tree of audio and video frames; is only read",
    ),
)


def raw_trees(arguments: Namespace, modalities: Collection[str]) -> RawTrees:
    """Return the trees that hold some modalities; other trees are None.

    Raises
    ------
    InputError : a needed tree is not named, is missing, or is no tree of AVIA.
    """
    folders = {tree: getattr(arguments, tree) for tree in trees_of(modalities)}
    for tree, folder in folders.items():
        if folder is None:
            raise InputError(f"--{tree}: is missing; name the folder, or fewer modalities")
        check_tree(folder, str(folder))
    return RawTrees(folders.get("matfiles"), folders.get("sync"))
