"""`avdistill unpack-raw`: unpack raw data in AVIA's layout from an archive."""

import argparse
from pathlib import Path

from avdistill.avia.vocabulary import TREES

SUMMARY = "fetch, verify and unpack an archive of AVIA, or of data in its layout"
EXAMPLE = (
    "avdistill unpack-raw --archive avia.tar --size 1234 --sha256 … "
    "--raw results/raw --manifest results/raw/unpacked.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--archive", required=True, help="path or http(s) address of a zip or tar archive"
    )
    parser.add_argument(
        "--trees",
        nargs="+",
        choices=TREES,
        default=list(TREES),
        help="what to take from the archive (both)",
    )
    parser.add_argument("--size", type=int, required=True, help="the archive's size in bytes")
    parser.add_argument("--sha256", required=True, help="the archive's sha256")
    parser.add_argument(
        "--max-bytes",
        type=int,
        default=2**40,
        help="refuse archives that unpack to more (%(default)s)",
    )
    parser.add_argument(
        "--max-files",
        type=int,
        default=10**7,
        help="refuse archives with more entries (%(default)s)",
    )
    parser.add_argument("--raw", type=Path, required=True, help="folder in which the trees appear")
    parser.add_argument("--manifest", type=Path, required=True, help="CSV file to write")


def run(arguments: argparse.Namespace) -> None:
    """Unpack the archive, unless that was done already; write the list of trees.

    A download is kept until unpacking has succeeded.
    """
    from avdistill.avia.raw_archive import are_placed, describe_trees, place_trees, unpack_trees
    from avdistill.avia.raw_folder import refuse_other_trees, unlink_old_links
    from avdistill.downloads.fetching import fetch
    from avdistill.downloads.stamp import ArchiveIdentity, is_unpacked
    from avdistill.files.manifest import write_manifest

    raw, trees = arguments.raw, arguments.trees
    size, sha256 = arguments.size, arguments.sha256
    identity = ArchiveIdentity(size, "sha256", sha256)
    unpacked, download = raw / "unpacked", raw / "download"
    unlink_old_links(raw)
    refuse_other_trees(raw, from_archive=True)
    if not are_placed(raw, identity, trees):
        if not is_unpacked(
            unpacked, [identity], trees
        ):  # an earlier version may have left trees there
            archive = fetch(arguments.archive, size=size, sha256=sha256, destination=download)
            limits = {"max_bytes": arguments.max_bytes, "max_files": arguments.max_files}
            unpack_trees(archive, unpacked, trees, **limits)
        place_trees(unpacked, raw, identity, trees)
    download.unlink(missing_ok=True)
    write_manifest(arguments.manifest, describe_trees(raw, trees))
