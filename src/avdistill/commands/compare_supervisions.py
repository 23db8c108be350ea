"""`avdistill compare-supervisions`: the gain of soft labels over ground truth."""

from argparse import ArgumentParser, Namespace

from avdistill.options.evaluation import (
    add_interval_option,
    add_metrics_options,
    add_table_options,
)

SUMMARY = "compare students of soft labels with those of ground truth, with intervals and tests"
EXAMPLE = (
    "avdistill compare-supervisions "
    "--metrics results/students/all/hearnet/ground_truth/seed0/metrics.json "
    "results/students/all/hearnet/dualcamnet/seed0/metrics.json "
    "results/teachers/all/dualcamnet/seed0/metrics.json "
    "--table results/evaluation/gains.csv --page results/evaluation/gains.html"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_metrics_options(parser)
    add_interval_option(parser)
    add_table_options(parser)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.evaluation.gains import COLUMNS, gain_rows
    from avdistill.evaluation.pages.gains import gains_page
    from avdistill.evaluation.tables import write_table
    from avdistill.files.atomic import write_text

    rows = gain_rows(arguments.metrics, seed=arguments.evaluation_seed)
    write_table(arguments.table, COLUMNS, rows)
    write_text(arguments.page, gains_page(rows, arguments.note))
