"""`avdistill fetch-dcase2018`: get, check, list and divide real recordings."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.numbers import whole

ENTRY = "dcase2018"  # in the data registry
MAX_BYTES, MAX_FILES = 8 * 2**30, 10_000  # of each archive; the largest is 1.8 GB

COMMAND = Command(
    summary="find DCASE 2018 task 1A's development data, or download it; check, list and divide it",
    example="avdistill fetch-dcase2018 --folder data/TUT-urban-acoustic-scenes-2018-development "
    "--validation-seed 0 --clips results/transfer/dcase2018/clips.csv",
    one_of=(
        path_option(
            "--folder",
            required=False,
            help="folder in the data set's official layout; it is used in place",
        ),
        path_option(
            "--registry",
            required=False,
            help="data registry that names the archives to download (21 GB)",
        ),
    ),
    options=(
        path_option(
            "--destination",
            required=False,
            help="folder that a download is unpacked to (with --registry)",
        ),
        option(
            "--validation-seed",
            required=True,
            type=whole,
            help="seed for drawing the training locations for validation",
        ),
        path_option("--clips", help="CSV to write, a row per clip"),
    ),
)


def run(arguments: Namespace) -> None:
    """Download and unpack if wanted; read every clip once; write the list of clips."""
    from avdistill.downloads.data_registry import find_entry
    from avdistill.downloads.fetching import fetch_and_unpack
    from avdistill.errors import InputError
    from avdistill.files.csv_tables import write_csv
    from avdistill.transfer.clips import measure_clips
    from avdistill.transfer.dcase2018 import CLIPS, find_clips

    if (arguments.registry is None) != (arguments.destination is None):
        raise InputError("--registry and --destination go together; give both, or --folder alone")
    folder = arguments.folder or arguments.destination
    if arguments.registry:
        files = find_entry(arguments.registry, ENTRY).files
        archives = {file.address: file.identity for file in files}
        fetch_and_unpack(archives, folder, max_bytes=MAX_BYTES, max_files=MAX_FILES)
    root, clips = find_clips(folder, arguments.validation_seed)
    write_csv(arguments.clips, CLIPS.columns, measure_clips(root, clips))
