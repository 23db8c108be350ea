"""`avdistill train-teacher`: one teacher, trained on ground truth."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.training import (
    add_data_options,
    add_fitting_options,
    add_gpu_option,
    add_precision_option,
    add_run_options,
    check_inputs,
    identity_of,
    rate,
)

SUMMARY = "train a teacher on single seconds and predict its test crops"
EXAMPLE = (
    "avdistill train-teacher --dataset results/dataset.json --records results/records "
    "--manifest results/records/manifest.csv --split results/splits/all.csv "
    "--network dualcamnet --scope all --seed 0 --learning-rate 1e-3 --epochs 100 "
    "--output results/teachers/all/dualcamnet/seed0"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_data_options(parser, features=True)
    parser.add_argument("--network", required=True, help="the teacher, such as dualcamnet")
    add_run_options(parser)
    parser.add_argument("--learning-rate", required=True, type=rate, help="Adam's")
    add_fitting_options(parser)
    add_gpu_option(parser)
    add_precision_option(parser)
    parser.add_argument("--output", required=True, type=Path, help="folder to write")


def run(arguments: Namespace) -> None:
    """Train one teacher."""
    from avdistill.networks.registry import network_spec

    spec = network_spec(arguments.network, "teacher")
    check_inputs(arguments, spec)

    from avdistill.examples.determinism import configure as start_tensorflow

    gpus = start_tensorflow(arguments.seed, arguments.tensorflow_threads, gpus=arguments.gpus)

    from avdistill.examples.crop_examples import (
        evaluation_examples,
        open_scope_data,
        training_examples,
    )
    from avdistill.training.devices import Devices
    from avdistill.training.live import Watching
    from avdistill.training.teachers import train_teacher

    material = open_scope_data(
        arguments.dataset,
        arguments.records,
        arguments.manifest,
        arguments.split,
        scope=arguments.scope,
        features=arguments.features,
    )
    train_teacher(
        spec,
        material,
        training_examples(
            material,
            spec,
            crop_seed=arguments.crop_seed,
            crops_per_sequence=arguments.crops_per_sequence,
            fresh=arguments.fresh_crops,
            cache=arguments.cache,
        ),
        evaluation_examples(material, spec, "validation", cache=arguments.cache),
        scope=arguments.scope,
        seed=arguments.seed,
        learning_rate=arguments.learning_rate,
        epochs=arguments.epochs,
        batch_size=arguments.batch_size,
        identity=identity_of(arguments, spec.name),
        output=arguments.output,
        devices=Devices(gpus, arguments.mixed_precision),
        watching=Watching(arguments.live, arguments.tensorboard),
    )
