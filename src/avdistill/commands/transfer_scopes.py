"""`avdistill transfer-scopes`: students' features on other scopes."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import DATASET, RECORDS
from avdistill.options.transfer import INTERVALS_SEED, TRANSFER_OPTIONS

COMMAND = Command(
    summary="classify other scopes by nearest neighbours on students' features",
    example="avdistill transfer-scopes "
    "--models results/students/scenario1/hearnet/ground_truth/seed0 "
    "results/students/all/hearnet/ground_truth/seed0 "
    "--dataset results/dataset.json --records results/records/manifest.csv "
    "--splits-folder results/splits "
    "--neighbours 7 9 11 13 15 --evaluation-seed 0 --output results/transfer/scopes/hearnet.csv",
    options=(
        *TRANSFER_OPTIONS,
        path_option("--output", help="CSV to write, for each student a row per scope but its own"),
        DATASET,
        RECORDS,
        path_option("--splits-folder", help="folder with SCOPE.csv for every scope"),
        INTERVALS_SEED,
    ),
)


def run(arguments: Namespace) -> None:
    """Classify every scope."""
    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(arguments.evaluation_seed, arguments.tensorflow_threads)

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.tables import write_table
    from avdistill.examples.scope_data import check_same_data, open_scope_data
    from avdistill.runs.inputs import JobInputs
    from avdistill.transfer.scopes import COLUMNS, transfer_to_scopes
    from avdistill.transfer.students import open_students

    students = open_students(arguments.models)
    dataset = DatasetDescription.read(arguments.dataset)
    splits = {scope: arguments.splits_folder / f"{scope}.csv" for scope in dataset.scopes}
    scopes = {
        scope: open_scope_data(
            students[0].spec, scope, JobInputs(arguments.dataset, arguments.records, split)
        )
        for scope, split in splits.items()
    }
    for student in students:
        dataset.sequences(student.description["scope"])  # raises if there is no such scope
        check_same_data(scopes[student.description["scope"]], student.description, student.folder)
    rows = transfer_to_scopes(
        students, scopes, neighbours=arguments.neighbours, seed=arguments.evaluation_seed
    )
    write_table(arguments.output, COLUMNS, rows)
