"""Common command-line options of the verbs that write tables of the evaluation."""

from argparse import ArgumentParser
from pathlib import Path

from avdistill.options.numbers import whole


def add_metrics_options(parser: ArgumentParser) -> None:
    """Add the option for the networks of a table."""
    parser.add_argument(
        "--metrics",
        required=True,
        nargs="+",
        type=Path,
        help="metrics.json of each network",
    )


def add_table_options(parser: ArgumentParser) -> None:
    """Add the options for the networks' table, its page, the note and the intervals."""
    parser.add_argument("--note", default="", help="sentence shown at the top of the page")
    add_output_options(parser)


def add_output_options(parser: ArgumentParser) -> None:
    """Add the options for the table and its page."""
    parser.add_argument("--table", required=True, type=Path, help="CSV to write")
    parser.add_argument("--page", required=True, type=Path, help="HTML to write")


def add_interval_option(parser: ArgumentParser) -> None:
    """Add the option for the seed of the intervals."""
    parser.add_argument(
        "--evaluation-seed",
        type=whole,
        default=0,
        help="seed of the intervals' bootstrap over sequences (default: 0)",
    )


def add_network_options(parser: ArgumentParser) -> None:
    """Add the options for networks to measure untrained."""
    parser.add_argument(
        "--networks", required=True, nargs="+", help="such as dualcamnet and hearnet"
    )
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json, for its classes")
