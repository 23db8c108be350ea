"""One job of training: how its networks are fitted, and where its files go."""

from dataclasses import dataclass, replace
from pathlib import Path

from avdistill.runs.run_file import JobDescription
from avdistill.runs.settings import Fitting
from avdistill.training.devices import Devices
from avdistill.training.progress_logs import ProgressLogs
from avdistill.training.snapshot import Snapshot, resume_folder


@dataclass(frozen=True)
class Job:
    """What a training command was asked for, the network and its data aside.

    Attributes
    ----------
    title : heads every line of progress.
    fitting : epochs, batch size and crops.
    devices : what networks are trained on.
    output : folder of the results.
    description : all that the results depend on; only a job of the same description goes on where
        this one was killed.
    logs : where progress is logged.
    part : names the snapshot of this part of the job.
    """

    title: str
    fitting: Fitting
    devices: Devices
    output: Path
    description: JobDescription
    logs: ProgressLogs
    part: str = "state"

    def snapshot(self, part: str | None = None) -> Snapshot:
        """Return where unfinished work is kept, of this part of the job or another."""
        file = resume_folder(self.output) / f"{part or self.part}.npz"
        return Snapshot(file, self.description.identity())

    def for_cell(self, position: int, title: str) -> "Job":
        """Return the job of one cell of the grid, with a snapshot and logs of its own."""
        title = f"{self.title}, {title}"
        return replace(self, title=title, logs=self.logs.cell(position), part=f"cell{position}")
