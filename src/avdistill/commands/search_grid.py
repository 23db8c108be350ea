"""`avdistill search-grid`: one slice of a student's grid, in one process."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.jobs import EXECUTION_OPTIONS, JOB_OPTIONS, OUTPUT_FOLDER, STATISTICS

COMMAND = Command(
    summary="train a student for every cell of a slice of the grid; test data are not read",
    example="""avdistill search-grid --settings '{"network": "hearnet", "scope": "all", """
    """"supervision": "dualcamnet", "learning_rates": [1e-3, 1e-4], """
    """"temperatures": [1, 2, 5, 10], "imitations": [0.25, 0.5, 0.75, 1], """
    """"fitting": {"epochs": 100}}' --dataset results/dataset.json """
    "--records results/records/manifest.csv --split results/splits/all.csv "
    "--statistics results/statistics/all.npz "
    "--soft-labels results/soft_labels/all/dualcamnet/seed0.parquet --output slice0",
    options=(
        *JOB_OPTIONS,
        STATISTICS,
        path_option(
            "--soft-labels",
            required=False,
            help="soft labels (Parquet); for distilled students",
        ),
        path_option(
            "--grid",
            required=False,
            help="grid.csv of another scope, whose best cell is the only one to try",
        ),
        path_option(
            "--weights",
            required=False,
            help="published weights to start from, whose sha256 the settings name",
        ),
        *EXECUTION_OPTIONS,
        OUTPUT_FOLDER,
    ),
)


def run(arguments: Namespace) -> None:
    """Search one slice."""
    from avdistill.networks.registry import network_spec
    from avdistill.options.job_settings import read_job
    from avdistill.runs.settings import SearchSettings
    from avdistill.training.cells import cells_to_search, check_inputs

    settings, inputs = read_job(arguments, SearchSettings)
    check_inputs(settings, inputs)
    cells_to_search(settings, inputs.grid)  # finds mistakes before TensorFlow starts

    from avdistill.examples.scope_data import open_scope_data
    from avdistill.options.starting import start_job
    from avdistill.training.search import search_slice

    job = start_job(arguments, settings, inputs)
    spec = network_spec(settings.network)
    data = open_scope_data(spec, settings.scope, inputs, cache=arguments.cache)
    search_slice(data, settings, job)
