"""The commands of this phase, one after the other, on a tiny data set."""

import json
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
from tiny_jobs import DISTILLED, RATES, search, select, teach

from avdistill.records.splits import read_split, sequences_of
from avdistill.results.grid import read_cells
from avdistill.results.predictions import logits_of, read_predictions


@pytest.mark.parametrize(
    ("folder", "crops", "frames"),
    [("teacher", 15, True), ("ground_truth", 3, False), ("dualcamnet", 3, False)],
)
def test_every_network_leaves_the_same_files(trained, tiny, folder, crops, frames):
    predictions = read_predictions(trained / folder / "predictions.parquet")
    assert len(predictions) == crops
    assert ("frames" in predictions.columns) == frames
    test = sequences_of(read_split(tiny / "all.csv"), "test")
    assert sorted(set(predictions["sequence"])) == test
    assert (predictions["predicted"] == logits_of(predictions).argmax(axis=1)).all()
    metrics = json.loads((trained / folder / "metrics.json").read_text())
    correct = (predictions["actual"] == predictions["predicted"]).mean()
    assert metrics["test"]["accuracy_crop"] == pytest.approx(correct)
    assert ("accuracy_frame" in metrics["test"]) == frames
    history = pd.read_csv(trained / folder / "history.csv")
    assert history["epoch"].tolist() == [1, 2]
    best = history.iloc[metrics["best_epoch"] - 1]
    assert best["validation_accuracy"] == history["validation_accuracy"].max()
    assert metrics["validation"]["accuracy"] == pytest.approx(best["validation_accuracy"])
    description = json.loads((trained / folder / "model.json").read_text())
    assert description["classes"] == ["hum", "buzz", "hiss"]
    assert (description["statistics"] is None) == frames


def test_soft_labels_are_mean_logits_of_every_second(trained, tiny):
    soft = pd.read_parquet(trained / "soft.parquet")
    assert len(soft) == 9 * 5
    split = read_split(tiny / "all.csv").set_index("sequence")["split"]
    assert (soft["split"] == soft["sequence"].map(split)).all()
    predictions = read_predictions(trained / "teacher" / "predictions.parquet")
    test = soft[soft["split"] == "test"].sort_values(["sequence", "second"])
    np.testing.assert_allclose(logits_of(test), logits_of(predictions), atol=1e-4)


def test_a_student_says_what_its_teacher_began_with(trained):
    for folder, weights in (("teacher", None), ("ground_truth", None), ("dualcamnet", "random")):
        for file in ("model.json", "metrics.json"):
            found = json.loads((trained / folder / file).read_text())
            assert found["teacher_initial_weights"] == weights


def test_the_grid_says_what_was_chosen(trained):
    grid = read_cells(trained / "dualcamnet" / "grid.csv")
    metrics = json.loads((trained / "dualcamnet" / "metrics.json").read_text())
    best = grid.sort_values(["validation_accuracy", "validation_loss"], ascending=[False, True])
    for name in ("learning_rate", "temperature", "imitation"):
        assert metrics[name] == best.iloc[0][name]
    assert metrics["validation"]["loss"] == best.iloc[0]["validation_loss"]
    plain = json.loads((trained / "ground_truth" / "metrics.json").read_text())
    assert plain["temperature"] is None


def test_number_of_slices_changes_nothing_but_the_number_of_processes(trained, tiny, tmp_path):
    soft = ("--soft-labels", trained / "soft.parquet")
    assert search(tiny, tmp_path / "slice0", *soft, **DISTILLED) == 0
    slices = [tmp_path / "slice0"]
    assert select(tiny, slices, tmp_path / "student", supervision="dualcamnet") == 0
    of_two, of_one = (
        {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        for folder in (trained / "dualcamnet", tmp_path / "student")
    )
    assert of_two.pop("run.json") != of_one.pop("run.json")  # which names the slices
    assert len(of_two) == 6
    assert of_two == of_one


def test_best_cell_of_another_grid_is_the_only_one_tried(trained, tiny, tmp_path):
    grid = trained / "ground_truth" / "grid.csv"
    assert search(tiny, tmp_path / "slice0", "--grid", grid) == 0
    cells = pd.read_csv(tmp_path / "slice0" / "cells.csv")
    metrics = json.loads((trained / "ground_truth" / "metrics.json").read_text())
    assert cells["learning_rate"].tolist() == [metrics["learning_rate"]]
    assert cells["validation_loss"][0] == pytest.approx(metrics["validation"]["loss"], rel=1e-5)


@pytest.mark.parametrize("cache", ["disk", "none"])
def test_a_teacher_is_the_same_wherever_images_are_kept(trained, tiny, tmp_path, cache):
    assert teach(tiny, tmp_path / "teacher", "--cache", cache) == 0
    for path in (trained / "teacher").iterdir():
        assert (tmp_path / "teacher" / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_folder_that_cannot_take_images_is_one_message(tiny, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "absent"))
    assert teach(tiny, tmp_path / "teacher", "--cache", "disk") == 1
    assert capsys.readouterr().err == (
        f"avdistill train-teacher: error: {tmp_path / 'absent'}: cannot take 0.0149 GB of decoded "
        "crops (No such file or directory); name another folder by TMPDIR (Snakemake: resource "
        "tmpdir), or set training.cache to none\n"
    )


def test_crops_need_not_be_held(trained, tiny, tmp_path):
    grid = trained / "ground_truth" / "grid.csv"
    fitting = {"epochs": 2, "batch_size": 2, "crops": {"fresh": True}}
    assert search(tiny, tmp_path / "slice0", "--grid", grid, fitting=fitting) == 0
    # Sequences of 5 s have but one crop of 5 s, so that fresh crops are the same crops.
    held = json.loads((trained / "ground_truth" / "metrics.json").read_text())["validation"]["loss"]
    assert pd.read_csv(tmp_path / "slice0" / "cells.csv")["validation_loss"][0] == pytest.approx(
        held, rel=1e-5
    )


def test_a_student_searched_in_mixed_precision_is_nearly_the_same_and_kept_in_float32(
    trained, tiny, tmp_path
):
    grid = trained / "ground_truth" / "grid.csv"
    fitting = {"epochs": 2, "batch_size": 2, "mixed_precision": True}
    assert search(tiny, tmp_path / "slice0", "--grid", grid, fitting=fitting) == 0
    (loss,) = pd.read_csv(tmp_path / "slice0" / "cells.csv")["validation_loss"]
    exact = json.loads((trained / "ground_truth" / "metrics.json").read_text())["validation"][
        "loss"
    ]
    assert loss == pytest.approx(exact, rel=0.01)
    assert loss != exact
    with zipfile.ZipFile(tmp_path / "slice0" / "model.keras") as model:
        assert b"float16" not in model.read("config.json")


def test_split_of_another_scope_is_refused(tiny, tmp_path, capsys):
    assert search(tiny, tmp_path / "out", **RATES, scope="scenario2") == 1
    assert "unknown scope 'scenario2'" in capsys.readouterr().err
    split = read_split(tiny / "all.csv")
    root = tmp_path / "data"
    shutil.copytree(tiny, root)
    split.iloc[1:].to_csv(root / "all.csv", index=False)
    assert search(root, tmp_path / "out", **RATES) == 1
    assert f"differs in {split['sequence'][0]}" in capsys.readouterr().err


def test_records_that_the_manifest_lacks_are_named(trained, tiny, tmp_path, capsys):
    root = tmp_path / "data"
    root.mkdir()
    for name in ("dataset.json", "all.csv", "all.npz"):
        shutil.copy(tiny / name, root)
    (root / "records").mkdir()
    lines = (tiny / "records" / "manifest.csv").read_text().splitlines()
    (root / "records" / "manifest.csv").write_text("\n".join(lines[:-1]) + "\n")
    assert search(root, tmp_path / "out", **RATES) == 1
    assert "Data_005.tfrecord" in capsys.readouterr().err
