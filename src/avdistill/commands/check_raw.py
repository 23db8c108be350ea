"""`avdistill check-raw`: read every raw file of a batch of sequences."""

import argparse
from pathlib import Path

from avdistill.options.raw_trees import add_tree_options, raw_trees

SUMMARY = "read every raw file of some sequences, and list the files and what is wrong with them"
EXAMPLE = (
    "avdistill check-raw --dataset results/dataset.json --matfiles /data/avia/matfiles "
    "--sync /data/avia/sync --sequences Location_01/Subject_01/Action_001 "
    "--manifest results/raw/batches/0.csv --problems results/raw/problems/0.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--dataset", type=Path, required=True, help="description of the data set")
    add_tree_options(parser)
    parser.add_argument("--sequences", nargs="+", required=True, help="names of the sequences")
    parser.add_argument(
        "--modalities",
        nargs="+",
        choices=("acoustic", "audio", "video"),
        default=["acoustic", "audio", "video"],
        help="modalities that each sequence must have (all three)",
    )
    parser.add_argument("--manifest", type=Path, required=True, help="CSV file of the raw files")
    parser.add_argument("--problems", type=Path, required=True, help="CSV file of the problems")


def run(arguments: argparse.Namespace) -> None:
    """Check each sequence; a broken one is listed, and the next one checked."""
    from tqdm import tqdm

    from avdistill.avia.check import Problem, check_sequence, write_problems
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.errors import InputError
    from avdistill.files.manifest import ManifestRow, write_manifest

    known = {sequence.name for sequence in DatasetDescription.read(arguments.dataset).sequences()}
    trees = raw_trees(arguments, arguments.modalities)
    sequences = [SequenceId.parse(name) for name in arguments.sequences]
    for sequence in sequences:
        if sequence.name not in known:
            raise InputError(f"{arguments.dataset}: has no sequence {sequence.name}; name others")
    rows: list[ManifestRow] = []
    problems: list[Problem] = []
    for sequence in tqdm(sequences, desc="check", unit="sequences"):
        found_rows, found_problems = check_sequence(trees, sequence, arguments.modalities)
        rows += found_rows
        problems += found_problems
    write_manifest(arguments.manifest, rows)
    write_problems(arguments.problems, problems)
