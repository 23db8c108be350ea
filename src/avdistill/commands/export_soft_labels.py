"""`avdistill export-soft-labels`: a teacher's logits for every second of data."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import DATASET, RECORDS
from avdistill.options.jobs import FEATURES, SPLIT
from avdistill.options.numbers import TENSORFLOW_THREADS

COMMAND = Command(
    summary="write a teacher's logits for every second, for students to learn from",
    example="avdistill export-soft-labels --teacher results/teachers/all/dualcamnet/seed0 "
    "--dataset results/dataset.json --records results/records/manifest.csv "
    "--split results/splits/all.csv --output results/soft_labels/all/dualcamnet/seed0.parquet",
    options=(
        path_option("--teacher", help="folder of the teacher"),
        DATASET,
        RECORDS,
        SPLIT,
        FEATURES,
        TENSORFLOW_THREADS,
        path_option("--output", help="Parquet file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Export the soft labels of one teacher."""
    from avdistill.networks.registry import network_spec
    from avdistill.options.job_settings import read_inputs
    from avdistill.results.model_folder import open_model_directory, read_model_description

    description = read_model_description(arguments.teacher)
    spec = network_spec(description["network"], "teacher")
    inputs = read_inputs(arguments)
    inputs.check_network(spec)

    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.examples.predicting import compute_soft_labels
    from avdistill.examples.scope_data import check_same_data, open_scope_data
    from avdistill.results.soft_labels import Teacher, write_soft_labels

    model, _, description = open_model_directory(arguments.teacher)
    data = open_scope_data(spec, description["scope"], inputs)
    check_same_data(data, description, arguments.teacher)
    write_soft_labels(
        arguments.output,
        compute_soft_labels(model, data),
        Teacher(spec.name, description["initial_weights"]),
    )
