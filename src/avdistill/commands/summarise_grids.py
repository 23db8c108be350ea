"""`avdistill summarise-grids`: chosen hyper-parameters and the paper's table 1."""

from argparse import Namespace

from avdistill.options.command import Command
from avdistill.options.tables import (
    METRICS,
    NOTE,
    SEARCHED_ON,
    TABLE_AND_PAGE,
    write_table_and_page,
)

COMMAND = Command(
    summary="put the hyper-parameters of all networks into a table, with the paper's",
    example="avdistill summarise-grids "
    "--metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "results/students/all/hearnet/dualcamnet/seed0/metrics.json --searched-on all "
    "--table results/evaluation/hyperparameters.csv "
    "--page results/evaluation/hyperparameters.html",
    options=(
        METRICS,
        SEARCHED_ON,
        NOTE,
        *TABLE_AND_PAGE,
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.evaluation.hyperparameters import COLUMNS, hyperparameter_rows
    from avdistill.evaluation.pages.tables import HYPERPARAMETERS

    rows = hyperparameter_rows(arguments.metrics, searched_on=arguments.searched_on)
    write_table_and_page(arguments, COLUMNS, rows, HYPERPARAMETERS.html(rows, arguments.note))
