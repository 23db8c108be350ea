"""`avdistill summarise-accuracy`: a table and a page of all networks, and some numbers for DVC."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.tables import (
    EVALUATION_SEED,
    METRICS,
    NOTE,
    TABLE_AND_PAGE,
    write_table_and_page,
)

COMMAND = Command(
    summary="put the test accuracy of all networks into a table",
    example="avdistill summarise-accuracy "
    "--metrics results/teachers/all/dualcamnet/seed0/metrics.json "
    "--note 'Simulated data.' --table results/evaluation/accuracy.csv "
    "--page results/evaluation/accuracy.html --summary results/metrics",
    options=(
        METRICS,
        EVALUATION_SEED,
        NOTE,
        *TABLE_AND_PAGE,
        path_option(
            "--summary",
            help="folder that is replaced: a few numbers of each network, for `dvc metrics`",
        ),
    ),
)


def run(arguments: Namespace) -> None:
    """Write the table, the page and the summary."""
    from avdistill.evaluation.pages.tables import ACCURACY
    from avdistill.evaluation.summary import COLUMNS, accuracy_rows, headlines
    from avdistill.files.atomic import atomic_directory, write_json

    rows = accuracy_rows(arguments.metrics, seed=arguments.evaluation_seed)
    write_table_and_page(arguments, COLUMNS, rows, ACCURACY.html(rows, arguments.note))
    # Replaced, so that no network stays that the configuration no longer has.
    with atomic_directory(arguments.summary) as partial:
        for name, headline in headlines(rows).items():
            write_json(partial / f"{name}.json", headline)
