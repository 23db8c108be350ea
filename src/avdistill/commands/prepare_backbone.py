"""`avdistill prepare-backbone`: the frozen part of the teachers that take video."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.jobs import DATA, JOB_OPTIONS, LOG_OPTIONS, OUTPUT_FOLDER

COMMAND = Command(
    summary="prepare the vision teachers' frozen ResNet-50: load its weights, choose its frames",
    example="avdistill prepare-backbone "
    """--settings '{"name": "resnet50", "weights": "imagenet"}' """
    "--output results/vision/resnet50",
    options=(
        *JOB_OPTIONS,
        path_option(
            "--weights-file",
            required=False,
            help="for weights `file`: ImageNet weights, Keras's .h5 or .keras, or slim's .ckpt",
        ),
        *LOG_OPTIONS,
        OUTPUT_FOLDER,
    ),
)


def run(arguments: Namespace) -> None:
    """Prepare one backbone."""
    from avdistill.errors import InputError
    from avdistill.options.job_settings import describe, read_job
    from avdistill.runs.settings import BackboneSettings

    settings, inputs = read_job(arguments, BackboneSettings, required=())
    needed = dict.fromkeys(DATA, settings.scope is not None)
    inputs.check(needed, "a scope in the settings and its data belong together")
    if (settings.weights == "file") != (arguments.weights_file is not None):
        raise InputError("weights `file` in the settings and --weights-file belong together")
    is_trained = settings.temporal_training is not None
    if not is_trained and (arguments.live or arguments.tensorboard):
        raise InputError("--live and --tensorboard log a training; the settings name none")

    from avdistill.examples.scope_data import open_scope_data
    from avdistill.examples.tensorflow_start import start_tensorflow
    from avdistill.networks.registry import network_spec
    from avdistill.options.starting import start_job
    from avdistill.runs.run_file import write_run_file
    from avdistill.vision.backbones import prepare_backbone

    if is_trained:
        job = start_job(arguments, settings, inputs)
        description = job.description
    else:
        start_tensorflow(settings.seed, settings.tensorflow_threads, gpus=settings.gpus)
        job, description = None, describe(arguments, settings, inputs)
    data = None
    if settings.scope is not None:
        data = open_scope_data(network_spec(settings.name), settings.scope, inputs)
    prepare_backbone(settings, arguments.weights_file, data, job, arguments.output)
    write_run_file(arguments.output, description)
