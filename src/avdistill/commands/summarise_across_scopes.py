"""`avdistill summarise-across-scopes`: all networks on all scopes in one table."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.evaluation import (
    add_interval_option,
    add_metrics_options,
    add_table_options,
)

SUMMARY = "put the accuracy of all networks on every scope into a table"
EXAMPLE = (
    "avdistill summarise-across-scopes --predictions results/across_scopes/dualcamnet.parquet "
    "--metrics results/teachers/all/dualcamnet/seed0/metrics.json --dataset results/dataset.json "
    "--table results/evaluation/across_scopes.csv --page results/evaluation/across_scopes.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--predictions",
        required=True,
        nargs="+",
        type=Path,
        help="Parquet files of predict-across-scopes, each named after its network",
    )
    add_metrics_options(parser)
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    add_interval_option(parser)
    add_table_options(parser)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.across_scopes.table import COLUMNS, across_scopes_rows
    from avdistill.evaluation.pages.across_scopes import across_scopes_page
    from avdistill.evaluation.tables import write_table
    from avdistill.files.atomic import write_text

    rows = across_scopes_rows(
        arguments.predictions,
        arguments.metrics,
        DatasetDescription.read(arguments.dataset),
        seed=arguments.evaluation_seed,
    )
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, across_scopes_page(rows, arguments.note))
