"""`avdistill tabulate-plots`: the tables for `dvc plots`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.evaluation import add_metrics_options

SUMMARY = "write learning curves, confusion and grids of all networks as tables for `dvc plots`"
EXAMPLE = (
    "avdistill tabulate-plots --metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "results/students/all/hearnet/dualcamnet/seed0/metrics.json "
    "--dataset results/dataset.json --searched-on all --output results/plots"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_metrics_options(parser)
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument(
        "--searched-on",
        metavar="SCOPE",
        help="scope whose best cells all other scopes use (default: each scope has its own search)",
    )
    parser.add_argument(
        "--output",
        required=True,
        type=Path,
        help="folder in which learning_curves, confusion and grid are replaced",
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
