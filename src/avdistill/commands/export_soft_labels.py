"""`avdistill export-soft-labels`: a teacher's logits for every second of data."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.training import add_data_options, add_thread_option, check_inputs

SUMMARY = "write what a teacher says of every second, for students to learn from"
EXAMPLE = (
    "avdistill export-soft-labels --teacher results/teachers/all/dualcamnet/seed0 "
    "--dataset results/dataset.json --records results/records "
    "--manifest results/records/manifest.csv --split results/splits/all.csv "
    "--output results/soft_labels/all/dualcamnet/seed0.parquet"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--teacher", required=True, type=Path, help="folder of the teacher")
    add_data_options(parser, features=True)
    add_thread_option(parser)
    parser.add_argument("--output", required=True, type=Path, help="Parquet file to write")


def run(arguments: Namespace) -> None:
    """Export the soft labels of one teacher."""
    from avdistill.errors import InputError
    from avdistill.examples.determinism import configure as start_tensorflow
    from avdistill.networks.registry import network_spec
    from avdistill.results.model_folder import open_model_directory, read_model_description

    spec = network_spec(read_model_description(arguments.teacher)["network"])
    if spec.role != "teacher":
        raise InputError(f"{arguments.teacher}: {spec.name} is not a teacher")
    check_inputs(arguments, spec)
    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.examples.crop_examples import (
        check_same_backbone,
        check_same_split,
        open_scope_data,
    )
    from avdistill.examples.predicting import compute_soft_labels
    from avdistill.results.soft_labels import Teacher, write_soft_labels

    model, spec, description = open_model_directory(arguments.teacher)
    material = open_scope_data(
        arguments.dataset,
        arguments.records,
        arguments.manifest,
        arguments.split,
        scope=description["scope"],
        features=arguments.features,
    )
    check_same_split(material, description, arguments.teacher)
    check_same_backbone(material, spec, description, arguments.teacher)
    if tuple(description["classes"]) != material.dataset.classes:
        raise InputError(
            f"{arguments.teacher}: the teacher knows other classes than {arguments.dataset}; "
            "train it on this data set"
        )
    write_soft_labels(
        arguments.output,
        compute_soft_labels(model, spec, material),
        Teacher(spec.name, description["initial_weights"]),
    )
