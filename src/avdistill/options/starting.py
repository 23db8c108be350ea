"""The start of a training from a command's options; this module imports TensorFlow."""

from argparse import Namespace

from avdistill.examples.tensorflow_start import start_tensorflow
from avdistill.options.job_settings import describe
from avdistill.runs.inputs import JobInputs
from avdistill.runs.settings import BackboneSettings, SearchSettings, TeacherSettings
from avdistill.training.devices import Devices
from avdistill.training.job import Job
from avdistill.training.progress_logs import ProgressLogs


def start_job(
    arguments: Namespace,
    settings: TeacherSettings | SearchSettings | BackboneSettings,
    inputs: JobInputs,
) -> Job:
    """Start TensorFlow on the devices that a training needs, and return the job.

    Parameters
    ----------
    settings, inputs : from `avdistill.options.job_settings.read_job`.

    Raises
    ------
    InputError : TensorFlow finds fewer GPUs than wanted, or an input file is missing.
    """
    fitting = settings.fitting
    gpus = start_tensorflow(settings.seed, settings.tensorflow_threads, gpus=fitting.gpus)
    return Job(
        settings.title,
        fitting,
        Devices(gpus, fitting.mixed_precision),
        arguments.output,
        describe(arguments, settings, inputs),
        ProgressLogs(arguments.live, arguments.tensorboard),
    )
