"""Options of the jobs that train: their settings, their input files, and how they are run."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from avdistill.errors import InputError
from avdistill.files.atomic import read_json
from avdistill.provenance.code_digest import code_digest
from avdistill.records.temporary import CACHES
from avdistill.runs.inputs import JobInputs
from avdistill.runs.run_file import JobDescription, describe_job, read_run_file
from avdistill.runs.settings import S, read_settings

_INPUTS = {
    "dataset": "dataset.json",
    "records": "manifest.csv of the records, in their folder",
    "split": "split of the scope (CSV)",
    "statistics": "bounds of the scope's spectrograms; for students that take spectrograms",
    "features": "manifest.csv of a backbone's features, in its folder; where video is taken",
    "soft_labels": "soft labels of the teacher (Parquet); for distilled students",
    "grid": "grid.csv of another scope, whose best cell is the only one to try",
    "weights": "published weights to start from, whose sha256 the settings name",
}
DATA = ("dataset", "records", "split")


def add_job_options(parser: ArgumentParser, inputs: Sequence[str] = ()) -> None:
    """Say what a job is to do, and with which files.

    Parameters
    ----------
    inputs : roles of files that some of these jobs take, besides the data.
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
        "options given besides count",
    )
    for role in (*DATA, *inputs):
        parser.add_argument(f"--{role.replace('_', '-')}", type=Path, help=_INPUTS[role])


def add_execution_options(parser: ArgumentParser) -> None:
    """Say how a training is run; no result depends on it."""
    parser.add_argument(
        "--cache",
        choices=CACHES,
        default="memory",
        help="where decoded acoustic images are kept between epochs: in memory, on disk below "
        "TMPDIR, or nowhere (default: memory)",
    )
    add_log_options(parser)


def add_log_options(parser: ArgumentParser) -> None:
    """Say where a training's progress is logged."""
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
    """Name the folder of the results."""
    parser.add_argument("--output", required=True, type=Path, help="folder to write")


def add_data_options(parser: ArgumentParser, inputs: Sequence[str] = ()) -> None:
    """Say where the data are, for commands without settings.

    Parameters
    ----------
    inputs : roles of files that some of these commands take besides.
    """
    for role in (*DATA, *inputs):
        parser.add_argument(
            f"--{role.replace('_', '-')}", required=role in DATA, type=Path, help=_INPUTS[role]
        )


def read_inputs(arguments: Namespace) -> JobInputs:
    """Return the files that are named by `add_data_options`."""
    named = {role: getattr(arguments, role, None) for role in _INPUTS}
    return JobInputs(**{role: path for role, path in named.items() if path is not None})


def read_job(
    arguments: Namespace, kind: type[S], required: Sequence[str] = DATA
) -> tuple[S, JobInputs]:
    """Read a job's settings and the paths of its input files.

    Parameters
    ----------
    kind : of the settings.
    required : roles of the files that must be named.

    Raises
    ------
    InputError : neither --settings nor --run is given, both are, run.json is of another command,
        settings are wrong, or a required file is not named.
    """
    if (arguments.settings is None) == (arguments.run_file is None):
        raise InputError("give either --settings, or --run with an earlier job's run.json")
    paths: dict[str, Path] = {}
    if arguments.run_file is not None:
        job = read_run_file(arguments.run_file)
        if job.command != arguments.verb:
            raise InputError(
                f"{arguments.run_file}: is a job of {job.command}, not {arguments.verb}"
            )
        values, source = job.settings, str(arguments.run_file)
        paths = {role: Path(path) for role, path in job.inputs.items()}
    else:
        values, source = _read_json(arguments.settings), "--settings"
    settings = read_settings(kind, values, source)
    given = {role: getattr(arguments, role, None) for role in _INPUTS}
    paths |= {role: path for role, path in given.items() if path is not None}
    if missing := [role for role in required if role not in paths]:
        raise InputError(f"--{missing[0]} is not given: {_INPUTS[missing[0]]}")
    return settings, JobInputs(**paths)


def _read_json(text: str) -> object:
    if not text.lstrip().startswith("{"):
        return read_json(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"--settings: not valid JSON ({error})") from None


def describe(arguments: Namespace, settings: S, inputs: JobInputs, network: str) -> JobDescription:
    """Describe a job for its run.json and for whoever goes on where it was killed.

    A repetition with other code or other files is reported on stderr.

    Raises
    ------
    InputError : an input file is missing.
    """
    code = code_digest(f"commands.{arguments.verb.replace('-', '_')}", f"networks.{network}")
    job = describe_job(arguments.verb, settings, inputs, code)
    if arguments.run_file is not None:
        earlier = read_run_file(arguments.run_file).identity()
        if changed := [name for name, value in job.identity().items() if value != earlier[name]]:
            print(
                f"{arguments.run_file}: not the same job any more, {' and '.join(changed)} changed",
                file=sys.stderr,
            )
    return job
