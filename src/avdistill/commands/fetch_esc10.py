"""`avdistill fetch-esc10`: get, check and list real recordings."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.numbers import positive

MAX_BYTES, MAX_FILES = 4 * 2**30, 20_000  # ESC-50 is 0.9 GB in 2,000 files

COMMAND = Command(
    summary="find ESC-10, or ESC-50's part of it, in a folder or an archive; check and list it",
    example="avdistill fetch-esc10 --folder data/esc10 --destination results/transfer/esc10/audio "
    "--clips results/transfer/esc10/clips.csv",
    one_of=(
        path_option(
            "--folder",
            required=False,
            help="folder in ESC-10's or in ESC-50's layout; used in place",
        ),
        option("--address", help="path or http(s) address of an archive of either"),
    ),
    options=(
        option("--size", type=positive, help="the archive's size in bytes"),
        option("--sha256", help="the archive's sha256"),
        path_option("--destination", help="folder that an archive is unpacked to"),
        path_option("--clips", help="CSV to write, a row per clip"),
    ),
)


def run(arguments: Namespace) -> None:
    """Fetch and unpack if needed; read every clip once; write the list of clips."""
    from avdistill.downloads.fetching import fetch_and_unpack
    from avdistill.downloads.stamp import ArchiveIdentity
    from avdistill.errors import InputError
    from avdistill.files.csv_tables import write_csv
    from avdistill.transfer.clips import measure_clips
    from avdistill.transfer.esc10 import CLIPS, find_clips

    if arguments.address is None:
        if arguments.size is not None or arguments.sha256 is not None:
            raise InputError("--size and --sha256 are an archive's; leave them out of --folder")
        folder = arguments.folder
    elif arguments.size is None or arguments.sha256 is None:
        raise InputError("--address: needs --size and --sha256 as well; add them")
    else:
        folder = arguments.destination
        expected = ArchiveIdentity(arguments.size, "sha256", arguments.sha256)
        fetch_and_unpack(
            {arguments.address: expected}, folder, max_bytes=MAX_BYTES, max_files=MAX_FILES
        )
    root, clips = find_clips(folder)
    write_csv(arguments.clips, CLIPS.columns, measure_clips(root, clips))
