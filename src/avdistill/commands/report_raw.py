"""`avdistill report-raw`: one report from the checks of all batches."""

from argparse import Namespace

from avdistill.options.command import Command, path_option

COMMAND = Command(
    summary="merge the checks of all batches into one manifest and one report of broken sequences",
    example="avdistill report-raw --manifests results/raw/batches/*.csv "
    "--problems results/raw/problems/*.csv --manifest results/raw/manifest.csv "
    "--report results/raw/check.md",
    options=(
        path_option("--manifests", nargs="+", help="manifests of the batches"),
        path_option(
            "--problems",
            required=False,
            nargs="*",
            default=[],
            help="tables of problems of the batches",
        ),
        path_option("--manifest", help="CSV file of all raw files"),
        path_option("--report", help="Markdown file to write"),
    ),
)


def run(arguments: Namespace) -> None:
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
