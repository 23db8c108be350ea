"""`avdistill prepare-backbone`: the frozen part of the teachers that see frames."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.networks.registry import BACKBONES
from avdistill.options.training import (
    add_gpu_option,
    add_precision_option,
    add_thread_option,
    add_watching_options,
    identity_of,
    positive,
    rate,
    whole,
)

SUMMARY = "build the vision teachers' frozen ResNet-50, with its weights and the frames it sees"
EXAMPLE = (
    "avdistill prepare-backbone --name resnet50 --weights imagenet --seed 0 "
    "--frames-per-second 12 --output results/vision/resnet50"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--name", required=True, choices=BACKBONES, help="which ResNet-50")
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
    parser.add_argument(
        "--train-temporal-on",
        metavar="SCOPE",
        help="train the convolutions over time of temporal_resnet50, from pixels; needs the same",
    )
    parser.add_argument(
        "--crop-seed", type=whole, default=42, help="of that training's seconds (default: 42)"
    )
    parser.add_argument(
        "--learning-rate", type=rate, default=1e-4, help="of that training (default: 1e-4)"
    )
    parser.add_argument(
        "--epochs", type=positive, default=100, help="of that training (default: 100)"
    )
    parser.add_argument(
        "--batch-size", type=positive, default=32, help="of that training, seconds (default: 32)"
    )
    parser.add_argument("--dataset", type=Path, help="dataset.json")
    parser.add_argument("--records", type=Path, help="folder of the records")
    parser.add_argument("--manifest", type=Path, help="manifest of the records")
    parser.add_argument("--split", type=Path, help="split of the scope (CSV)")
    add_thread_option(parser)
    add_gpu_option(parser)
    add_precision_option(parser)
    add_watching_options(parser)
    parser.add_argument(
        "--output", required=True, type=Path, help="folder for backbone.keras and backbone.json"
    )


def run(arguments: Namespace) -> None:
    """Prepare one backbone."""
    from avdistill.errors import InputError
    from avdistill.networks.registry import network_spec

    data = (arguments.dataset, arguments.records, arguments.manifest, arguments.split)
    scopes = {arguments.recalibrate_on, arguments.train_temporal_on} - {None}
    if len(scopes) > 1:
        raise InputError("--recalibrate-on and --train-temporal-on: name one scope for both")
    if len({not scopes, *(path is None for path in data)}) > 1:
        raise InputError(
            "--recalibrate-on or --train-temporal-on, and --dataset, --records, --manifest, "
            "--split belong together; give all of them or none"
        )
    temporal = network_spec(arguments.name).temporal
    if arguments.train_temporal_on is not None and not temporal:
        raise InputError(f"{arguments.name} has no convolutions over time to train")
    watched = arguments.live is not None or arguments.tensorboard is not None
    if watched and arguments.train_temporal_on is None:
        raise InputError("--live and --tensorboard log a training; give --train-temporal-on too")
    if len({arguments.weights != "file", arguments.file is None, arguments.sha256 is None}) > 1:
        raise InputError("--weights file, --file and --sha256 belong together")

    from avdistill.networks.frames import five_of, stored_frames

    frames = stored_frames(arguments.frames_per_second)
    if temporal:
        frames = tuple(frames[position] for position in five_of(len(frames)))

    from avdistill.examples.determinism import configure as start_tensorflow

    gpus = start_tensorflow(arguments.seed, arguments.tensorflow_threads, gpus=arguments.gpus)

    from avdistill.examples.crop_examples import open_scope_data
    from avdistill.training.devices import Devices
    from avdistill.training.live import Watching
    from avdistill.vision.backbones import TemporalTraining, prepare_backbone

    training = None
    if arguments.train_temporal_on is not None:
        training = TemporalTraining(
            arguments.crop_seed,
            arguments.learning_rate,
            arguments.epochs,
            arguments.batch_size,
            identity_of(arguments, arguments.name),
            Devices(gpus, arguments.mixed_precision),
            Watching(arguments.live, arguments.tensorboard),
        )
    prepare_backbone(
        arguments.name,
        weights=arguments.weights,
        file=arguments.file,
        sha256=arguments.sha256,
        seed=arguments.seed,
        frames=frames,
        recalibrated_on=arguments.recalibrate_on,
        trained_on=arguments.train_temporal_on,
        training=training,
        material=open_scope_data(*data, scope=scopes.pop()) if scopes else None,
        output=arguments.output,
    )
