"""Common command-line options of the transfers."""

from argparse import ArgumentParser
from pathlib import Path

from avdistill.options.numbers import add_thread_option, positive


def add_transfer_options(parser: ArgumentParser, *, rows: str) -> None:
    """Add the options for students, values of k, and the CSV to write; `rows` says its rows."""
    parser.add_argument(
        "--models",
        required=True,
        nargs="+",
        type=Path,
        metavar="FOLDER",
        help="folders of trained students, all of one network",
    )
    parser.add_argument(
        "--neighbours",
        required=True,
        nargs="+",
        type=positive,
        metavar="K",
        help="values of k, of which the best on validation is used",
    )
    add_thread_option(parser)
    parser.add_argument("--output", required=True, type=Path, help=f"CSV to write, {rows}")
