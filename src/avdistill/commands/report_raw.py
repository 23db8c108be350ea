"""`avdistill report-raw`: one report from the checks of all batches."""

import argparse
from pathlib import Path

SUMMARY = "merge the checks of all batches into one manifest and one report of broken sequences"
EXAMPLE = (
    "avdistill report-raw --manifests results/raw/batches/*.csv "
    "--problems results/raw/problems/*.csv --manifest results/raw/manifest.csv "
    "--report results/raw/check.md"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--manifests", nargs="+", type=Path, required=True, help="manifests of the batches"
    )
    parser.add_argument(
        "--problems", nargs="*", type=Path, default=[], help="tables of problems of the batches"
    )
    parser.add_argument("--manifest", type=Path, required=True, help="CSV file of all raw files")
    parser.add_argument("--report", type=Path, required=True, help="Markdown file to write")


def run(arguments: argparse.Namespace) -> None:
    """Write the report; then the manifest, if no sequence is broken."""
    from avdistill.avia.check import describe_broken, describe_check, read_problems
    from avdistill.errors import InputError
    from avdistill.files.atomic import write_text
    from avdistill.files.manifest import merge_manifests, write_merged_manifest

    problems = sorted(row for path in arguments.problems for row in read_problems(path))
    write_text(arguments.report, describe_check(merge_manifests(arguments.manifests), problems))
    if problems:
        raise InputError(describe_broken(problems, arguments.report, arguments.problems))
    write_merged_manifest(arguments.manifest, arguments.manifests)
