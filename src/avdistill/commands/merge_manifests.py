"""`avdistill merge-manifests`: one manifest from the manifests of all batches."""

from argparse import Namespace

from avdistill.options.command import Command, path_option

COMMAND = Command(
    summary="merge the manifests of all batches into one",
    example="avdistill merge-manifests --inputs results/records/batches/00000.csv "
    "results/records/batches/00001.csv --output results/records/manifest.csv",
    options=(
        path_option("--inputs", nargs="+", help="manifests of the batches"),
        path_option("--output", help="manifest to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Write all rows, in sequence and file order."""
    from avdistill.files.manifest import write_merged_manifest

    write_merged_manifest(arguments.output, arguments.inputs)
