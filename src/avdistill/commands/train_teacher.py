"""`avdistill train-teacher`: one teacher, trained on ground truth."""

from argparse import Namespace

from avdistill.options.command import Command
from avdistill.options.jobs import EXECUTION_OPTIONS, FEATURES, JOB_OPTIONS, OUTPUT_FOLDER

COMMAND = Command(
    summary="train a teacher on single seconds and predict its test crops",
    example="""avdistill train-teacher --settings '{"network": "dualcamnet", "scope": "all", """
    """"learning_rate": 1e-3, "fitting": {"epochs": 100}}' --dataset results/dataset.json """
    "--records results/records/manifest.csv --split results/splits/all.csv --output trained",
    options=(
        *JOB_OPTIONS,
        FEATURES,
        *EXECUTION_OPTIONS,
        OUTPUT_FOLDER,
    ),
)


def run(arguments: Namespace) -> None:
    """Train one teacher."""
    from avdistill.networks.registry import network_spec
    from avdistill.options.job_settings import read_job
    from avdistill.runs.settings import TeacherSettings

    settings, inputs = read_job(arguments, TeacherSettings)
    spec = network_spec(settings.network)
    inputs.check_network(spec)

    from avdistill.examples.scope_data import open_scope_data
    from avdistill.options.starting import start_job
    from avdistill.training.teachers import train_teacher

    job = start_job(arguments, settings, inputs)
    data = open_scope_data(spec, settings.scope, inputs, cache=arguments.cache)
    train_teacher(data, settings, job)
