"""Options of the jobs that train: their settings, their input files, and how to run them."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from avdistill.errors import InputError
from avdistill.files.atomic import read_json
from avdistill.provenance.code_digest import code_digest
from avdistill.records.temporary import CACHES
from avdistill.runs.inputs import JobInputs
from avdistill.runs.run_file import JobDescription, describe_job, read_run_file
from avdistill.runs.settings import BackboneSettings, RunSettings, S, read_section

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
            parser.add_argument(_option(role), type=Path, required=role in required, **texts)

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


def _option(role: str) -> str:
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


def read_inputs(arguments: Namespace) -> JobInputs:
    """Return the input files that the arguments name."""
    return JobInputs(**_named(arguments))


def _named(arguments: Namespace) -> dict[str, Any]:
    given = {field.name: getattr(arguments, field.name, None) for field in fields(JobInputs)}
    return {
        role: tuple(paths) if isinstance(paths, list) else paths
        for role, paths in given.items()
        if paths is not None
    }


def read_job(
    arguments: Namespace, kind: type[S], required: Sequence[str] = DATA
) -> tuple[S, JobInputs]:
    """Return a job's settings and the paths of its input files.

    Parameters
    ----------
    kind : type of the settings.
    required : roles of the files that must be named.

    Raises
    ------
    InputError : neither --settings nor --run is given, or both are; run.json is of another command
        or damaged; settings are wrong; or a required file is not named.
    """
    if (arguments.settings is None) == (arguments.run_file is None):
        raise InputError("give either --settings, or --run with an earlier job's run.json")
    inputs = read_inputs(arguments)
    if arguments.run_file is None:
        settings = read_section(kind, _read_json(arguments.settings), "--settings: wrong settings")
    else:
        job = read_run_file(arguments.run_file)
        if job.command != arguments.verb:
            raise InputError(
                f"{arguments.run_file}: is of {job.command}, not of {arguments.verb}; name a "
                f"run.json of {arguments.verb}, or give this one to {job.command}"
            )
        settings = read_section(kind, job.settings, f"{arguments.run_file}: wrong settings")
        inputs = replace(job.inputs, **_named(arguments))
    for role in required:
        if role not in inputs.files():
            raise InputError(f"{_option(role)} is not given; --help says what it is")
    return settings, inputs


def _read_json(text: str) -> object:
    if not text.lstrip().startswith("{"):
        return read_json(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"--settings: not valid JSON ({error})") from None


def describe(
    arguments: Namespace, settings: RunSettings | BackboneSettings, inputs: JobInputs
) -> JobDescription:
    """Return a description of a job, for its run.json and to resume it after an interruption.

    If it repeats an earlier job, a message on stderr lists what has changed since.

    Raises
    ------
    InputError : as `JobInputs.digests`.
    """
    verb = arguments.verb.replace("-", "_")
    code = code_digest(f"commands.{verb}", f"networks.{settings.network}")
    job = describe_job(arguments.verb, settings, inputs, code)
    if arguments.run_file is not None:
        earlier = read_run_file(arguments.run_file)
        digests = job.digests.items()
        changed = [_option(role) for role, value in digests if earlier.digests.get(role) != value]
        changed += ["the code"] if job.code != earlier.code else []
        if changed:
            print(
                f"{arguments.run_file}: {', '.join(changed)} changed since; results may differ",
                file=sys.stderr,
            )
    return job
