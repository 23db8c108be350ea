"""`avdistill select-student`: the best cell of the whole grid becomes the student."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.jobs import DATA, JOB_OPTIONS, OUTPUT_FOLDER, STATISTICS

COMMAND = Command(
    summary="merge the slices of a grid, take the best cell, predict its test crops once",
    example="""avdistill select-student --settings '{"network": "hearnet", "scope": "all", """
    """"supervision": "dualcamnet"}' --slices slice0/cells.csv --dataset results/dataset.json """
    "--records results/records/manifest.csv --split results/splits/all.csv "
    "--statistics results/statistics/all.npz --output student",
    options=(
        *JOB_OPTIONS,
        STATISTICS,
        path_option(
            "--slices",
            required=False,
            nargs="+",
            help="cells.csv of every slice of the grid, in its folder",
        ),
        OUTPUT_FOLDER,
    ),
)


def run(arguments: Namespace) -> None:
    """Select one student."""
    from avdistill.networks.registry import network_spec
    from avdistill.options.job_settings import describe, read_job
    from avdistill.runs.settings import StudentSettings

    settings, inputs = read_job(arguments, StudentSettings, required=(*DATA, "slices"))
    spec = network_spec(settings.network)
    inputs.check_network(spec)

    from avdistill.examples.tensorflow_start import start_tensorflow

    start_tensorflow(settings.seed, settings.tensorflow_threads)

    from avdistill.examples.scope_data import open_scope_data
    from avdistill.training.selection import select_student

    description = describe(arguments, settings, inputs)
    data = open_scope_data(spec, settings.scope, inputs)
    select_student(data, settings.run, description, arguments.output)
