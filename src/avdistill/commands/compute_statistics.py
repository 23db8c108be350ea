"""`avdistill compute-statistics`: the statistics that normalise spectrograms."""

import argparse
from pathlib import Path

from avdistill.options.numbers import positive

SUMMARY = "measure each frequency bin's range over the training spectrograms"
EXAMPLE = (
    "avdistill compute-statistics --dataset results/dataset.json "
    "--records results/records/manifest.csv --split results/splits/all.csv "
    "--crop-seconds 5 --output results/statistics/all.npz"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--dataset", type=Path, required=True, help="dataset.json")
    parser.add_argument(
        "--records", type=Path, required=True, help="manifest.csv of the records, in their folder"
    )
    parser.add_argument("--split", type=Path, required=True, help="CSV of the scope's split")
    parser.add_argument(
        "--crop-seconds", type=positive, required=True, help="length of a student's crops: 5"
    )
    parser.add_argument("--output", type=Path, required=True, help=".npz file to write")


def run(arguments: argparse.Namespace) -> None:
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
    )
    write_statistics(arguments.output, *statistics)
