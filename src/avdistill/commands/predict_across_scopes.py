"""`avdistill predict-across-scopes`: every network of one kind on every scope's test sequences."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.training import add_thread_option

SUMMARY = "predict the test crops of every scope, but for recordings that a network has seen"
EXAMPLE = (
    "avdistill predict-across-scopes --models results/teachers/all/dualcamnet/seed0 "
    "results/teachers/scenario1/dualcamnet/seed0 --dataset results/dataset.json "
    "--records results/records --manifest results/records/manifest.csv "
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
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument("--records", required=True, type=Path, help="folder of the records")
    parser.add_argument("--manifest", required=True, type=Path, help="manifest of the records")
    parser.add_argument(
        "--splits-folder", required=True, type=Path, help="folder with the split of every scope"
    )
    parser.add_argument(
        "--features",
        nargs="+",
        default=[],
        type=Path,
        help="for networks that see frames: the folder of the backbone that each was trained on, "
        "in the order of --models, or one that all were",
    )
    add_thread_option(parser)
    parser.add_argument("--output", required=True, type=Path, help="Parquet file to write")


def run(arguments: Namespace) -> None:
    """Predict with one network after the other."""
    from avdistill.examples.determinism import configure as start_tensorflow

    start_tensorflow(seed=0, threads=arguments.tensorflow_threads)

    from avdistill.evaluation.across_scopes.predicting import Data, predict_across_scopes
    from avdistill.evaluation.across_scopes.predictions import write_across_scopes

    data = Data(arguments.dataset, arguments.records, arguments.manifest, arguments.splits_folder)
    tables = predict_across_scopes(arguments.models, data, arguments.features)
    write_across_scopes(arguments.output, tables)
