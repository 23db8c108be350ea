"""`avdistill prepare-backbone`: the frozen part of the teachers that see frames."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.training.options import add_thread_option, positive, whole

SUMMARY = "build the vision teachers' frozen ResNet-50, with its weights and the frames it sees"
EXAMPLE = (
    "avdistill prepare-backbone --name resnet50 --weights imagenet --seed 0 "
    "--frames-per-second 12 --output results/vision/resnet50"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--name", required=True, choices=("resnet50", "temporal_resnet50"), help="which ResNet-50"
    )
    parser.add_argument(
        "--weights",
        required=True,
        choices=("random", "imagenet", "file"),
        help="drawn from --seed, ImageNet's through Keras (which downloads them), or --file's",
    )
    parser.add_argument(
        "--file", type=Path, help="ImageNet weights: Keras's .h5 or .keras, or slim's .ckpt"
    )
    parser.add_argument("--sha256", help="sha256 of that file")
    parser.add_argument(
        "--seed", required=True, type=whole, help="of random weights and of recalibration's order"
    )
    parser.add_argument(
        "--frames-per-second",
        required=True,
        type=positive,
        help="frames that are stored of a second's 12, spread evenly; temporal_resnet50 takes "
        "five of these, or all if there are fewer",
    )
    parser.add_argument(
        "--recalibrate-on",
        metavar="SCOPE",
        help="take the batch-norm statistics anew from the training frames of this scope; needs "
        "--dataset, --records, --manifest and --split",
    )
    parser.add_argument("--dataset", type=Path, help="dataset.json")
    parser.add_argument("--records", type=Path, help="folder of the records")
    parser.add_argument("--manifest", type=Path, help="manifest of the records")
    parser.add_argument("--split", type=Path, help="split of that scope (CSV)")
    add_thread_option(parser)
    parser.add_argument(
        "--output", required=True, type=Path, help="folder for backbone.keras and backbone.json"
    )


def run(arguments: Namespace) -> None:
    """Prepare one backbone."""
    from avdistill.errors import InputError

    data = (arguments.dataset, arguments.records, arguments.manifest, arguments.split)
    if len({arguments.recalibrate_on is None, *(path is None for path in data)}) > 1:
        raise InputError(
            "--recalibrate-on and --dataset, --records, --manifest, --split belong together; "
            "give all of them or none"
        )
    if len({arguments.weights != "file", arguments.file is None, arguments.sha256 is None}) > 1:
        raise InputError("--weights file, --file and --sha256 belong together")

    from avdistill.vision.frames import five_of, stored_frames

    temporal = arguments.name == "temporal_resnet50"
    frames = stored_frames(arguments.frames_per_second)
    if temporal:
        frames = tuple(frames[position] for position in five_of(len(frames)))

    from avdistill.training.determinism import configure as start_tensorflow

    start_tensorflow(arguments.seed, arguments.tensorflow_threads)

    from avdistill.vision.backbones import prepare_backbone

    material = None
    if arguments.recalibrate_on is not None:
        from avdistill.training.examples import open_material

        material = open_material(*data, scope=arguments.recalibrate_on)
    prepare_backbone(
        arguments.name,
        weights=arguments.weights,
        file=arguments.file,
        sha256=arguments.sha256,
        seed=arguments.seed,
        frames=frames,
        recalibrated_on=arguments.recalibrate_on,
        material=material,
        output=arguments.output,
    )
