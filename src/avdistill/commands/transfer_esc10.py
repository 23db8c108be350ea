"""`avdistill transfer-esc10`: a student's features put to use on real recordings."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.training.options import add_thread_option, positive, whole

SUMMARY = "classify ESC-10, real recordings, by nearest neighbours on a student's features"
EXAMPLE = (
    "avdistill transfer-esc10 --model results/students/all/hearnet/ground_truth/seed0 "
    "--clips results/transfer/esc10/clips.csv --neighbours 7 9 11 13 15 --seed 0 "
    "--output results/transfer/esc10/all-hearnet-ground_truth-seed0.csv"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--model", required=True, type=Path, help="folder of a trained student")
    parser.add_argument("--clips", required=True, type=Path, help="what fetch-esc10 wrote (CSV)")
    parser.add_argument(
        "--neighbours",
        required=True,
        nargs="+",
        type=positive,
        metavar="K",
        help="values of k, of which each fold's best on validation is used",
    )
    parser.add_argument("--seed", required=True, type=whole, help="of the untrained student")
    add_thread_option(parser)
    parser.add_argument(
        "--output", required=True, type=Path, help="CSV to write: folds, mean and deviation"
    )


def run(arguments: Namespace) -> None:
    """Classify every fold."""
    from avdistill.transfer.esc10 import read_list

    clips = read_list(arguments.clips)

    from avdistill.training.determinism import configure as start_tensorflow

    start_tensorflow(arguments.seed, arguments.tensorflow_threads)

    from avdistill.evaluation.tables import write_table
    from avdistill.transfer.folds import COLUMNS, transfer_to_esc10
    from avdistill.transfer.students import open_student

    student = open_student(arguments.model, arguments.seed)
    rows = transfer_to_esc10(student, clips, neighbours=arguments.neighbours)
    write_table(arguments.output, COLUMNS, rows)
