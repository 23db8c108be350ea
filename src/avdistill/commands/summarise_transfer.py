"""`avdistill summarise-transfer`: k nearest neighbours of all students in one table."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.tables import NOTE, TABLE_AND_PAGE, write_table_and_page

COMMAND = Command(
    summary="put the transfer of all students' features into a table",
    example="avdistill summarise-transfer --transfers results/transfer/scopes/hearnet.csv "
    "--table results/evaluation/transfer.csv --page results/evaluation/transfer.html",
    options=(
        path_option(
            "--transfers",
            nargs="+",
            help="CSV files of transfer-scopes, transfer-esc10 and transfer-dcase2018",
        ),
        NOTE,
        *TABLE_AND_PAGE,
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.evaluation.pages.tables import TRANSFER
    from avdistill.evaluation.transfer_summary import COLUMNS, transfer_rows

    rows = transfer_rows(arguments.transfers)
    write_table_and_page(arguments, COLUMNS, rows, TRANSFER.html(rows, arguments.note))
