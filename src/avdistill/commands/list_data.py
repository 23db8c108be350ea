"""`avdistill list-data`: external data and weights, with their addresses."""

from argparse import Namespace
from pathlib import Path

from avdistill.options.command import Command, path_option

COMMAND = Command(
    summary="list external data and weights: licence, size, checksum, address",
    example="avdistill list-data --registry config/data_registry.yaml",
    options=(
        path_option(
            "--registry",
            required=False,
            default=Path("config/data_registry.yaml"),
            help="the data registry (default: %(default)s)",
        ),
    ),
)


def run(arguments: Namespace) -> None:
    """Print the table, and the notes below it."""
    from avdistill.downloads.data_registry import describe, read_registry

    print(describe(read_registry(arguments.registry)))
