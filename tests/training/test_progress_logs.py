"""Logs to watch training by: there while it runs, whole after a kill, and nothing else touched."""

import csv
import dataclasses
import inspect
import json
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tiny_jobs import make_job, search

from avdistill.examples.scope_data import EvaluationExamples, TrainingExamples, labels_of
from avdistill.networks.registry import build, network_spec
from avdistill.records.crops import Crop
from avdistill.training import fitting
from avdistill.training.devices import Devices
from avdistill.training.fitting import Examples, fit, prepare_training
from avdistill.training.job import Job
from avdistill.training.losses import training_targets
from avdistill.training.progress_logs import METRICS, ProgressLogs, open_logs
from avdistill.training.search import search_slice
from avdistill.training.teachers import train_teacher
from avdistill.vision.temporal import train_temporal

CLASSES = 3
EPOCHS = 4
NOWHERE = ProgressLogs()


@pytest.fixture(scope="module")
def hearnet():
    return prepare_training(build("hearnet", CLASSES, seed=0), network_spec("hearnet"), Devices())


@pytest.fixture(autouse=True)
def _snapshot_after_every_epoch(monkeypatch):
    monkeypatch.setattr(fitting, "SECONDS_BETWEEN_SNAPSHOTS", 0)


def train(trainee, output, logs=NOWHERE):
    """Train from the start, or from the snapshot of the same output."""
    chosen = [Crop(f"Location_01/Subject_01/Action_{i + 1:03d}", 0) for i in range(CLASSES)]
    held = np.random.default_rng(0).random((CLASSES, 500, 257), dtype=np.float32)
    trainee.network.set_weights(build("hearnet", CLASSES, seed=0).get_weights())
    examples = Examples(
        TrainingExamples(None, lambda epoch: chosen, held), EvaluationExamples(None, chosen, held)
    )
    job = make_job(output, logs=logs, epochs=EPOCHS, batch_size=CLASSES)
    return fit(
        trainee, examples, lambda some: training_targets(labels_of(some), CLASSES), 1e-3, job
    )


def row(epoch):
    return {"epoch": epoch} | {name: 1 / (epoch + i) for i, name in enumerate(METRICS)}


def dvclive(folder):
    """Read what DVCLive wrote back: an epoch a row, as in a history."""
    columns = {}
    for name in METRICS:
        path = folder / "plots/metrics" / f"{name}.tsv"
        if path.exists():
            with path.open(newline="") as file:
                columns[name] = list(csv.DictReader(file, delimiter="\t"))
    assert len({tuple(line["step"] for line in lines) for lines in columns.values()}) < 2
    return [
        {"epoch": int(lines[0]["step"])}
        | {name: float(line[name]) for name, line in zip(METRICS, lines, strict=True)}
        for lines in zip(*columns.values(), strict=True)
    ]


def tensorboard(folder):
    """Read TensorBoard's one file of events back, likewise."""
    (file,) = folder.iterdir()
    rows = {}
    for record in tf.data.TFRecordDataset(str(file)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            assert value.metadata.plugin_data.plugin_name == "scalars"
            epoch = rows.setdefault(event.step, {"epoch": event.step})
            assert value.tag not in epoch
            epoch[value.tag] = tf.make_ndarray(value.tensor).item()
    return list(rows.values())


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def single(history):
    """Round as TensorBoard's events do, to float32."""
    return [{name: float(np.float32(value)) for name, value in line.items()} for line in history]


def test_an_epoch_can_be_read_before_the_next_one_ends(hearnet, tmp_path, monkeypatch):
    logs = ProgressLogs(tmp_path / "live", tmp_path / "tensorboard")
    seen = []

    def reading(model, examples, predict=fitting.predict_logits):  # when an epoch is judged
        seen.append((dvclive(logs.live), tensorboard(logs.tensorboard)))
        return predict(model, examples)

    monkeypatch.setattr(fitting, "predict_logits", reading)
    history = train(hearnet, tmp_path / "out", logs)
    assert len(history) == EPOCHS
    assert seen == [(history[:epoch], single(history[:epoch])) for epoch in range(EPOCHS)]
    assert dvclive(logs.live) == history
    assert tensorboard(logs.tensorboard) == single(history)
    last = {name: history[-1][name] for name in METRICS} | {"step": EPOCHS}
    assert json.loads((logs.live / "metrics.json").read_text()) == last


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("seconds_between_snapshots", [0, 1000], ids=["snapshot", "none"])
def test_a_run_that_goes_on_logs_every_epoch_once(
    hearnet, tmp_path, monkeypatch, seconds_between_snapshots
):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    logs = ProgressLogs(killed / "live", killed / "tensorboard")
    snapshot = make_job(tmp_path / "out").snapshot()
    history = train(hearnet, tmp_path / "out", ProgressLogs(undisturbed / "live"))
    snapshot.remove()
    with monkeypatch.context() as patch:
        judged = iter(range(2))

        def killing(model, examples, predict=fitting.predict_logits):
            if next(judged, None) is None:
                raise KilledError
            return predict(model, examples)

        patch.setattr(fitting, "predict_logits", killing)
        patch.setattr(fitting, "SECONDS_BETWEEN_SNAPSHOTS", seconds_between_snapshots)
        with pytest.raises(KilledError):
            train(hearnet, tmp_path / "out", logs)
    assert dvclive(logs.live) == history[:2]
    assert snapshot.path.exists() == (seconds_between_snapshots == 0)
    train(hearnet, tmp_path / "out", logs)
    assert files(killed / "live") == files(undisturbed / "live")
    assert tensorboard(logs.tensorboard) == single(history)
    # Killed once more, after the last epoch; meanwhile somebody cleared the log away.
    shutil.rmtree(logs.live)
    train(hearnet, tmp_path / "out", logs)
    assert files(killed / "live") == files(undisturbed / "live")


@pytest.fixture
def studio():
    """Address of a server that keeps what is posted to it, and what was."""
    posted = []

    class Studio(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Studio) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", posted
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("experiment", [False, True], ids=["alone", "experiment"])
@pytest.mark.parametrize("around", ["nothing", "git", "dvc"])
def test_nothing_but_the_log_is_written_and_nothing_sent(
    around, experiment, studio, tmp_path, monkeypatch
):
    commit = ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--allow-empty", "-qm", "a")
    commands = {
        "nothing": [],
        "git": [["git", "init", "-q"], ["git", *commit]],
        "dvc": [
            ["git", "init", "-q"],
            [sys.executable, "-m", "dvc", "init", "-q"],
            ["git", *commit],
        ],
    }[around]
    for command in commands:
        subprocess.run(command, cwd=tmp_path, check=True)
    (tmp_path / "live").mkdir()
    for name in ("dvc.yaml", "params.yaml", "report.html"):  # which DVCLive takes for its own
        (tmp_path / "live" / name).write_text("{}\n")
    address, posted = studio
    monkeypatch.setenv("DVC_STUDIO_URL", address)
    monkeypatch.setenv("DVC_STUDIO_TOKEN", "secret")
    monkeypatch.setenv("DVC_STUDIO_REPO_URL", "git@localhost:a/b.git")
    if experiment:
        monkeypatch.setenv("DVC_ROOT", str(tmp_path))
        monkeypatch.setenv("DVC_EXP_BASELINE_REV", "0" * 40)
        monkeypatch.setenv("DVC_EXP_NAME", "tried")
    monkeypatch.chdir(tmp_path)
    before = files(tmp_path)
    with open_logs(ProgressLogs(Path("live")), [row(1)]) as log:
        log(row(2))
    assert dvclive(tmp_path / "live") == [row(1), row(2)]
    tables = {f"live/plots/metrics/{name}.tsv" for name in METRICS}
    after = files(tmp_path)
    assert after.keys() - before.keys() == tables | {"live/metrics.json"}
    assert {name: after[name] for name in before} == before
    assert not posted


def test_a_log_that_cannot_be_written_is_reported_once_and_stops_nothing(
    hearnet, tmp_path, monkeypatch, capsys
):
    plain = train(hearnet, tmp_path / "plain")
    (tmp_path / "file").touch()
    logs = ProgressLogs(tmp_path / "live", tmp_path / "file" / "tensorboard")

    def breaking(model, examples, predict=fitting.predict_logits):
        table = logs.live / "plots/metrics/loss.tsv"
        if table.is_file():  # after the first epoch
            table.unlink()
            table.mkdir()
        return predict(model, examples)

    monkeypatch.setattr(fitting, "predict_logits", breaking)
    assert train(hearnet, tmp_path / "logged", logs) == plain
    lines = [line for line in capsys.readouterr().err.splitlines() if "cannot be written" in line]
    assert len(lines) == 2
    assert lines[0].startswith(f"{logs.tensorboard}: cannot be written (")
    assert lines[1].startswith(f"{logs.live}: cannot be written (")
    assert lines[1].endswith("training goes on without this log")


def test_an_error_of_training_is_not_taken_for_one_of_its_logs(tmp_path):
    logs = ProgressLogs(tmp_path / "live", tmp_path / "tensorboard")
    for error in (OSError("of a record"), tf.errors.ResourceExhaustedError(None, None, "memory")):
        with pytest.raises(type(error)), open_logs(logs, []):
            raise error


def test_each_cell_is_logged_in_its_folder_and_changes_no_result(tiny, tmp_path):
    settings = {"learning_rates": [1e-3, 1e-4, 1e-5], "slice": 1, "slices": 2}
    plain, logged = tmp_path / "plain" / "slice1", tmp_path / "logged" / "slice1"
    live, events = tmp_path / "live", tmp_path / "tensorboard"
    (live / "cell7").mkdir(parents=True)  # of another search
    (live / "notes").mkdir()
    assert search(tiny, plain, **settings) == 0
    assert search(tiny, logged, "--live", live, "--tensorboard", events, **settings) == 0
    assert files(logged) == files(plain)
    with (logged / "cells.csv").open(newline="") as file:
        cells = {f"cell{line['cell']}" for line in csv.DictReader(file)}
    assert {path.name for path in live.iterdir()} == cells | {"notes"}
    assert {path.name for path in events.iterdir()} == cells
    for cell in cells:
        assert [line["epoch"] for line in dvclive(live / cell)] == [1, 2]
        assert tensorboard(events / cell) == single(dvclive(live / cell))


@pytest.mark.parametrize("training", [fit, search_slice, train_teacher, train_temporal])
def test_no_training_goes_unlogged_or_elsewhere_because_that_was_not_said(training):
    assert inspect.signature(training).parameters["job"].default is inspect.Parameter.empty
    for field in dataclasses.fields(Job):
        if field.name in ("devices", "logs"):
            assert field.default is field.default_factory is dataclasses.MISSING


def test_only_unfinished_cells_are_forgotten(tmp_path):
    logs = ProgressLogs(tmp_path / "live", tmp_path / "tensorboard")
    for folder in logs:
        for position in (0, 3, 12):
            (folder / f"cell{position}" / "plots").mkdir(parents=True)
    logs.forget_cells(keep={3})
    for folder in logs:
        assert [path.name for path in folder.iterdir()] == ["cell3"]
    NOWHERE.forget_cells(keep=())
    assert NOWHERE.cell(3) == NOWHERE
