"""`avdistill merge-manifests`: one manifest out of those of all batches."""

import argparse
from pathlib import Path

SUMMARY = "merge the manifests of all batches into one, whatever the batches' size"
EXAMPLE = (
    "avdistill merge-manifests --inputs results/records/batches/0.csv "
    "results/records/batches/1.csv --output results/records/manifest.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--inputs", type=Path, nargs="+", required=True, help="manifests of the batches"
    )
    parser.add_argument("--output", type=Path, required=True, help="manifest to write")


def run(arguments: argparse.Namespace) -> None:
    """Write all rows, in sequence and file order."""
    from avdistill.errors import InputError
    from avdistill.manifest import read_manifest, write_manifest

    found = {}
    for path in arguments.inputs:
        for row in read_manifest(path):
            if row.file in found:
                raise InputError(
                    f"{path}: {row.file} stands in {found[row.file][0]} as well; delete both "
                    "manifests and run their batches again"
                )
            found[row.file] = (path, row)
    write_manifest(arguments.output, [row for _, row in found.values()])
