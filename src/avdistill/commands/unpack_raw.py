"""`avdistill unpack-raw`: put real data in AVIA's raw layout in place."""

import argparse
from pathlib import Path

from avdistill.errors import InputError

SUMMARY = "put AVIA in place, from an archive or from folders that are already unpacked"
EXAMPLE = (
    "avdistill unpack-raw --folders /data/avia/matfiles /data/avia/sync "
    "--raw results/raw --manifest results/raw/unpacked.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--archive", help="path or http(s) address of a zip or tar archive with the two trees"
    )
    source.add_argument(
        "--folders",
        nargs=2,
        type=Path,
        metavar=("MATFILES", "SYNC"),
        help="the two trees, already unpacked; they are linked to, not copied",
    )
    parser.add_argument("--size", type=int, help="the archive's size in bytes")
    parser.add_argument("--sha256", help="the archive's sha256")
    parser.add_argument(
        "--max-bytes", type=int, default=2**40, help="refuse what unpacks to more (%(default)s)"
    )
    parser.add_argument(
        "--max-files", type=int, default=10**7, help="refuse more entries (%(default)s)"
    )
    parser.add_argument(
        "--raw", type=Path, required=True, help="folder in which matfiles and sync appear"
    )
    parser.add_argument("--manifest", type=Path, required=True, help="CSV file to write")


def run(arguments: argparse.Namespace) -> None:
    """Fetch, verify and unpack the archive, or link the folders; list the trees."""
    from avdistill.avia.fetching import fetch
    from avdistill.avia.raw_trees import describe_trees, link_folders, place_archive
    from avdistill.manifest import write_manifest

    raw: Path = arguments.raw
    if arguments.folders:
        link_folders(*arguments.folders, raw)
    else:
        if arguments.size is None or arguments.sha256 is None:
            raise InputError("--archive: needs --size and --sha256 as well; add them")
        # Kept until it is unpacked: a second try need not fetch it again.
        download = raw / "download"
        archive = fetch(
            arguments.archive,
            size=arguments.size,
            sha256=arguments.sha256,
            destination=download,
        )
        place_archive(archive, raw, max_bytes=arguments.max_bytes, max_files=arguments.max_files)
        download.unlink(missing_ok=True)
    write_manifest(arguments.manifest, describe_trees(raw))
