"""`avdistill summarise-grids`: chosen hyper-parameters and the paper's table 1."""

from argparse import ArgumentParser, Namespace

from avdistill.options.evaluation import add_metrics_options, add_table_options

SUMMARY = "put the hyper-parameters of all networks into a table, with the paper's"
EXAMPLE = (
    "avdistill summarise-grids --metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "results/students/all/hearnet/dualcamnet/seed0/metrics.json --searched-on all "
    "--table results/evaluation/hyperparameters.csv "
    "--page results/evaluation/hyperparameters.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_metrics_options(parser)
    parser.add_argument(
        "--searched-on",
        metavar="SCOPE",
        help="scope whose best cells all other scopes use (default: each scope has its own search)",
    )
    add_table_options(parser)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.evaluation.hyperparameters import COLUMNS, hyperparameter_rows
    from avdistill.evaluation.pages.hyperparameters import hyperparameters_page
    from avdistill.evaluation.tables import write_table
    from avdistill.files.atomic import write_text

    rows = hyperparameter_rows(arguments.metrics, searched_on=arguments.searched_on)
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, hyperparameters_page(rows, arguments.note))
