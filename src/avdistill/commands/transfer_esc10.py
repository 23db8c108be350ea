"""`avdistill transfer-esc10`: students' features on real recordings."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.transfer import TRANSFER_OPTIONS

COMMAND = Command(
    summary="classify ESC-10, real recordings, by nearest neighbours on students' features",
    example="avdistill transfer-esc10 --models results/students/all/hearnet/ground_truth/seed0 "
    "results/students/all/hearnet/dualcamnet/seed0 "
    "--clips results/transfer/esc10/clips.csv --neighbours 7 9 11 13 15 "
    "--output results/transfer/esc10/hearnet.csv",
    options=(
        *TRANSFER_OPTIONS,
        path_option(
            "--output", help="CSV to write, for each student its folds, their mean and deviation"
        ),
        path_option("--clips", help="list from fetch-esc10 (CSV)"),
    ),
)


def run(arguments: Namespace) -> None:
    """Classify every fold."""
    from avdistill.transfer.esc10 import read_clips

    clips = read_clips(arguments.clips)

    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.evaluation.tables import write_table
    from avdistill.transfer.external import ESC10_COLUMNS, transfer_to_esc10
    from avdistill.transfer.students import open_students

    students = open_students(arguments.models)
    rows = transfer_to_esc10(students, clips, neighbours=arguments.neighbours)
    write_table(arguments.output, ESC10_COLUMNS, rows)
