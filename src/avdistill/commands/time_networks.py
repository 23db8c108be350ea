"""`avdistill time-networks`: how long networks compute on one core."""

from argparse import ArgumentParser, Namespace

from avdistill.options.evaluation import add_network_options, add_output_options

SUMMARY = "time networks on one core, for each second of their input"
EXAMPLE = (
    "avdistill time-networks --networks dualcamnet hearnet --dataset results/dataset.json "
    "--table results/benchmarks/networks.csv --page results/benchmarks/networks.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_network_options(parser)
    add_output_options(parser)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(seed=0, threads=1, gpus=None)  # on one core, even if there are more

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.pages.networks import times_page
    from avdistill.evaluation.tables import write_table
    from avdistill.evaluation.timing import COLUMNS, time_rows
    from avdistill.files.atomic import write_text

    dataset = DatasetDescription.read(arguments.dataset)
    rows = time_rows(arguments.networks, len(dataset.classes))
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, times_page(rows))
