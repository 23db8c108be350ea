"""`avdistill summarise-accuracy`: all networks in one table, and a page to read it on."""

from argparse import ArgumentParser, Namespace

from avdistill.evaluation.options import (
    add_interval_option,
    add_metrics_options,
    add_table_options,
)

SUMMARY = "put the test accuracy of all networks into a table"
EXAMPLE = (
    "avdistill summarise-accuracy --metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "--note 'Simulated data.' --table results/evaluation/accuracy.csv "
    "--page results/evaluation/accuracy.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_metrics_options(parser)
    add_interval_option(parser)
    add_table_options(parser)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.atomic import write_text
    from avdistill.evaluation.pages.accuracy import accuracy_page
    from avdistill.evaluation.summary import COLUMNS, accuracy_rows
    from avdistill.evaluation.tables import write_table

    rows = accuracy_rows(arguments.metrics, seed=arguments.evaluation_seed)
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, accuracy_page(rows, arguments.note))
