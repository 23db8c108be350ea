"""`avdistill predict-across-scopes`: networks of one kind on the test sequences of every scope."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import DATASET, RECORDS
from avdistill.options.numbers import TENSORFLOW_THREADS

COMMAND = Command(
    summary="predict every scope's test crops, but none of a network's training or validation",
    example="avdistill predict-across-scopes --models results/teachers/all/dualcamnet/seed0 "
    "results/teachers/scenario1/dualcamnet/seed0 --dataset results/dataset.json "
    "--records results/records/manifest.csv "
    "--splits-folder results/splits --output results/across_scopes/dualcamnet.parquet",
    options=(
        path_option("--models", nargs="+", help="folders of trained networks of one kind"),
        DATASET,
        RECORDS,
        path_option("--splits-folder", help="folder with the split of every scope"),
        path_option(
            "--features",
            required=False,
            nargs="+",
            default=[],
            help="for networks that take video: manifest.csv of the features that each was trained "
            "on, in the order of --models, or one for all",
        ),
        TENSORFLOW_THREADS,
        path_option("--output", help="Parquet file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Predict with one network after the other."""
    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.evaluation.across_scopes.predicting import predict_across_scopes
    from avdistill.evaluation.across_scopes.predictions import write_across_scopes
    from avdistill.runs.inputs import JobInputs

    tables = predict_across_scopes(
        arguments.models,
        JobInputs(arguments.dataset, arguments.records),
        arguments.splits_folder,
        arguments.features,
    )
    write_across_scopes(arguments.output, tables)
