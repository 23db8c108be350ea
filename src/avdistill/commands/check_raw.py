"""`avdistill check-raw`: read every raw file of a batch of sequences."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import SEQUENCES
from avdistill.options.raw_trees import TREE_OPTIONS, raw_trees

COMMAND = Command(
    summary="read every raw file of some sequences, and list the files and what is wrong with them",
    example="avdistill check-raw --dataset results/dataset.json --matfiles /data/avia/matfiles "
    "--sync /data/avia/sync --sequences Location_01/Subject_01/Action_001 "
    "--manifest results/raw/batches/0.csv --problems results/raw/problems/0.csv",
    options=(
        path_option("--dataset", help="description of the data set"),
        *TREE_OPTIONS,
        SEQUENCES,
        option(
            "--modalities",
            nargs="+",
            choices=("acoustic", "audio", "video"),
            default=["acoustic", "audio", "video"],
            help="modalities that each sequence must have (all three)",
        ),
        path_option("--manifest", help="CSV file of the raw files"),
        path_option("--problems", help="CSV file of the problems"),
    ),
)


def run(arguments: Namespace) -> None:
    """Check each sequence; a broken one is listed, and the next one checked."""
    from tqdm import tqdm

    from avdistill.avia.check import check_sequence, write_problems
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.errors import InputError
    from avdistill.files.manifest import write_manifest

    known = {sequence.name for sequence in DatasetDescription.read(arguments.dataset).sequences()}
    trees = raw_trees(arguments, arguments.modalities)
    sequences = [SequenceId.parse(name) for name in arguments.sequences]
    for sequence in sequences:
        if sequence.name not in known:
            raise InputError(f"{arguments.dataset}: has no sequence {sequence.name}; name others")
    checks = [
        check_sequence(trees, sequence, arguments.modalities)
        for sequence in tqdm(sequences, desc="check", unit="sequences")
    ]
    write_manifest(arguments.manifest, [row for rows, _ in checks for row in rows])
    write_problems(arguments.problems, [problem for _, problems in checks for problem in problems])
