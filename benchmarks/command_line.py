"""What all benchmarks share on the command line: help with an example, and `--quick`."""

import argparse
from collections.abc import Mapping
from typing import Any

from processor import describe_processor, load_of_machine

QUICK = "the same in seconds, on tiny sizes, to see that it works: its figures mean nothing"


def new_parser(documentation: str, example: str) -> argparse.ArgumentParser:
    """Return a parser without options but `--quick`.

    Parameters
    ----------
    documentation : of the benchmark's module.
    example : what follows `python benchmarks/`.
    """
    parser = argparse.ArgumentParser(
        description=documentation,
        epilog=f"example: python benchmarks/{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help=QUICK)
    return parser


def parse(parser: argparse.ArgumentParser, quick: Mapping[str, Any]) -> argparse.Namespace:
    """Read the command line, and print what the figures that follow are of.

    Parameters
    ----------
    quick : sizes that take the place of the defaults if `--quick` is given.
    """
    if parser.parse_args().quick:
        parser.set_defaults(**quick)
    arguments = parser.parse_args()
    print(f"processor: {describe_processor()}; load of the machine {load_of_machine()}")
    if arguments.quick:
        print("--quick: tiny sizes, to see that the benchmark works. These figures mean nothing.")
    print(flush=True)
    return arguments
