"""Command-line options that figures of recordings have in common."""

from argparse import ArgumentParser
from pathlib import Path


def add_recording_options(parser: ArgumentParser, *, draws: str) -> None:
    """Say where the recordings are, what chance decides, and where the figure goes.

    Parameters
    ----------
    draws : what the seed draws.
    """
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument(
        "--records", required=True, type=Path, help="manifest.csv of the records, in their folder"
    )
    parser.add_argument("--seed", required=True, type=int, help=f"draws {draws}")
    parser.add_argument(
        "--output", required=True, type=Path, help="PNG to write; an SVG is put beside it"
    )
