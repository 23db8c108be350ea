"""`avdistill average-soft-labels`: the mean of several teachers' logits."""

from argparse import Namespace

from avdistill.options.command import Command, path_option

COMMAND = Command(
    summary="average the soft labels of several teachers: the mean of their logits",
    example="avdistill average-soft-labels "
    "--soft-labels results/soft_labels/all/dualcamnet/seed0.parquet "
    "results/soft_labels/all/resnet50/seed0.parquet "
    "--output results/soft_labels/all/both/seed0.parquet",
    options=(
        path_option("--soft-labels", nargs="+", help="Parquet files of the teachers"),
        path_option("--output", help="Parquet file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Average one ensemble's soft labels."""
    from avdistill.results.soft_labels import (
        average_soft_labels,
        read_teacher,
        teacher_of_several,
        write_soft_labels,
    )

    write_soft_labels(
        arguments.output,
        average_soft_labels(arguments.soft_labels),
        teacher_of_several([read_teacher(path) for path in arguments.soft_labels]),
    )
