"""`avdistill select-student`: the best cell of the whole grid becomes the student."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.training import (
    add_data_options,
    add_run_options,
    check_inputs,
    check_supervision,
)

SUMMARY = "merge the slices of a grid, take the best cell, predict its test crops once"
EXAMPLE = (
    "avdistill select-student --slices results/students/all/hearnet/dualcamnet/seed0/grid/slice0 "
    "--dataset results/dataset.json --records results/records "
    "--manifest results/records/manifest.csv --split results/splits/all.csv "
    "--statistics results/statistics/all.npz --student hearnet --supervision dualcamnet "
    "--scope all --seed 0 --output results/students/all/hearnet/dualcamnet/seed0"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--slices", required=True, nargs="+", type=Path, help="folders of slices")
    add_data_options(parser, statistics=True)
    parser.add_argument("--student", required=True, help="the student, such as hearnet")
    parser.add_argument(
        "--supervision",
        required=True,
        help="ground_truth, or the teacher or ensemble of the soft labels",
    )
    add_run_options(parser)
    parser.add_argument("--output", required=True, type=Path, help="folder to write")


def run(arguments: Namespace) -> None:
    """Select one student."""
    from avdistill.networks.registry import network_spec

    spec = network_spec(arguments.student, "student")
    check_inputs(arguments, spec)
    check_supervision(arguments.supervision)

    from avdistill.examples.determinism import configure as start_tensorflow

    start_tensorflow(arguments.seed, arguments.tensorflow_threads)

    from avdistill.examples.crop_examples import open_scope_data
    from avdistill.records.statistics import read_statistics
    from avdistill.training.students import select_student

    material = open_scope_data(
        arguments.dataset,
        arguments.records,
        arguments.manifest,
        arguments.split,
        scope=arguments.scope,
        statistics=arguments.statistics and read_statistics(arguments.statistics),
    )
    select_student(
        spec,
        material,
        arguments.slices,
        scope=arguments.scope,
        supervision=arguments.supervision,
        seed=arguments.seed,
        output=arguments.output,
    )
