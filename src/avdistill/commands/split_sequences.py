"""`avdistill split-sequences`: divide the sequences of a scope."""

import argparse
from pathlib import Path

SUMMARY = "divide the sequences of a scope into training, validation and test"
EXAMPLE = (
    "avdistill split-sequences --dataset results/dataset.json --scope all "
    "--strategy stratified --seed 42 --output results/splits/all.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--dataset", type=Path, required=True, help="dataset.json")
    parser.add_argument("--scope", required=True, help="scenario1, scenario2, … or all")
    parser.add_argument(
        "--strategy",
        choices=("paper", "stratified", "subject"),
        required=True,
        help="paper permutes all sequences; stratified divides each action of each scenario; "
        "subject never puts a subject in two splits",
    )
    parser.add_argument("--seed", type=int, default=42, help="seed of the permutations (42)")
    parser.add_argument("--output", type=Path, required=True, help="CSV file to write")


def run(arguments: argparse.Namespace) -> None:
    """Write the split."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.records.splits import split_sequences, write_split

    dataset = DatasetDescription.read(arguments.dataset)
    split = split_sequences(dataset, arguments.scope, arguments.strategy, arguments.seed)
    write_split(arguments.output, split)
