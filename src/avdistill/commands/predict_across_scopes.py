"""`avdistill predict-across-scopes`: networks of one kind on the test sequences of every scope."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.jobs import add_input_options
from avdistill.options.numbers import add_thread_option

SUMMARY = "predict every scope's test crops, but none of a network's training or validation"
EXAMPLE = (
    "avdistill predict-across-scopes --models results/teachers/all/dualcamnet/seed0 "
    "results/teachers/scenario1/dualcamnet/seed0 --dataset results/dataset.json "
    "--records results/records/manifest.csv "
    "--splits-folder results/splits --output results/across_scopes/dualcamnet.parquet"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--models",
        required=True,
        nargs="+",
        type=Path,
        help="folders of trained networks of one kind",
    )
    add_input_options(parser, ("dataset", "records"), required=("dataset", "records"))
    parser.add_argument(
        "--splits-folder", required=True, type=Path, help="folder with the split of every scope"
    )
    parser.add_argument(
        "--features",
        nargs="+",
        default=[],
        type=Path,
        help="for networks that take video: manifest.csv of the features that each was trained "
        "on, in the order of --models, or one for all",
    )
    add_thread_option(parser)
    parser.add_argument("--output", required=True, type=Path, help="Parquet file to write")


def run(arguments: Namespace) -> None:
    """Predict with one network after the other."""
    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.evaluation.across_scopes.predicting import predict_across_scopes
    from avdistill.evaluation.across_scopes.predictions import write_across_scopes
    from avdistill.runs.inputs import JobInputs

    inputs = JobInputs(arguments.dataset, arguments.records)
    tables = predict_across_scopes(
        arguments.models, inputs, arguments.splits_folder, arguments.features
    )
    write_across_scopes(arguments.output, tables)
