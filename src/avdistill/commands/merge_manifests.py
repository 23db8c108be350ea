"""`avdistill merge-manifests`: one manifest from the manifests of all batches."""

import argparse
from pathlib import Path

SUMMARY = "merge the manifests of all batches into one"
EXAMPLE = (
    "avdistill merge-manifests --inputs results/records/batches/00000.csv "
    "results/records/batches/00001.csv --output results/records/manifest.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--inputs", type=Path, nargs="+", required=True, help="manifests of the batches"
    )
    parser.add_argument("--output", type=Path, required=True, help="manifest to write")


def run(arguments: argparse.Namespace) -> None:
    """Write all rows, in sequence and file order."""
    from avdistill.files.manifest import write_merged_manifest

    write_merged_manifest(arguments.output, arguments.inputs)
