"""Logs of a training's progress: every epoch as soon as it ends, by DVCLive and TensorBoard.

These logs are for looking at only, and no result depends on them. Where one cannot be written, as
on a full disk, a message on stderr says so, and training goes on without it. A run that goes on
after a kill logs the epochs before that anew: none is there twice, none is missing.
"""

import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import tensorflow as tf

from avdistill.results.history import HISTORY

Log = Callable[[dict[str, float]], None]  # takes an epoch's row, with the values of `HISTORY`

METRICS = HISTORY[1:]  # the epoch is the step of each
_FAILURES = (OSError, tf.errors.OpError)


class ProgressLogs(NamedTuple):
    """Folders where a run logs its progress; None: nowhere.

    Attributes
    ----------
    live : of DVCLive: `plots/metrics/{name}.tsv` for each of `METRICS`, and the last epoch's values
        in `metrics.json`. The bytes depend on nothing but the values.
    tensorboard : of TensorBoard: one file of events, whose name and bytes say when and where it was
        written, as TensorBoard wants it.
    """

    live: Path | None = None
    tensorboard: Path | None = None

    def cell(self, position: int) -> "ProgressLogs":
        """Return the folders of one cell of a grid."""
        return ProgressLogs(*(folder and folder / f"cell{position}" for folder in self))

    def forget_cells(self, *, keep: Collection[int]) -> None:
        """Remove what an earlier search logged, except of the cells at these positions."""
        kept = {f"cell{position}" for position in keep}
        for folder in filter(None, self):
            for path in folder.glob("cell[0-9]*"):
                if path.name not in kept:
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def open_logs(progress_logs: ProgressLogs, history: Sequence[dict[str, float]]) -> Iterator[Log]:
    """Yield what logs further epochs, after those of `history`, in place of all logged before."""
    folders = {_dvclive: progress_logs.live, _tensorboard: progress_logs.tensorboard}
    logs: dict[Callable, Log] = {}

    @contextmanager
    def reported(kind: Callable) -> Iterator[None]:
        try:
            yield
        except _FAILURES as error:
            logs.pop(kind, None)
            reason = str(error).partition("\n")[0]  # TensorFlow says more
            print(
                f"{folders[kind]}: cannot be written ({reason}); training goes on without this log",
                file=sys.stderr,
                flush=True,
            )

    def log(row: dict[str, float]) -> None:
        for kind, write in list(logs.items()):
            with reported(kind):
                write(row)

    with ExitStack() as stack:
        for kind, folder in folders.items():
            if folder is not None:
                with reported(kind):
                    folder.mkdir(parents=True, exist_ok=True)
                    logs[kind] = stack.enter_context(kind(folder))
        for row in history:
            log(row)
        yield log


@contextmanager
def _dvclive(folder: Path) -> Iterator[Log]:
    """Log by DVCLive, and do nothing else that DVCLive does.

    Left to itself, `Live` opens the DVC repository around the working folder, or makes one where
    there is only a Git repository, and posts to DVC Studio where a token is set; its `next_step`
    and `end` do more of the kind, and without `resume` it removes any `dvc.yaml`, `params.yaml` and
    report from its folder.
    """
    from dvclive import Live  # noqa: PLC0415

    class LogOnly(Live):
        def _init_dvc(self) -> None:
            """Look for no repository."""

        def _init_studio(self) -> None:
            """Send nothing."""

    files = [folder / "plots" / "metrics" / f"{name}.tsv" for name in METRICS]
    for file in (*files, folder / "metrics.json"):
        file.unlink(missing_ok=True)
    live = LogOnly(str(folder), resume=True, save_dvc_exp=False, dvcyaml=False)

    def write(row: dict[str, float]) -> None:
        live.step = row["epoch"]
        for name in METRICS:
            live.log_metric(name, row[name])
        live.make_summary()

    yield write


@contextmanager
def _tensorboard(folder: Path) -> Iterator[Log]:
    """Log scalars, as `tf.summary.scalar` does, but without TensorBoard, which that needs."""
    for file in folder.glob("events.out.tfevents.*"):
        file.unlink()
    kind = tf.compat.v1.SummaryMetadata(
        plugin_data={"plugin_name": "scalars"}, data_class="DATA_CLASS_SCALAR"
    )
    writer = tf.summary.create_file_writer(str(folder))

    def write(row: dict[str, float]) -> None:
        with writer.as_default(step=row["epoch"]):
            for name in METRICS:
                tf.summary.write(name, tf.constant(row[name], tf.float32), metadata=kind)
        writer.flush()

    try:
        yield write
    finally:
        with suppress(*_FAILURES):  # every epoch was flushed, or its failure was reported
            writer.close()
