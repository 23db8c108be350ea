"""`avdistill compute-statistics`: the statistics that normalise spectrograms."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET, RECORDS
from avdistill.options.numbers import positive

COMMAND = Command(
    summary="measure each frequency bin's range over the training spectrograms",
    example="avdistill compute-statistics --dataset results/dataset.json "
    "--records results/records/manifest.csv --split results/splits/all.csv "
    "--crop-seconds 5 --output results/statistics/all.npz",
    options=(
        DATASET,
        RECORDS,
        path_option("--split", help="CSV of the scope's split"),
        option(
            "--crop-seconds", type=positive, required=True, help="length of a student's crops: 5"
        ),
        option(
            "--noise-bins",
            choices=("keep", "zero"),
            default="zero",
            help="bins above the sensor's Nyquist frequency, 6,144 Hz, in which nothing was "
            "recorded: set them to 0, or keep their amplified rounding errors as the paper does "
            "(default: zero)",
        ),
        path_option("--output", help=".npz file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Check the training split's records against their manifest, and measure them."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.records.schema import records_folder
    from avdistill.records.splits import read_split, sequences_of
    from avdistill.records.statistics import (
        check_listed,
        compute_statistics,
        write_statistics,
    )

    dataset = DatasetDescription.read(arguments.dataset)
    sequences = sequences_of(read_split(arguments.split), "training")
    check_listed(arguments.records, sequences)
    statistics = compute_statistics(
        records_folder(arguments.records),
        sequences,
        dataset.sequence_seconds,
        arguments.crop_seconds,
        arguments.noise_bins,
    )
    write_statistics(arguments.output, statistics)
