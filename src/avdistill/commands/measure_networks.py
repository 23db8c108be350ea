"""`avdistill measure-networks`: parameters, multiply-adds and bytes of networks."""

from argparse import Namespace

from avdistill.options.command import Command
from avdistill.options.tables import CLASSES, NETWORKS, TABLE_AND_PAGE, write_table_and_page

COMMAND = Command(
    summary="count the parameters and multiply-adds of networks",
    example="avdistill measure-networks "
    "--networks dualcamnet hearnet --dataset results/dataset.json "
    "--table results/evaluation/networks.csv --page results/evaluation/networks.html",
    options=(
        NETWORKS,
        CLASSES,
        *TABLE_AND_PAGE,
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.pages.tables import SIZES
    from avdistill.evaluation.sizes import COLUMNS, size_rows

    dataset = DatasetDescription.read(arguments.dataset)
    rows = size_rows(arguments.networks, len(dataset.classes))
    write_table_and_page(arguments, COLUMNS, rows, SIZES.html(rows))
