"""`avdistill summarise-transfer`: k nearest neighbours of all students in one table."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.evaluation import add_table_options

SUMMARY = "put the transfer of all students' features into a table"
EXAMPLE = (
    "avdistill summarise-transfer --transfers results/transfer/scopes/hearnet.csv "
    "--table results/evaluation/transfer.csv --page results/evaluation/transfer.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--transfers",
        required=True,
        nargs="+",
        type=Path,
        help="CSV files of transfer-scopes, transfer-esc10 and transfer-dcase2018",
    )
    add_table_options(parser)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.evaluation.pages.transfer import transfer_page
    from avdistill.evaluation.tables import write_table
    from avdistill.evaluation.transfer_summary import COLUMNS, transfer_rows
    from avdistill.files.atomic import write_text

    rows = transfer_rows(arguments.transfers)
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, transfer_page(rows, arguments.note))
