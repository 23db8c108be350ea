"""`avdistill summarise-accuracy`: all networks in one table, and a page to read it on."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.training.options import whole

SUMMARY = "put the accuracy of all networks, on their own and on other scopes, into tables"
EXAMPLE = (
    "avdistill summarise-accuracy --metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "--crossings results/teachers/all/dualcamnet/seed0/predictions_scenario1.parquet "
    "--note 'Simulated data.' --table results/evaluation/accuracy.csv "
    "--crossing-table results/evaluation/across_scopes.csv "
    "--page results/evaluation/accuracy.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--metrics", required=True, nargs="+", type=Path, help="metrics.json of each network"
    )
    parser.add_argument(
        "--crossings",
        nargs="*",
        default=[],
        type=Path,
        help="predictions_TARGET.parquet, each in its network's folder",
    )
    parser.add_argument("--note", default="", help="sentence shown at the top of the page")
    parser.add_argument(
        "--evaluation-seed", type=whole, default=0, help="seed of the intervals' bootstrap"
    )
    parser.add_argument("--table", required=True, type=Path, help="CSV to write")
    parser.add_argument(
        "--crossing-table", required=True, type=Path, help="CSV to write, of other scopes"
    )
    parser.add_argument("--page", required=True, type=Path, help="HTML to write, with both tables")


def run(arguments: Namespace) -> None:
    """Write both tables and the page."""
    from avdistill.atomic import write_text
    from avdistill.evaluation.page import accuracy_page
    from avdistill.evaluation.summary import (
        COLUMNS,
        CROSSING_COLUMNS,
        accuracy_rows,
        crossing_rows,
    )
    from avdistill.evaluation.tables import write_table

    rows = accuracy_rows(arguments.metrics)
    crossings = crossing_rows(arguments.crossings, seed=arguments.evaluation_seed)
    write_table(arguments.table, COLUMNS, rows)
    write_table(arguments.crossing_table, CROSSING_COLUMNS, crossings)
    write_text(arguments.page, accuracy_page(rows, crossings, arguments.note))
