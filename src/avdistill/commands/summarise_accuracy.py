"""`avdistill summarise-accuracy`: a table and a page of all networks, and some numbers for DVC."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.evaluation import (
    add_interval_option,
    add_metrics_options,
    add_table_options,
)

SUMMARY = "put the test accuracy of all networks into a table"
EXAMPLE = (
    "avdistill summarise-accuracy --metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "--note 'Simulated data.' --table results/evaluation/accuracy.csv "
    "--page results/evaluation/accuracy.html --summary results/metrics"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_metrics_options(parser)
    add_interval_option(parser)
    add_table_options(parser)
    parser.add_argument(
        "--summary",
        required=True,
        type=Path,
        help="folder that is replaced: a few numbers of each network, for `dvc metrics`",
    )


def run(arguments: Namespace) -> None:
    """Write the table, the page and the summary."""
    from avdistill.evaluation.pages.accuracy import accuracy_page
    from avdistill.evaluation.summary import COLUMNS, accuracy_rows, headlines
    from avdistill.evaluation.tables import write_table
    from avdistill.files.atomic import atomic_directory, write_json, write_text

    rows = accuracy_rows(arguments.metrics, seed=arguments.evaluation_seed)
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, accuracy_page(rows, arguments.note))
    # Replaced, so that no network stays that the configuration no longer has.
    with atomic_directory(arguments.summary) as partial:
        for name, headline in headlines(rows).items():
            write_json(partial / f"{name}.json", headline)
