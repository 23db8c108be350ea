"""`avdistill split-sequences`: divide the sequences of a scope."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET

COMMAND = Command(
    summary="divide the sequences of a scope into training, validation and test",
    example="avdistill split-sequences --dataset results/dataset.json --scope all "
    "--strategy stratified --seed 42 --output results/splits/all.csv",
    options=(
        DATASET,
        option("--scope", required=True, help="scenario1, scenario2, … or all"),
        option(
            "--strategy",
            choices=("paper", "stratified", "subject"),
            required=True,
            help="paper permutes all sequences; stratified divides each action of each scenario; "
            "subject never puts a subject in two splits",
        ),
        option("--seed", type=int, default=42, help="seed of the permutations (42)"),
        path_option("--output", help="CSV file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Write the split."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.files.csv_tables import write_frame
    from avdistill.records.splits import split_sequences

    dataset = DatasetDescription.read(arguments.dataset)
    split = split_sequences(dataset, arguments.scope, arguments.strategy, arguments.seed)
    write_frame(arguments.output, split)
