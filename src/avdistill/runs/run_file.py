"""`run.json`: how a job made what lies beside it, so that anybody can see and repeat it."""

from pathlib import Path
from typing import Any, NamedTuple

from avdistill.configuration.section import Section
from avdistill.errors import InputError
from avdistill.files.atomic import read_json, write_json
from avdistill.runs.inputs import JobInputs

RUN_FILE = "run.json"


class JobDescription(NamedTuple):
    """All that a job's results depend on.

    Attributes
    ----------
    command : of `avdistill`, such as `train-teacher`.
    settings : as JSON values, see `avdistill.runs.settings`.
    inputs : paths by role, see `JobInputs`.
    digests : the sha256 of each of them.
    code : digest of the code, see `avdistill.provenance`.
    """

    command: str
    settings: dict[str, Any]
    inputs: dict[str, str]
    digests: dict[str, str]
    code: str

    def identity(self) -> dict[str, Any]:
        """Return what decides results; where the inputs lie does not."""
        return {"settings": self.settings, "digests": self.digests, "code": self.code}


def describe_job(command: str, settings: Section, inputs: JobInputs, code: str) -> JobDescription:
    """Describe a job before it starts.

    Raises
    ------
    InputError : an input is missing.
    """
    paths = {role: str(path) for role, path in inputs.files().items()}
    values = settings.model_dump(mode="json")
    return JobDescription(command, values, paths, inputs.digests(), code)


def write_run_file(folder: Path, job: JobDescription) -> None:
    """Write `run.json`, atomically."""
    write_json(Path(folder) / RUN_FILE, job._asdict())


def read_run_file(path: Path) -> JobDescription:
    """Read what `write_run_file` wrote; anything else is an `InputError`."""
    value = read_json(path)
    kinds = dict(zip(JobDescription._fields, (str, dict, dict, dict, str), strict=True))
    if not isinstance(value, dict) or value.keys() != kinds.keys():
        wrong = list(kinds)
    else:
        wrong = [name for name, kind in kinds.items() if not isinstance(value[name], kind)]
    if wrong:
        raise InputError(
            f"{path}: does not say how a run was made ({wrong[0]}); name another run.json, or give "
            "--settings and the input files"
        )
    return JobDescription(**value)
