"""Options of the commands that write tables of the evaluation, each with its page."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import Any

from avdistill.options.command import option, path_option
from avdistill.options.numbers import whole

METRICS = path_option("--metrics", nargs="+", help="metrics.json of each network")
NETWORKS = option("--networks", required=True, nargs="+", help="such as dualcamnet and hearnet")
CLASSES = path_option("--dataset", help="dataset.json, for its classes")
SEARCHED_ON = option(
    "--searched-on",
    metavar="SCOPE",
    help="scope whose best cells all other scopes use (default: each scope has its own search)",
)
EVALUATION_SEED = option(
    "--evaluation-seed",
    type=whole,
    default=0,
    help="seed of the intervals' bootstrap over sequences (default: 0)",
)
NOTE = option("--note", default="", help="sentence shown at the top of the page")
TABLE_AND_PAGE = (
    path_option("--table", help="CSV to write"),
    path_option("--page", help="HTML to write"),
)


def write_table_and_page(
    arguments: Namespace, columns: Sequence[str], rows: Iterable[dict[str, Any]], page: str
) -> None:
    """Write a table and its page to the files that the arguments name."""
    from avdistill.evaluation.tables import write_table
    from avdistill.files.atomic import write_text

    write_table(arguments.table, columns, rows)
    write_text(arguments.page, page)
