"""`avdistill transfer-scopes`: a student's features put to use on other scopes."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.training.options import add_thread_option, positive, whole

SUMMARY = "classify other scopes by nearest neighbours on a student's features"
EXAMPLE = (
    "avdistill transfer-scopes --model results/students/scenario1/hearnet/ground_truth/seed0 "
    "--dataset results/dataset.json --records results/records "
    "--manifest results/records/manifest.csv --splits-folder results/splits "
    "--targets scenario2 scenario3 --neighbours 7 9 11 13 15 --seed 0 "
    "--output results/transfer/scopes/scenario1-hearnet-ground_truth-seed0.csv"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--model", required=True, type=Path, help="folder of a trained student")
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument("--records", required=True, type=Path, help="folder of the records")
    parser.add_argument("--manifest", required=True, type=Path, help="manifest of the records")
    parser.add_argument(
        "--splits-folder", required=True, type=Path, help="folder with SCOPE.csv for every scope"
    )
    parser.add_argument(
        "--targets", required=True, nargs="+", metavar="SCOPE", help="scopes to classify"
    )
    parser.add_argument(
        "--neighbours",
        required=True,
        nargs="+",
        type=positive,
        metavar="K",
        help="values of k, of which the best on validation is used",
    )
    parser.add_argument(
        "--seed", required=True, type=whole, help="of the untrained student and the intervals"
    )
    add_thread_option(parser)
    parser.add_argument("--output", required=True, type=Path, help="CSV to write, a row per scope")


def run(arguments: Namespace) -> None:
    """Classify every target."""
    from avdistill.training.determinism import configure as start_tensorflow

    start_tensorflow(arguments.seed, arguments.tensorflow_threads)

    from avdistill.evaluation.crossing import check_classes, check_seen
    from avdistill.evaluation.tables import write_table
    from avdistill.records.splits import read_split
    from avdistill.training.examples import open_material
    from avdistill.transfer.scopes import COLUMNS, transfer_to_scopes
    from avdistill.transfer.students import open_student

    student = open_student(arguments.model, arguments.seed)
    own_scope = student.card["scope"]
    # A teacher's scope is its students': one split holds all that either has seen.
    own_split = read_split(arguments.splits_folder / f"{own_scope}.csv")
    targets = {}
    for target in arguments.targets:
        material = open_material(
            arguments.dataset,
            arguments.records,
            arguments.manifest,
            arguments.splits_folder / f"{target}.csv",
            target,
        )
        targets[target] = material.split
    check_classes(student.card, material.dataset, arguments.model)
    check_seen(material.dataset, own_scope, [own_split])
    rows = transfer_to_scopes(
        student,
        material.dataset,
        arguments.records,
        targets,
        [own_split],
        neighbours=arguments.neighbours,
        seed=arguments.seed,
    )
    write_table(arguments.output, COLUMNS, rows)
