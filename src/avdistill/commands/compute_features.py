"""`avdistill compute-features`: the frozen backbone's features of every stored frame."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.numbers import add_gpu_option, add_thread_option

SUMMARY = "compute the backbone's features of video frames, one file per sequence"
EXAMPLE = (
    "avdistill compute-features --backbone results/vision/resnet50 "
    "--dataset results/dataset.json --records results/records/manifest.csv "
    "--sequences Location_01/Subject_01/Action_001 "
    "--output results/vision/resnet50/batches/00000.csv"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--backbone",
        required=True,
        type=Path,
        help="folder that prepare-backbone wrote; features go into features/DIGEST below it",
    )
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument(
        "--records", required=True, type=Path, help="manifest.csv of the records, in their folder"
    )
    parser.add_argument("--sequences", required=True, nargs="+", help="names of the sequences")
    add_thread_option(parser)
    add_gpu_option(parser)
    parser.add_argument("--output", required=True, type=Path, help="manifest (CSV) to write")


def run(arguments: Namespace) -> None:
    """Write each sequence's features, then the manifest."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.examples.tensorflow_start import start_tensorflow
    from avdistill.files.manifest import write_manifest
    from avdistill.records.schema import records_folder
    from avdistill.records.statistics import check_listed

    dataset = DatasetDescription.read(arguments.dataset)
    check_listed(arguments.records, arguments.sequences)
    start_tensorflow(seed=0, threads=arguments.tensorflow_threads, gpus=arguments.gpus)

    from tqdm import tqdm

    from avdistill.vision.features import compute_features, open_backbone

    backbone, description = open_backbone(arguments.backbone)
    write_manifest(
        arguments.output,
        [
            compute_features(
                backbone,
                description,
                sequence,
                records=records_folder(arguments.records),
                seconds=dataset.sequence_seconds,
                folder=arguments.backbone,
            )
            for sequence in tqdm(arguments.sequences, desc="features", unit="sequence")
        ],
    )
