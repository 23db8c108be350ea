"""Common command-line options of figures of recordings."""

from argparse import ArgumentParser
from pathlib import Path


def add_recording_options(parser: ArgumentParser, *, draws: str) -> None:
    """Add the options for the recordings, the seed, and the figure.

    Parameters
    ----------
    draws : what the seed draws, for the help.
    """
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument(
        "--records", required=True, type=Path, help="manifest.csv of the records, in their folder"
    )
    parser.add_argument("--seed", required=True, type=int, help=f"draws {draws}")
    parser.add_argument(
        "--output", required=True, type=Path, help="PNG to write; an SVG goes into the same folder"
    )
