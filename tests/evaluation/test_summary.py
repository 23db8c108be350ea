import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from avdistill.cli import main
from avdistill.evaluation.intervals import crop_interval
from avdistill.results.predictions import (
    no_predictions,
    read_predictions,
    write_predictions,
)

DVC = (sys.executable, "-m", "dvc")


@pytest.fixture
def networks(make_network):
    """Two seeds of a teacher, one of a student."""
    return [
        make_network("dualcamnet"),
        make_network("dualcamnet", seed=1),
        make_network("hearnet", "dualcamnet", temperature=2.0, imitation=0.5, loss="hinton"),
    ]


def summarise(tmp_path, metrics, *options, note="only a test"):
    output = tmp_path / "evaluation"
    status = main(
        [
            *("summarise-accuracy", "--metrics", *map(str, metrics)),
            *options,
            *("--note", note, "--table", str(output / "accuracy.csv")),
            *("--page", str(output / "accuracy.html")),
            *("--summary", str(tmp_path / "metrics")),
        ]
    )
    return status, output


def test_every_network_has_its_row_and_seeds_their_mean(networks, tmp_path, read_table):
    status, output = summarise(tmp_path, networks[::-1])
    assert status == 0
    rows = read_table(output / "accuracy.csv")
    assert [(row["network"], row["seed"]) for row in rows] == [
        ("dualcamnet", "0"),
        ("dualcamnet", "1"),
        ("dualcamnet", "mean"),
        ("dualcamnet", "standard deviation"),
        ("hearnet", "0"),
    ]
    for row, path in zip((rows[0], rows[1], rows[4]), networks, strict=True):
        test = json.loads(path.read_text())["test"]
        for name in ("accuracy_crop", "accuracy_sequence", "chance", "crops", "sequences"):
            assert float(row[name]) == test[name]
        predictions = read_predictions(path.with_name("predictions.parquet"))
        ends = float(row["interval_95_low"]), float(row["interval_95_high"])
        assert ends == crop_interval(predictions, seed=0)
        assert row["data_source"] == "simulated"
    accuracies = [float(row["accuracy_frame"]) for row in rows[:2]]
    assert float(rows[2]["accuracy_frame"]) == pytest.approx(np.mean(accuracies))
    assert float(rows[3]["accuracy_frame"]) == pytest.approx(np.std(accuracies, ddof=1))
    assert float(rows[2]["validation_accuracy"]) == pytest.approx(0.55)
    assert rows[4]["accuracy_frame"] == rows[4]["accuracy_5s"] == ""
    assert (rows[4]["learning_rate"], rows[4]["temperature"]) == ("0.001", "2.0")
    assert (rows[4]["imitation"], rows[4]["training_loss_last"]) == ("0.5", "0.5")
    assert rows[0]["temperature"] == ""
    assert [row["loss"] for row in rows] == ["", "", "", "", "hinton"]
    assert '<td class="text">hinton</td>' in (output / "accuracy.html").read_text()


def test_dvc_shows_a_line_for_each_network_with_its_scopes_beside_each_other(
    make_network, tmp_path
):
    metrics = [
        make_network("dualcamnet"),
        make_network("dualcamnet", scope="all"),
        make_network("hearnet", "dualcamnet", seed=1),
    ]
    summarise(tmp_path, metrics)
    (tmp_path / "dvc.yaml").write_text("metrics: [metrics]")
    for command in ("init --no-scm --quiet", "config core.analytics false"):
        subprocess.run([*DVC, *command.split()], cwd=tmp_path, check=True)
    shown = subprocess.run(
        [*DVC, "metrics", "show", "--md"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in shown.splitlines() if line]
    accuracies = [json.loads(path.read_text())["test"]["accuracy_crop"] for path in metrics]
    one, other, student = (f"{accuracy:.4f}".rstrip("0") for accuracy in accuracies)
    assert [rows[0], *rows[2:]] == [
        ["Path", "all", "chance", "data", "scenario1"],
        ["metrics/dualcamnet-seed0.json", other, "0.3333", "simulated", one],
        ["metrics/hearnet-dualcamnet-seed1.json", "-", "0.3333", "simulated", student],
    ]


def test_a_network_that_is_gone_leaves_no_metrics(networks, tmp_path):
    summarise(tmp_path, networks)
    names = ["dualcamnet-seed0.json", "dualcamnet-seed1.json", "hearnet-dualcamnet-seed0.json"]
    assert sorted(path.name for path in (tmp_path / "metrics").iterdir()) == names
    summarise(tmp_path, networks[:2])
    assert sorted(path.name for path in (tmp_path / "metrics").iterdir()) == names[:2]


def test_a_network_without_a_test_crop_has_no_accuracy(make_network, tmp_path):
    summarise(tmp_path, [make_network("hearnet", predictions=no_predictions(3, frame_wise=False))])
    headline = json.loads((tmp_path / "metrics/hearnet-ground_truth-seed0.json").read_text())
    assert headline == {"data": "simulated", "chance": 0.3333, "scenario1": None}


def test_another_evaluation_seed_changes_the_interval_and_nothing_else(
    make_network, make_predictions, tmp_path, read_table
):
    tables = [make_predictions(seed, 1, 12) for seed in range(20)]  # so many that chance shows
    many = [
        table.assign(sequence=table["sequence"] + str(part)) for part, table in enumerate(tables)
    ]
    path = make_network("dualcamnet", predictions=pd.concat(many, ignore_index=True))
    rows = []
    for seed in ("0", "7"):
        _, output = summarise(tmp_path, [path], "--evaluation-seed", seed)
        rows += read_table(output / "accuracy.csv")
    assert {name for name in rows[0] if rows[0][name] != rows[1][name]} == {
        "interval_95_low",
        "interval_95_high",
    }


def test_predictions_of_another_run_are_refused(networks, tmp_path, capsys):
    path = networks[2].with_name("predictions.parquet")
    write_predictions(path, read_predictions(path).iloc[1:])
    status, output = summarise(tmp_path, networks)
    assert status == 1
    assert "hearnet/dualcamnet/seed0/metrics.json: does not fit" in capsys.readouterr().err
    assert not output.exists()


def test_networks_come_in_the_papers_order(make_network, tmp_path, read_table):
    order = [
        ("dualcamnet", "ground_truth"),
        ("avnet", "ground_truth"),
        ("hearnet", "ground_truth"),
        ("hearnet", "dualcamnet"),
        ("hearnet", "avnet"),
        ("hearnet", "all_teachers"),
        ("soundnet", "ground_truth"),
    ]
    _, output = summarise(tmp_path, [make_network(*names) for names in sorted(order)])
    rows = read_table(output / "accuracy.csv")
    assert [(row["network"], row["supervision"]) for row in rows] == order


def test_initial_weights_of_a_network_and_of_its_teacher_stand_in_its_row(
    make_network, tmp_path, read_table
):
    metrics = [
        make_network("resnet50", initial_weights="random backbone"),
        make_network("hearnet", "resnet50", teacher_initial_weights="random backbone"),
        make_network("hearnet"),
    ]
    _, output = summarise(tmp_path, metrics)
    told = [row["initial_weights"] for row in read_table(output / "accuracy.csv")]
    assert told == ["random backbone", "random", "random; teacher: random backbone"]
    assert (
        "Backbone with random weights, not ImageNet&#39;s: ResNet-50."
        in (output / "accuracy.html").read_text()
    )


def spoil_test(path):
    metrics = json.loads(path.read_text())
    del metrics["test"]
    path.write_text(json.dumps(metrics))


def spoil_weights(path):
    metrics = json.loads(path.read_text())
    path.write_text(json.dumps(metrics | {"initial_weights": None}))


def spoil_teacher(path):
    metrics = json.loads(path.read_text())
    del metrics["teacher_initial_weights"]
    path.write_text(json.dumps(metrics))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoil_test, "lacks test"),
        (spoil_weights, "lacks initial_weights"),
        (spoil_teacher, "lacks teacher_initial_weights"),
        (lambda path: path.write_text("[]"), "not metrics"),
        (lambda path: path.unlink(), "no such file"),
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
