"""`avdistill search-grid`: one slice of a student's grid, in one process."""

from argparse import ArgumentParser, Namespace

from avdistill.options.jobs import (
    add_execution_options,
    add_job_options,
    add_output_folder,
)

SUMMARY = "train a student for every cell of a slice of the grid; test data are not read"
EXAMPLE = (
    """avdistill search-grid --settings '{"network": "hearnet", "scope": "all", """
    """"supervision": "dualcamnet", "learning_rates": [1e-3, 1e-4], """
    """"temperatures": [1, 2, 5, 10], "imitations": [0.25, 0.5, 0.75, 1], """
    """"fitting": {"epochs": 100}}' --dataset results/dataset.json """
    "--records results/records/manifest.csv --split results/splits/all.csv "
    "--statistics results/statistics/all.npz "
    "--soft-labels results/soft_labels/all/dualcamnet/seed0.parquet --output slice0"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_job_options(parser, ("statistics", "soft_labels", "grid", "weights"))
    add_execution_options(parser)
    add_output_folder(parser)


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
