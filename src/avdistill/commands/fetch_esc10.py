"""`avdistill fetch-esc10`: get, check and list real recordings."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.numbers import positive

SUMMARY = "find ESC-10, or ESC-50's part of it, in a folder or an archive; check and list it"
EXAMPLE = (
    "avdistill fetch-esc10 --folder data/esc10 --destination results/transfer/esc10/audio "
    "--clips results/transfer/esc10/clips.csv"
)

MAX_BYTES, MAX_FILES = 4 * 2**30, 20_000  # ESC-50 is 0.9 GB in 2,000 files


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--folder", type=Path, help="folder in ESC-10's or in ESC-50's layout; used in place"
    )
    source.add_argument("--address", help="path or http(s) address of an archive of either")
    parser.add_argument("--size", type=positive, help="the archive's size in bytes")
    parser.add_argument("--sha256", help="the archive's sha256")
    parser.add_argument(
        "--destination", required=True, type=Path, help="folder that an archive is unpacked to"
    )
    parser.add_argument("--clips", required=True, type=Path, help="CSV to write, a row per clip")


def run(arguments: Namespace) -> None:
    """Fetch and unpack if needed; read every clip once; write the list of clips."""
    from avdistill.downloads.fetching import ArchiveSource, fetch_and_unpack
    from avdistill.errors import InputError
    from avdistill.transfer.clip_lists import measure_clips, write_list
    from avdistill.transfer.esc10 import Clip, find_clips

    if arguments.address is None:
        if arguments.size is not None or arguments.sha256 is not None:
            raise InputError("--size and --sha256 are an archive's; leave them out of --folder")
        folder = arguments.folder
    elif arguments.size is None or arguments.sha256 is None:
        raise InputError("--address: needs --size and --sha256 as well; add them")
    else:
        folder = arguments.destination
        archive = ArchiveSource(arguments.address, arguments.size, arguments.sha256)
        fetch_and_unpack([archive], folder, max_bytes=MAX_BYTES, max_files=MAX_FILES)
    root, clips = find_clips(folder)
    write_list(arguments.clips, Clip, measure_clips(root, clips))
