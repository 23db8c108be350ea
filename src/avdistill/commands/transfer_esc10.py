"""`avdistill transfer-esc10`: students' features on real recordings."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.transfer import add_transfer_options

SUMMARY = "classify ESC-10, real recordings, by nearest neighbours on students' features"
EXAMPLE = (
    "avdistill transfer-esc10 --models results/students/all/hearnet/ground_truth/seed0 "
    "results/students/all/hearnet/dualcamnet/seed0 "
    "--clips results/transfer/esc10/clips.csv --neighbours 7 9 11 13 15 "
    "--output results/transfer/esc10/hearnet.csv"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_transfer_options(parser, rows="for each student its folds, their mean and deviation")
    parser.add_argument("--clips", required=True, type=Path, help="list from fetch-esc10 (CSV)")


def run(arguments: Namespace) -> None:
    """Classify every fold."""
    from avdistill.transfer.esc10 import read_clips

    clips = read_clips(arguments.clips)

    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.evaluation.tables import write_table
    from avdistill.transfer.folds import COLUMNS, transfer_to_esc10
    from avdistill.transfer.students import open_students

    students = open_students(arguments.models)
    rows = transfer_to_esc10(students, clips, neighbours=arguments.neighbours)
    write_table(arguments.output, COLUMNS, rows)
