"""`avdistill compute-features`: the frozen backbone's features of every stored frame."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET, RECORDS, SEQUENCES
from avdistill.options.numbers import TENSORFLOW_THREADS, whole

COMMAND = Command(
    summary="compute the backbone's features of video frames, one file per sequence",
    example="avdistill compute-features --backbone results/vision/resnet50 "
    "--dataset results/dataset.json --records results/records/manifest.csv "
    "--sequences Location_01/Subject_01/Action_001 "
    "--output results/vision/resnet50/batches/00000.csv",
    options=(
        path_option(
            "--backbone",
            help="folder that prepare-backbone wrote; features go into features/DIGEST below it",
        ),
        DATASET,
        RECORDS,
        SEQUENCES,
        TENSORFLOW_THREADS,
        option(
            "--gpus",
            type=whole,
            default=0,
            help="GPUs that there must be, and that are used; results depend on it (default: 0: "
            "none must be, one is used if there is)",
        ),
        path_option("--output", help="manifest (CSV) to write"),
    ),
)


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
