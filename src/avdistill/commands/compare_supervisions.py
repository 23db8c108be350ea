"""`avdistill compare-supervisions`: the gain of soft labels over ground truth."""

from argparse import Namespace

from avdistill.options.command import Command
from avdistill.options.tables import (
    EVALUATION_SEED,
    METRICS,
    NOTE,
    TABLE_AND_PAGE,
    write_table_and_page,
)

COMMAND = Command(
    summary="compare students of soft labels with those of ground truth, with intervals and tests",
    example="avdistill compare-supervisions "
    "--metrics results/students/all/hearnet/ground_truth/seed0/metrics.json "
    "results/students/all/hearnet/dualcamnet/seed0/metrics.json "
    "results/teachers/all/dualcamnet/seed0/metrics.json "
    "--table results/evaluation/gains.csv --page results/evaluation/gains.html",
    options=(
        METRICS,
        EVALUATION_SEED,
        NOTE,
        *TABLE_AND_PAGE,
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table and the page."""
    from avdistill.evaluation.gains import COLUMNS, gain_rows
    from avdistill.evaluation.pages.tables import GAINS

    rows = gain_rows(arguments.metrics, seed=arguments.evaluation_seed)
    write_table_and_page(arguments, COLUMNS, rows, GAINS.html(rows, arguments.note))
