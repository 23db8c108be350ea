"""A job's settings and input files, read from the command line or from run.json.

Commands import this module when they run: pydantic takes a tenth of a second to start.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import fields, replace

from avdistill.errors import InputError, explain_errors
from avdistill.files.atomic import read_json
from avdistill.options.jobs import DATA
from avdistill.provenance.code_digest import code_digest
from avdistill.runs.inputs import JobInputs
from avdistill.runs.run_file import JobDescription, describe_job, read_run_file
from avdistill.runs.settings import BackboneSettings, RunSettings, S, read_section


def read_inputs(arguments: Namespace, earlier: JobInputs | None = None) -> JobInputs:
    """Return the input files that the arguments name, and of an earlier job those that they don't.

    Parameters
    ----------
    earlier : the earlier job's files; without it, none.
    """
    given = {field.name: getattr(arguments, field.name, None) for field in fields(JobInputs)}
    named = {
        role: tuple(paths) if isinstance(paths, list) else paths
        for role, paths in given.items()
        if paths is not None
    }
    return replace(earlier or JobInputs(), **named)


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
    if arguments.run_file is None:
        inputs = read_inputs(arguments)
        settings = read_section(kind, _read_json(arguments.settings), "--settings: wrong settings")
    else:
        job = read_run_file(arguments.run_file)
        if job.command != arguments.verb:
            raise InputError(
                f"{arguments.run_file}: is of {job.command}, not of {arguments.verb}; name a "
                f"run.json of {arguments.verb}, or give this one to {job.command}"
            )
        settings = read_section(kind, job.settings, f"{arguments.run_file}: wrong settings")
        inputs = read_inputs(arguments, job.inputs)
    for role in required:
        if role not in inputs.files():
            raise InputError(f"{_option_of(role)} is not given; --help says what it is")
    return settings, inputs


def _read_json(text: str) -> object:
    if not text.lstrip().startswith("{"):
        return read_json(text)
    with explain_errors("--settings", {json.JSONDecodeError: "not valid JSON ({error})"}):
        return json.loads(text)


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
        changed = [
            _option_of(role)
            for role, digest in job.digests.items()
            if earlier.digests.get(role) != digest
        ]
        changed += ["the code"] if job.code != earlier.code else []
        if changed:
            print(
                f"{arguments.run_file}: {', '.join(changed)} changed since; results may differ",
                file=sys.stderr,
            )
    return job


def _option_of(role: str) -> str:
    return f"--{role.replace('_', '-')}"
