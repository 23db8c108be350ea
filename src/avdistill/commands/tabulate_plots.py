"""`avdistill tabulate-plots`: the tables for `dvc plots`."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import DATASET
from avdistill.options.tables import METRICS, SEARCHED_ON

COMMAND = Command(
    summary="write learning curves, confusion and grids of all networks as tables for `dvc plots`",
    example="avdistill tabulate-plots --metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "results/students/all/hearnet/dualcamnet/seed0/metrics.json "
    "--dataset results/dataset.json --searched-on all --output results/plots",
    options=(
        METRICS,
        DATASET,
        SEARCHED_ON,
        path_option(
            "--output", help="folder in which learning_curves, confusion and grid are replaced"
        ),
    ),
)


def run(arguments: Namespace) -> None:
    """Write the tables."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.evaluation.plot_tables import write_plot_tables

    write_plot_tables(
        arguments.metrics,
        DatasetDescription.read(arguments.dataset).classes,
        arguments.output,
        searched_on=arguments.searched_on,
    )
