"""Options of the jobs that train: their settings, their input files, and how to run them."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from avdistill.records.temporary import CACHES

DATA = ("dataset", "records", "split")  # roles of the files that nearly all jobs take


def add_job_options(parser: ArgumentParser, inputs: Sequence[str] = ()) -> None:
    """Add the options for the settings and the files of a job.

    Parameters
    ----------
    inputs : roles of further files that some of these jobs take.
    """
    parser.add_argument(
        "--settings",
        metavar="JSON",
        help="all that decides the result, as one JSON object or the path of a JSON file; "
        "docs/architecture.md lists the keys",
    )
    parser.add_argument(
        "--run",
        type=Path,
        dest="run_file",
        metavar="RUN.JSON",
        help="take settings and input files from the run.json of an earlier job, to repeat it; "
        "other options take precedence",
    )
    add_input_options(parser, (*DATA, *inputs))


def add_input_options(
    parser: ArgumentParser, roles: Sequence[str], required: Sequence[str] = ()
) -> None:
    """Add the options for input files.

    Parameters
    ----------
    roles : roles of the files, see `JobInputs`.
    required : roles of the files that must be given.
    """

    def add_input_option(role: str, **texts: str) -> None:
        if role in roles:
            parser.add_argument(option_of(role), type=Path, required=role in required, **texts)

    add_input_option("dataset", help="dataset.json")
    add_input_option("records", help="manifest.csv of the records, in their folder")
    add_input_option("split", help="split of the scope (CSV)")
    add_input_option(
        "statistics",
        help="bounds of the scope's spectrograms; for networks that take spectrograms",
    )
    add_input_option(
        "features",
        help="manifest.csv of a backbone's features, in its folder; for networks that take video",
    )
    add_input_option("soft_labels", help="soft labels (Parquet); for distilled students")
    add_input_option(
        "grid", help="grid.csv of another scope, whose best cell is the only one to try"
    )
    add_input_option(
        "weights", help="published weights to start from, whose sha256 the settings name"
    )


def option_of(role: str) -> str:
    """Return the option for the input file of a role."""
    return f"--{role.replace('_', '-')}"


def add_execution_options(parser: ArgumentParser) -> None:
    """Add the options for how a training runs, on which no result depends."""
    parser.add_argument(
        "--cache",
        choices=CACHES,
        default="memory",
        help="where decoded acoustic images are kept between epochs: in memory, on disk below "
        "TMPDIR, or nowhere (default: memory)",
    )
    add_log_options(parser)


def add_log_options(parser: ArgumentParser) -> None:
    """Add the options for the logs of a training's progress."""
    parser.add_argument(
        "--live",
        type=Path,
        metavar="FOLDER",
        help="folder for this run alone, where DVCLive logs every epoch as soon as it ends "
        "(default: no such log)",
    )
    parser.add_argument(
        "--tensorboard",
        type=Path,
        metavar="FOLDER",
        help="folder for this run alone, where the same is logged for TensorBoard (default: no "
        "such log)",
    )


def add_output_folder(parser: ArgumentParser) -> None:
    """Add the option for the folder of the results."""
    parser.add_argument("--output", required=True, type=Path, help="folder to write")
