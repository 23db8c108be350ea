"""`avdistill summarise-across-scopes`: all networks on all scopes in one table."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import DATASET
from avdistill.options.tables import (
    EVALUATION_SEED,
    METRICS,
    NOTE,
    TABLE_AND_PAGE,
    write_table_and_page,
)

COMMAND = Command(
    summary="put the accuracy of all networks on every scope into a table",
    example="avdistill summarise-across-scopes "
    "--predictions results/across_scopes/dualcamnet.parquet "
    "--metrics results/teachers/all/dualcamnet/seed0/metrics.json --dataset results/dataset.json "
    "--table results/evaluation/across_scopes.csv --page results/evaluation/across_scopes.html",
    options=(
        path_option(
            "--predictions",
            nargs="+",
            help="Parquet files of predict-across-scopes, each named after its network",
        ),
        METRICS,
        DATASET,
        EVALUATION_SEED,
        NOTE,
        *TABLE_AND_PAGE,
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.across_scopes.table import COLUMNS, across_scopes_rows
    from avdistill.evaluation.pages.tables import ACROSS_SCOPES

    rows = across_scopes_rows(
        arguments.predictions,
        arguments.metrics,
        DatasetDescription.read(arguments.dataset),
        seed=arguments.evaluation_seed,
    )
    write_table_and_page(arguments, COLUMNS, rows, ACROSS_SCOPES.html(rows, arguments.note))
