"""`avdistill time-networks`: how long networks compute on one core."""

from argparse import Namespace

from avdistill.options.command import Command
from avdistill.options.tables import CLASSES, NETWORKS, TABLE_AND_PAGE, write_table_and_page

COMMAND = Command(
    summary="time networks on one core, for each second of their input",
    example="avdistill time-networks --networks dualcamnet hearnet --dataset results/dataset.json "
    "--table results/benchmarks/networks.csv --page results/benchmarks/networks.html",
    options=(
        NETWORKS,
        CLASSES,
        *TABLE_AND_PAGE,
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(seed=0, threads=1, gpus=None)  # on one core, even if there are more

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.pages.tables import TIMES
    from avdistill.evaluation.timing import COLUMNS, time_rows

    dataset = DatasetDescription.read(arguments.dataset)
    rows = time_rows(arguments.networks, len(dataset.classes))
    write_table_and_page(arguments, COLUMNS, rows, TIMES.html(rows))
