"""`avdistill transfer-dcase2018`: students' features on acoustic scenes."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.transfer import INTERVALS_SEED, TRANSFER_OPTIONS

COMMAND = Command(
    summary="classify DCASE 2018's acoustic scenes by nearest neighbours on students' features",
    example="avdistill transfer-dcase2018 --models results/students/all/hearnet/ground_truth/seed0 "
    "results/students/all/hearnet/dualcamnet/seed0 "
    "--clips results/transfer/dcase2018/clips.csv --neighbours 7 9 11 13 15 --evaluation-seed 0 "
    "--output results/transfer/dcase2018/hearnet.csv",
    options=(
        *TRANSFER_OPTIONS,
        path_option("--output", help="CSV to write, a row per student"),
        path_option("--clips", help="list from fetch-dcase2018 (CSV)"),
        INTERVALS_SEED,
    ),
)


def run(arguments: Namespace) -> None:
    """Classify the evaluation part."""
    from avdistill.transfer.dcase2018 import read_clips

    clips = read_clips(arguments.clips)

    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(arguments.evaluation_seed, arguments.tensorflow_threads)

    from avdistill.evaluation.tables import write_table
    from avdistill.transfer.external import DCASE2018_COLUMNS, transfer_to_dcase2018
    from avdistill.transfer.students import open_students

    rows = transfer_to_dcase2018(
        open_students(arguments.models),
        clips,
        neighbours=arguments.neighbours,
        seed=arguments.evaluation_seed,
    )
    write_table(arguments.output, DCASE2018_COLUMNS, rows)
