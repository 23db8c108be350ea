"""`run.json`: how a job made what lies beside it, so that anybody can see and repeat it."""

from pathlib import Path
from typing import Any

from avdistill.configuration.section import Section
from avdistill.files.atomic import read_json, write_json
from avdistill.runs.inputs import JobInputs
from avdistill.runs.settings import read_section

RUN_FILE = "run.json"


class JobDescription(Section):
    """All that a job's results depend on.

    Attributes
    ----------
    command : of `avdistill`, such as `train-teacher`.
    settings : as JSON values, see `avdistill.runs.settings`.
    inputs : files, by their paths as the job was given them.
    digests : see `JobInputs.digests`.
    code : digest of the code, see `avdistill.provenance.code_digest`.
    """

    command: str
    settings: dict[str, Any]
    inputs: JobInputs
    digests: dict[str, str | list[str]]
    code: str

    def identity(self) -> dict[str, Any]:
        """Return what decides results; where the inputs lie does not."""
        return {"settings": self.settings, "digests": self.digests, "code": self.code}


def describe_job(command: str, settings: Section, inputs: JobInputs, code: str) -> JobDescription:
    """Describe a job before it starts.

    Raises
    ------
    InputError : as `JobInputs.digests`.
    """
    return JobDescription(
        command=command,
        settings=settings.model_dump(mode="json"),
        inputs=inputs,
        digests=inputs.digests(),
        code=code,
    )


def write_run_file(folder: Path, job: JobDescription) -> None:
    """Write `run.json`, atomically."""
    # Of the inputs only those that were given.
    write_json(Path(folder) / RUN_FILE, job.model_dump(mode="json", exclude_defaults=True))


def read_run_file(path: Path) -> JobDescription:
    """Read what `write_run_file` wrote.

    Raises
    ------
    InputError : no such file, or something else in it; one line per mistake.
    """
    return read_section(JobDescription, read_json(path), f"{path}: does not say how a run was made")
