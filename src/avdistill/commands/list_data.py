"""`avdistill list-data`: external data and weights, with their addresses."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

SUMMARY = "list external data and weights: licence, size, checksum, address"
EXAMPLE = "avdistill list-data --registry config/data_registry.yaml"


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--registry",
        type=Path,
        default=Path("config/data_registry.yaml"),
        help="the data registry (default: %(default)s)",
    )


def run(arguments: Namespace) -> None:
    """Print the table, and the notes below it."""
    from avdistill.downloads.data_registry import describe, read_registry

    print(describe(read_registry(arguments.registry)))
