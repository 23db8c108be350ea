"""Command-line options that the transfers have in common."""

from argparse import ArgumentParser
from pathlib import Path

from avdistill.options.numbers import add_thread_option, positive


def add_transfer_options(parser: ArgumentParser, *, rows: str) -> None:
    """Say which students, with which k, and what to write: a CSV with `rows`."""
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
