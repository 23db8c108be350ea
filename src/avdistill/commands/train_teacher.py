"""`avdistill train-teacher`: one teacher, trained on ground truth."""

from argparse import ArgumentParser, Namespace

from avdistill.options.jobs import (
    add_execution_options,
    add_job_options,
    add_output_folder,
    describe,
    read_job,
)

SUMMARY = "train a teacher on single seconds and predict its test crops"
EXAMPLE = (
    """avdistill train-teacher --settings '{"network": "dualcamnet", "scope": "all", """
    """"learning_rate": 1e-3, "fitting": {"epochs": 100}}' --dataset results/dataset.json """
    "--records results/records/manifest.csv --split results/splits/all.csv --output trained"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_job_options(parser, ("features",))
    add_execution_options(parser)
    add_output_folder(parser)


def run(arguments: Namespace) -> None:
    """Train one teacher."""
    from avdistill.networks.registry import network_spec
    from avdistill.runs.settings import TeacherSettings

    settings, inputs = read_job(arguments, TeacherSettings)
    spec, fitting = network_spec(settings.network), settings.fitting
    inputs.check_network(spec)

    from avdistill.examples.tensorflow_start import start_tensorflow

    gpus = start_tensorflow(settings.seed, settings.tensorflow_threads, gpus=fitting.gpus)

    from avdistill.examples.scope_data import open_scope_data
    from avdistill.training.devices import Devices
    from avdistill.training.job import Job
    from avdistill.training.progress_logs import ProgressLogs
    from avdistill.training.teachers import train_teacher

    job = Job(
        settings.run.title,
        fitting,
        Devices(gpus, fitting.mixed_precision),
        arguments.output,
        describe(arguments, settings, inputs, settings.network),
        ProgressLogs(arguments.live, arguments.tensorboard),
    )
    data = open_scope_data(spec, settings.scope, inputs, cache=arguments.cache)
    train_teacher(data, settings, job)
