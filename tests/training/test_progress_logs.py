"""Logs to watch training by: there while it runs, whole after a kill, and nothing else touched."""

import csv
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
from avdistill.training.live import METRICS, Watching, live_log
from avdistill.training.students import search_slice

from avdistill.cli import main
from avdistill.examples.scope_data import EvaluationExamples, TrainingExamples, labels_of
from avdistill.networks.registry import build, network_spec
from avdistill.records.crops import Crop
from avdistill.training import fitting
from avdistill.training.devices import Devices
from avdistill.training.fitting import compile_model, fit
from avdistill.training.losses import training_targets
from avdistill.training.snapshot import Snapshot
from avdistill.training.teachers import train_teacher
from avdistill.vision.temporal import train_temporal

CLASSES = 3
EPOCHS = 4
NOWHERE = Watching()


@pytest.fixture(scope="module")
def hearnet():
    model = build("hearnet", CLASSES, seed=0)
    return compile_model(model, devices=Devices())


def train(model, folder, watching=NOWHERE, seconds_between_snapshots=0.0):
    """Train from the start, or from the snapshot in `folder`."""
    chosen = [Crop(f"Location_01/Subject_01/Action_{i + 1:03d}", 0) for i in range(CLASSES)]
    held = np.random.default_rng(0).random((CLASSES, 500, 257), dtype=np.float32)
    model.set_weights(build("hearnet", CLASSES, seed=0).get_weights())
    return fit(
        model,
        network_spec("hearnet"),
        double=model,
        training=TrainingExamples(None, lambda epoch: chosen, held),
        targets_of=lambda some: training_targets(labels_of(some), CLASSES),
        validation=EvaluationExamples(None, chosen, held),
        learning_rate=1e-3,
        epochs=EPOCHS,
        batch_size=CLASSES,
        snapshot=Snapshot(folder / "state.npz", {}),
        title="hearnet",
        watching=watching,
        seconds_between_snapshots=seconds_between_snapshots,
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
    watching = Watching(tmp_path / "live", tmp_path / "tensorboard")
    seen = []

    def reading(model, examples, predict=fitting.predict_logits):  # when an epoch is judged
        seen.append((dvclive(watching.live), tensorboard(watching.tensorboard)))
        return predict(model, examples)

    monkeypatch.setattr(fitting, "predict_logits", reading)
    history = train(hearnet, tmp_path, watching).history
    assert len(history) == EPOCHS
    assert seen == [(history[:epoch], single(history[:epoch])) for epoch in range(EPOCHS)]
    assert dvclive(watching.live) == history
    assert tensorboard(watching.tensorboard) == single(history)
    last = {name: history[-1][name] for name in METRICS} | {"step": EPOCHS}
    assert json.loads((watching.live / "metrics.json").read_text()) == last


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("seconds_between_snapshots", [0, 1000], ids=["snapshot", "none"])
def test_a_run_that_goes_on_logs_every_epoch_once(
    hearnet, tmp_path, monkeypatch, seconds_between_snapshots
):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    watching = Watching(killed / "live", killed / "tensorboard")
    history = train(hearnet, tmp_path, Watching(undisturbed / "live")).history
    (tmp_path / "state.npz").unlink()
    with monkeypatch.context() as patch:
        judged = iter(range(2))

        def killing(model, examples, predict=fitting.predict_logits):
            if next(judged, None) is None:
                raise KilledError
            return predict(model, examples)

        patch.setattr(fitting, "predict_logits", killing)
        with pytest.raises(KilledError):
            train(hearnet, tmp_path, watching, seconds_between_snapshots)
    assert dvclive(watching.live) == history[:2]
    assert (tmp_path / "state.npz").exists() == (seconds_between_snapshots == 0)
    train(hearnet, tmp_path, watching)
    assert files(killed / "live") == files(undisturbed / "live")
    assert tensorboard(watching.tensorboard) == single(history)
    # Killed once more, after the last epoch; meanwhile somebody cleared the log away.
    shutil.rmtree(watching.live)
    train(hearnet, tmp_path, watching)
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
    with live_log(Watching(Path("live")), [row(1)]) as log:
        log(row(2))
    assert dvclive(tmp_path / "live") == [row(1), row(2)]
    tables = {f"live/plots/metrics/{name}.tsv" for name in METRICS}
    after = files(tmp_path)
    assert after.keys() - before.keys() == tables | {"live/metrics.json"}
    assert {name: after[name] for name in before} == before
    assert not posted


def test_a_log_that_cannot_be_written_is_told_once_and_stops_nothing(
    hearnet, tmp_path, monkeypatch, capsys
):
    plain = train(hearnet, tmp_path / "plain")
    (tmp_path / "file").touch()
    watching = Watching(tmp_path / "live", tmp_path / "file" / "tensorboard")

    def breaking(model, examples, predict=fitting.predict_logits):
        table = watching.live / "plots/metrics/loss.tsv"
        if table.is_file():  # after the first epoch
            table.unlink()
            table.mkdir()
        return predict(model, examples)

    monkeypatch.setattr(fitting, "predict_logits", breaking)
    assert train(hearnet, tmp_path / "watched", watching) == plain
    told = [line for line in capsys.readouterr().err.splitlines() if "cannot be written" in line]
    assert len(told) == 2
    assert told[0].startswith(f"{watching.tensorboard}: cannot be written (")
    assert told[1].startswith(f"{watching.live}: cannot be written (")
    assert told[1].endswith("training goes on without this log")


def test_an_error_of_training_is_not_taken_for_one_of_its_logs(tmp_path):
    watching = Watching(tmp_path / "live", tmp_path / "tensorboard")
    for error in (OSError("of a record"), tf.errors.ResourceExhaustedError(None, None, "memory")):
        with pytest.raises(type(error)), live_log(watching, []):
            raise error


def test_each_cell_is_logged_in_its_folder_and_changes_no_result(tiny, tmp_path):
    data = {"--dataset": "dataset.json", "--records": "records", "--split": "all.csv"}
    data |= {"--manifest": "records/manifest.csv", "--statistics": "all.npz"}
    options = [part for key, file in data.items() for part in (key, str(tiny / file))]
    options += ["--student", "hearnet", "--supervision", "ground_truth", "--scope", "all"]
    options += ["--seed", "0", "--learning-rates", "1e-3", "1e-4", "1e-5", "--epochs", "2"]
    options += ["--slice", "1", "--slices", "2", "--output"]
    plain, watched = tmp_path / "plain" / "slice1", tmp_path / "watched" / "slice1"
    live, events = tmp_path / "live", tmp_path / "tensorboard"
    (live / "cell7").mkdir(parents=True)  # of another search
    (live / "notes").mkdir()
    assert main(["search-grid", *options, str(plain)]) == 0
    more = [str(watched), "--live", str(live), "--tensorboard", str(events)]
    assert main(["search-grid", *options, *more]) == 0
    assert files(watched) == files(plain)
    with (watched / "cells.csv").open(newline="") as file:
        cells = {f"cell{line['cell']}" for line in csv.DictReader(file)}
    assert {path.name for path in live.iterdir()} == cells | {"notes"}
    assert {path.name for path in events.iterdir()} == cells
    for cell in cells:
        assert [line["epoch"] for line in dvclive(live / cell)] == [1, 2]
        assert tensorboard(events / cell) == single(dvclive(live / cell))


@pytest.mark.parametrize("training", [fit, search_slice, train_teacher, train_temporal])
def test_no_training_goes_unwatched_or_elsewhere_because_that_was_not_said(training):
    parameters = inspect.signature(training).parameters
    for name in ("double" if training is fit else "devices", "watching"):
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[name].default is inspect.Parameter.empty


def test_only_unfinished_cells_are_forgotten(tmp_path):
    watching = Watching(tmp_path / "live", tmp_path / "tensorboard")
    for folder in watching:
        for position in (0, 3, 12):
            (folder / f"cell{position}" / "plots").mkdir(parents=True)
    watching.forget_cells(but={3})
    for folder in watching:
        assert [path.name for path in folder.iterdir()] == ["cell3"]
    NOWHERE.forget_cells(but=())
    assert NOWHERE.cell(3) == NOWHERE
