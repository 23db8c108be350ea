"""`avdistill measure-networks`: parameters, multiply-adds and bytes of networks."""

from argparse import ArgumentParser, Namespace

from avdistill.options.evaluation import add_network_options, add_output_options

SUMMARY = "count the parameters and multiply-adds of networks"
EXAMPLE = (
    "avdistill measure-networks --networks dualcamnet hearnet --dataset results/dataset.json "
    "--table results/evaluation/networks.csv --page results/evaluation/networks.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_network_options(parser)
    add_output_options(parser)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.pages.networks import sizes_page
    from avdistill.evaluation.sizes import COLUMNS, size_rows
    from avdistill.evaluation.tables import write_table
    from avdistill.files.atomic import write_text

    dataset = DatasetDescription.read(arguments.dataset)
    rows = size_rows(arguments.networks, len(dataset.classes))
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, sizes_page(rows))
