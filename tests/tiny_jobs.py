"""Jobs of training, as objects and as commands: for the tests of several folders."""

import json
from pathlib import Path
from typing import Any

from avdistill.cli import main
from avdistill.runs.inputs import JobInputs
from avdistill.runs.run_file import JobDescription
from avdistill.runs.settings import Fitting
from avdistill.training.devices import Devices
from avdistill.training.job import Job
from avdistill.training.progress_logs import ProgressLogs


def make_job(
    output: Path,
    *,
    devices: Devices | None = None,
    logs: ProgressLogs | None = None,
    identity: Any = None,
    **fitting: Any,
) -> Job:
    """Make a job whose results go to a folder; `identity` sets it apart from other jobs."""
    fitting = Fitting(**{"epochs": 2, "batch_size": 4} | fitting)
    description = JobDescription(
        command="test", settings={"is": identity}, inputs=JobInputs(), digests={}, code=""
    )
    logs = logs or ProgressLogs()
    return Job("test", fitting, devices or Devices(), output, description, logs)


def data_of(root: Path) -> dict[str, Path]:
    """Name the files of a data set that nearly all jobs take, by role."""
    return {
        "dataset": root / "dataset.json",
        "records": root / "records" / "manifest.csv",
        "split": root / "all.csv",
    }


def command(verb: str, settings: Any, options: dict[str, Any], *more: Any) -> int:
    """Run a command; return its exit status.

    Parameters
    ----------
    settings : as JSON; None: it takes none.
    options : without their dashes; a tuple gives an option several values.
    """
    words = [] if settings is None else ["--settings", json.dumps(settings)]
    for name, value in options.items():
        values = value if isinstance(value, tuple) else (value,)
        words += [f"--{name.replace('_', '-')}", *values]
    return main([verb, *map(str, [*words, *more])])


def teach(root: Path, output: Path, *more: Any, **settings: Any) -> int:
    """Train a teacher on acoustic images of the data set below `root`."""
    fixed = {"network": "dualcamnet", "scope": "all", "learning_rate": 1e-3}
    fixed["fitting"] = {"epochs": 2, "batch_size": 8}
    return command("train-teacher", fixed | settings, data_of(root) | {"output": output}, *more)


def search(root: Path, output: Path, *more: Any, **settings: Any) -> int:
    """Search a slice of HearNet's grid."""
    fixed = {"network": "hearnet", "scope": "all", "fitting": {"epochs": 2, "batch_size": 2}}
    files = data_of(root) | {"statistics": root / "all.npz", "output": output}
    return command("search-grid", fixed | settings, files, *more)


def select(root: Path, slices: list[Path], output: Path, *more: Any, **settings: Any) -> int:
    """Select HearNet from the folders of slices."""
    fixed = {"network": "hearnet", "scope": "all"}
    files = data_of(root) | {"statistics": root / "all.npz", "output": output}
    files["slices"] = tuple(folder / "cells.csv" for folder in slices)
    return command("select-student", fixed | settings, files, *more)


RATES = {"learning_rates": (1e-3, 1e-4)}
DISTILLED = RATES | {"supervision": "dualcamnet", "temperatures": (2,), "imitations": (1,)}
