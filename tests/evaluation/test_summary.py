import csv
import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.cli import main
from avdistill.evaluation.accuracy import test_metrics as metrics_of
from avdistill.evaluation.predictions import no_predictions, write_predictions
from avdistill.networks.model_directory import write_model_card
from avdistill.networks.registry import network_spec

DATASET = DatasetDescription("simulated", ("a", "b", "c"), ("room", "yard"), 3, 10)


def predictions(seed, length, frames=0):
    random = np.random.default_rng(seed)
    crops = [(sequence, start) for sequence in range(6) for start in range(0, 10, length)]
    logits = random.normal(size=(len(crops), 3)).astype(np.float32)
    columns = {
        "sequence": [f"Location_01/Subject_0{s + 1}/Action_001" for s, _ in crops],
        "start": [start for _, start in crops],
        "actual": 0,
        "predicted": logits.argmax(axis=1),
        **{f"logit_{label}": logits[:, label] for label in range(3)},
    }
    if frames:
        columns |= {"frames_correct": random.integers(0, frames + 1, len(crops)), "frames": frames}
    return pd.DataFrame(columns)


@pytest.fixture
def networks(tmp_path):
    """Two seeds of a teacher, one of a student; each tested on one other scope."""
    folders = []
    for name, supervision, seed in (
        ("dualcamnet", "ground_truth", 0),
        ("dualcamnet", "ground_truth", 1),
        ("hearnet", "dualcamnet", 0),
    ):
        folder = tmp_path / name / f"seed{seed}"
        spec = network_spec(name)
        frames = 12 if spec.frame_wise else 0
        identity = {"scope": "scenario1", "supervision": supervision, "seed": seed}
        statistics = None if frames else (np.zeros(257), np.ones(257))
        write_model_card(folder, spec, DATASET, statistics=statistics, **identity)
        own = predictions(seed, spec.length_seconds, frames)
        chosen = {"learning_rate": 1e-3}
        if not frames:
            chosen |= {"temperature": 2.0, "imitation": 0.5}
        metrics = {
            "network": name,
            **identity,
            "data_source": "simulated",
            "test": metrics_of(own, seed=0),
            "validation": {"accuracy": 0.5 + seed / 10, "loss": 1.5},
            "epochs": 3,
            "best_epoch": 2,
            "training_loss_first": 2.5,
            "training_loss_last": 0.5,
            **chosen,
        }
        (folder / "metrics.json").write_text(json.dumps(metrics))
        other = predictions(9 + seed, spec.length_seconds, frames)
        if seed:
            other = no_predictions(3, frame_wise=spec.frame_wise)
        write_predictions(folder / "predictions_scenario2.parquet", other)
        folders.append(folder)
    return folders


def summarise(tmp_path, folders, note="only a test"):
    output = tmp_path / "evaluation"
    status = main(
        [
            *("summarise-accuracy", "--metrics", *(str(f / "metrics.json") for f in folders)),
            "--crossings",
            *(str(path) for folder in folders for path in folder.glob("predictions_*")),
            *("--note", note, "--table", str(output / "accuracy.csv")),
            *("--crossing-table", str(output / "across_scopes.csv")),
            *("--page", str(output / "accuracy.html")),
        ]
    )
    return status, output


def rows_of(path):
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_network_has_its_row_and_seeds_their_mean(networks, tmp_path):
    status, output = summarise(tmp_path, networks[::-1])
    assert status == 0
    rows = rows_of(output / "accuracy.csv")
    assert [(row["network"], row["seed"]) for row in rows] == [
        ("dualcamnet", "0"),
        ("dualcamnet", "1"),
        ("dualcamnet", "mean"),
        ("dualcamnet", "standard deviation"),
        ("hearnet", "0"),
    ]
    for row, folder in zip((rows[0], rows[1], rows[4]), networks, strict=True):
        test = json.loads((folder / "metrics.json").read_text())["test"]
        for name in ("accuracy_crop", "accuracy_sequence", "chance", "crops", "sequences"):
            assert float(row[name]) == test[name]
        ends = [float(row["interval_95_low"]), float(row["interval_95_high"])]
        assert ends == test["interval_95"]
        assert row["data_source"] == "simulated"
    mean = np.mean([float(row["accuracy_frame"]) for row in rows[:2]])
    assert float(rows[2]["accuracy_frame"]) == pytest.approx(mean)
    assert float(rows[2]["validation_accuracy"]) == pytest.approx(0.55)
    assert rows[4]["accuracy_frame"] == rows[4]["accuracy_5s"] == ""
    assert (rows[4]["learning_rate"], rows[4]["temperature"]) == ("0.001", "2.0")
    assert (rows[4]["imitation"], rows[4]["training_loss_last"]) == ("0.5", "0.5")
    assert rows[0]["temperature"] == ""


def test_other_scopes_have_a_table_where_nothing_to_test_is_empty(networks, tmp_path):
    _, output = summarise(tmp_path, networks)
    rows = rows_of(output / "across_scopes.csv")
    assert {(row["scope"], row["target"]) for row in rows} == {("scenario1", "scenario2")}
    expected = metrics_of(predictions(9, 1, 12), seed=0)
    assert float(rows[0]["accuracy_crop"]) == expected["accuracy_crop"]
    assert (rows[0]["crops"], rows[0]["sequences"]) == ("60", "6")
    assert (rows[1]["crops"], rows[1]["accuracy_crop"], rows[1]["interval_95_low"]) == ("0", "", "")
    assert rows[2]["accuracy_crop"] == ""  # no mean of one seed out of two


class Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.texts, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())


def test_the_page_says_first_that_data_are_simulated_and_needs_nothing_else(networks, tmp_path):
    _, output = summarise(tmp_path, networks, note="A <b>note</b> & more")
    page = (output / "accuracy.html").read_text()
    reader = Texts()
    reader.feed(page)
    assert reader.open == []
    text = " ".join(reader.texts)
    assert text.index("Data: simulated") < text.index("DualCamNet")
    assert "A <b>note</b> & more" in text
    assert "soft labels of DualCamNet (D)" in text
    assert "Across scopes" in text
    assert not re.search(r"https?:|src=|<script|<link", page)
    assert len(page) < 20_000
    first = (output / "accuracy.html").read_bytes()
    summarise(tmp_path, networks[::-1], note="A <b>note</b> & more")
    assert (output / "accuracy.html").read_bytes() == first


def test_without_crossings_the_page_leaves_them_out(networks, tmp_path):
    for folder in networks:
        (folder / "predictions_scenario2.parquet").unlink()
    status, output = summarise(tmp_path, networks)
    assert status == 0
    assert rows_of(output / "across_scopes.csv") == []
    assert "Across scopes" not in (output / "accuracy.html").read_text()


def spoil_json(folder):
    path = folder / "metrics.json"
    metrics = json.loads(path.read_text())
    del metrics["test"]
    path.write_text(json.dumps(metrics))


def spoil_name(folder):
    (folder / "predictions_scenario2.parquet").rename(folder / "predictions_scenario 2.parquet")


def spoil_predictions(folder):
    write_predictions(folder / "predictions_scenario2.parquet", no_predictions(5, frame_wise=False))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoil_json, "not metrics of a network"),
        (spoil_name, "not named predictions_TARGET"),
        (spoil_predictions, "5 classes, but the network beside it knows 3"),
        (lambda folder: (folder / "metrics.json").write_text("[]"), "not metrics"),
        (lambda folder: (folder / "model.json").unlink(), "no such file"),
    ],
)
def test_what_are_no_results_is_refused(networks, tmp_path, capsys, spoil, message):
    spoil(networks[0])
    status, output = summarise(tmp_path, networks)
    assert status == 1
    assert message in capsys.readouterr().err
    assert not output.exists()


def test_the_same_network_twice_is_refused(networks, tmp_path, capsys):
    status, _ = summarise(tmp_path, [*networks, networks[0]])
    assert status == 1
    assert "two results of network dualcamnet" in capsys.readouterr().err
