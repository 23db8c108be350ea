"""`avdistill unpack-raw`: put real data in AVIA's raw layout in place."""

import argparse
from pathlib import Path

from avdistill.avia.vocabulary import TREES
from avdistill.errors import InputError

SUMMARY = "put AVIA in place, from an archive or from folders that are already unpacked"
EXAMPLE = (
    "avdistill unpack-raw --matfiles /data/avia/matfiles --sync /data/avia/sync "
    "--raw results/raw --manifest results/raw/unpacked.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--archive", help="path or http(s) address of a zip or tar archive")
    parser.add_argument(
        "--trees",
        nargs="+",
        choices=TREES,
        default=list(TREES),
        help="what to take from the archive (both)",
    )
    for tree, contents in (("matfiles", "acoustic images"), ("sync", "audio and video frames")):
        parser.add_argument(
            f"--{tree}",
            type=Path,
            help=f"or folder of the {contents}, already unpacked; it is linked to, not copied",
        )
    parser.add_argument("--size", type=int, help="the archive's size in bytes")
    parser.add_argument("--sha256", help="the archive's sha256")
    parser.add_argument(
        "--max-bytes", type=int, default=2**40, help="refuse what unpacks to more (%(default)s)"
    )
    parser.add_argument(
        "--max-files", type=int, default=10**7, help="refuse more entries (%(default)s)"
    )
    parser.add_argument("--raw", type=Path, required=True, help="folder in which the trees appear")
    parser.add_argument("--manifest", type=Path, required=True, help="CSV file to write")


def run(arguments: argparse.Namespace) -> None:
    """Fetch, verify and unpack the archive, or link the folders; list the trees."""
    from avdistill.avia.raw_trees import describe_trees, link_folders
    from avdistill.files.manifest import write_manifest

    folders = {tree: path for tree in TREES if (path := getattr(arguments, tree)) is not None}
    if bool(folders) == (arguments.archive is not None):
        raise InputError("give either --archive, or --matfiles and --sync or one of the two")
    if folders:
        link_folders(folders, arguments.raw)
    else:
        _place(arguments)
    trees = tuple(folders or arguments.trees)
    write_manifest(arguments.manifest, describe_trees(arguments.raw, trees))


def _place(arguments: argparse.Namespace) -> None:
    """Unpack the archive, unless that was done already; a download is kept until it has worked."""
    from avdistill.avia.raw_trees import UNPACKED, link_unpacked, place_archive
    from avdistill.downloads.fetching import fetch
    from avdistill.downloads.stamp import ArchiveIdentity, is_unpacked, write_stamp

    if arguments.size is None or arguments.sha256 is None:
        raise InputError("--archive: needs --size and --sha256 as well; add them")
    raw, trees = arguments.raw, arguments.trees
    identity = [ArchiveIdentity(arguments.size, "sha256", arguments.sha256)]
    download = raw / "download"
    if is_unpacked(raw / UNPACKED, identity, trees):
        link_unpacked(raw, trees)
    else:
        archive = fetch(
            arguments.archive,
            size=arguments.size,
            sha256=arguments.sha256,
            destination=download,
        )
        limits = {"max_bytes": arguments.max_bytes, "max_files": arguments.max_files}
        place_archive(archive, raw, trees=trees, **limits)
        write_stamp(raw / UNPACKED, identity, trees)
    download.unlink(missing_ok=True)
