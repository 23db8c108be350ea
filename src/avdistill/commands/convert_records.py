"""`avdistill convert-records`: convert the raw layout to TFRecords."""

import argparse
from pathlib import Path

from avdistill.options.raw_trees import add_tree_options, raw_trees

SUMMARY = "convert sequences from AVIA's raw layout to TFRecords, one file per second"
EXAMPLE = (
    "avdistill convert-records --dataset results/dataset.json "
    "--matfiles results/raw/matfiles --sync results/raw/sync "
    "--raw-manifest results/raw/batches/0.csv --sequences Location_01/Subject_01/Action_001 "
    "--modalities acoustic audio video --microphones 1 --records results/records "
    "--manifest results/records/batches/00000.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--dataset", type=Path, required=True, help="dataset.json")
    add_tree_options(parser)
    parser.add_argument(
        "--raw-manifest", type=Path, required=True, help="sizes and digests of the raw files"
    )
    parser.add_argument("--sequences", nargs="+", required=True, help="names of the sequences")
    parser.add_argument(
        "--modalities",
        nargs="+",
        choices=("acoustic", "audio", "video"),
        default=["acoustic", "audio", "video"],
        help="what the records hold (all three)",
    )
    parser.add_argument(
        "--microphones", type=int, default=1, help="how many to keep, from the first (1)"
    )
    parser.add_argument("--records", type=Path, required=True, help="folder to write into")
    parser.add_argument("--manifest", type=Path, required=True, help="list of the records written")


def run(arguments: argparse.Namespace) -> None:
    """Convert each sequence in turn, then write the manifest."""
    from tqdm import tqdm

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.files.manifest import read_manifest, write_manifest
    from avdistill.records.convert import Conversion, convert_sequence

    dataset = DatasetDescription.read(arguments.dataset)
    conversion = Conversion(
        trees=raw_trees(arguments, arguments.modalities),
        records=arguments.records,
        raw_files={row.file: row for row in read_manifest(arguments.raw_manifest)},
        modalities=arguments.modalities,
        microphones=arguments.microphones,
        seconds=dataset.sequence_seconds,
    )
    sequences = [SequenceId.parse(name) for name in arguments.sequences]
    rows = []
    for sequence in tqdm(sequences, desc="converting", unit="sequence"):
        rows += convert_sequence(conversion, sequence)
    write_manifest(arguments.manifest, rows)
