"""The verbs of this phase, one after the other, on a tiny data set."""

import csv
import json
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
import soundfile

from avdistill.cli import main
from avdistill.records.schema import read_audio, record_path
from avdistill.records.splits import read_split, sequences_of
from avdistill.results.grid import read_cells, write_cells
from avdistill.results.predictions import logits_of, read_predictions
from avdistill.results.soft_labels import Teacher, write_soft_labels

RATES = ("--learning-rates", "1e-3", "1e-4")
DISTILLED = (*RATES, "--temperatures", "2", "--imitations", "1")


def verb(root, name, *options, statistics=False):
    """Run a verb on the data set below `root`; return the exit status."""
    data = {"--dataset": "dataset.json", "--records": "records", "--split": "all.csv"}
    data["--manifest"] = "records/manifest.csv"
    if statistics:
        data["--statistics"] = "all.npz"
    paths = [part for key, file in data.items() for part in (key, str(root / file))]
    return main([name, *paths, *map(str, options)])


def search(root, output, *options):
    return verb(
        root,
        "search-grid",
        *("--student", "hearnet", "--scope", "all", "--seed", 0, "--epochs", 2),
        *("--batch-size", 2, "--output", output, *options),
        statistics=True,
    )


def select(root, slices, output, supervision):
    return verb(
        root,
        "select-student",
        *("--slices", *slices, "--student", "hearnet", "--supervision", supervision),
        *("--scope", "all", "--seed", 0, "--output", output),
        statistics=True,
    )


def teach(root, output, *options):
    return verb(
        root,
        "train-teacher",
        *("--network", "dualcamnet", "--scope", "all", "--seed", 0, "--learning-rate", "1e-3"),
        *("--epochs", 2, "--batch-size", 8, "--output", output, *options),
    )


@pytest.fixture(scope="module")
def trained(tiny, tmp_path_factory):
    """Folder with a teacher, its soft labels, and a student of each kind."""
    out = tmp_path_factory.mktemp("trained")
    assert teach(tiny, out / "teacher") == 0
    soft = ("--teacher", out / "teacher", "--output", out / "soft.parquet")
    assert verb(tiny, "export-soft-labels", *soft) == 0
    # Whatever comes next must not see test sequences before it selects.
    blind = out / "blind"
    shutil.copytree(tiny, blind)
    for sequence in sequences_of(read_split(tiny / "all.csv"), "test"):
        shutil.rmtree(blind / "records" / sequence)
    for kind, grid in {"ground_truth": RATES, "dualcamnet": DISTILLED}.items():
        labels = () if kind == "ground_truth" else ("--soft-labels", out / "soft.parquet")
        slices = [out / kind / "grid" / f"slice{n}" for n in range(2)]
        for number, folder in enumerate(slices):
            place = ("--slice", number, "--slices", 2)
            assert search(blind, folder, "--supervision", kind, *labels, *grid, *place) == 0
        assert select(tiny, slices, out / kind, kind) == 0
    return out


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
    for folder, told in (("teacher", None), ("ground_truth", None), ("dualcamnet", "random")):
        for file in ("model.json", "metrics.json"):
            found = json.loads((trained / folder / file).read_text())
            assert found["teacher_initial_weights"] == told


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
    cells = ("--supervision", "dualcamnet", *soft, *DISTILLED)
    assert search(tiny, tmp_path / "slice0", *cells) == 0
    assert select(tiny, [tmp_path / "slice0"], tmp_path / "student", "dualcamnet") == 0
    of_two, of_one = (
        {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        for folder in (trained / "dualcamnet", tmp_path / "student")
    )
    assert len(of_two) == 6
    assert of_two == of_one


def test_best_cell_of_another_grid_is_the_only_one_tried(trained, tiny, tmp_path):
    grid = trained / "ground_truth" / "grid.csv"
    options = ("--supervision", "ground_truth", "--cells-from", grid)
    assert search(tiny, tmp_path / "slice0", *options) == 0
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
    options = ("--supervision", "ground_truth", "--cells-from", grid, "--fresh-crops")
    assert search(tiny, tmp_path / "slice0", *options) == 0
    # Sequences of 5 s have but one crop of 5 s, so that fresh crops are the same crops.
    held = json.loads((trained / "ground_truth" / "metrics.json").read_text())["validation"]["loss"]
    assert pd.read_csv(tmp_path / "slice0" / "cells.csv")["validation_loss"][0] == pytest.approx(
        held, rel=1e-5
    )


def test_a_student_searched_in_mixed_precision_is_nearly_the_same_and_kept_in_float32(
    trained, tiny, tmp_path
):
    grid = trained / "ground_truth" / "grid.csv"
    options = ("--supervision", "ground_truth", "--cells-from", grid, "--mixed-precision")
    assert search(tiny, tmp_path / "slice0", *options) == 0
    (loss,) = pd.read_csv(tmp_path / "slice0" / "cells.csv")["validation_loss"]
    exact = json.loads((trained / "ground_truth" / "metrics.json").read_text())["validation"][
        "loss"
    ]
    assert loss == pytest.approx(exact, rel=0.01)
    assert loss != exact
    with zipfile.ZipFile(tmp_path / "slice0" / "model.keras") as model:
        assert b"float16" not in model.read("config.json")


def test_predict_hears_in_a_file_what_it_heard_in_the_records(trained, tiny, tmp_path, capsys):
    predictions = read_predictions(trained / "ground_truth" / "predictions.parquet")
    sequence = predictions["sequence"][0]
    audio = [read_audio(tiny / "records" / record_path(sequence, second)) for second in range(5)]
    samples = np.concatenate([second.reshape(-1) for second in audio])
    wav = tmp_path / "sequence.wav"
    soundfile.write(wav, samples / 2**15, 12288, subtype="FLOAT")
    long = tmp_path / "long.wav"  # two windows, the second of 2 s, and of any rate
    soundfile.write(long, np.random.default_rng(0).normal(0, 0.1, (7 * 44100, 2)), 44100)
    capsys.readouterr()
    assert main(["predict", "--model", str(trained / "ground_truth"), str(wav), str(long)]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["file"], row["start"]) for row in rows] == [
        (str(wav), "0"),
        (str(long), "0"),
        (str(long), "5"),
    ]
    logits = logits_of(predictions)[0].astype(float)
    expected = np.exp(logits) / np.exp(logits).sum()
    heard = [float(rows[0][name]) for name in ("hum", "buzz", "hiss")]
    np.testing.assert_allclose(heard, expected, atol=2e-3)
    assert rows[0]["class"] == ("hum", "buzz", "hiss")[int(np.argmax(expected))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"hello", "cannot be read"),
        (0.0, "silent"),
        (np.nan, "not numbers"),
    ],
)
def test_bad_sound_files_are_named(trained, tmp_path, capsys, content, message):
    wav = tmp_path / "clip.wav"
    if isinstance(content, bytes):
        wav.write_bytes(content)
    elif content is not None:
        soundfile.write(wav, np.full(20000, content), 16000, subtype="FLOAT")
    assert main(["predict", "--model", str(trained / "ground_truth"), str(wav)]) == 1
    captured = capsys.readouterr()
    assert "clip.wav" in captured.err
    assert message in captured.err
    assert captured.out == ""


def test_a_teacher_that_sees_sound_cannot_hear_files(trained, tmp_path, capsys):
    soundfile.write(tmp_path / "clip.wav", np.ones(20000), 16000)
    assert main(["predict", "--model", str(trained / "teacher"), str(tmp_path / "clip.wav")]) == 1
    assert "takes acoustic input" in capsys.readouterr().err


def test_what_does_not_fit_together_is_told(trained, tiny, tmp_path, capsys):
    def problem(status):
        assert status == 1
        assert not (tmp_path / "out").exists()
        return capsys.readouterr().err

    out = tmp_path / "out"
    soft = ("--soft-labels", trained / "soft.parquet")
    assert "use lower-case letters" in problem(
        search(tiny, out, "--supervision", "../both", *soft, *DISTILLED)
    )
    assert "--soft-labels belongs" in problem(
        search(tiny, out, "--supervision", "dualcamnet", *RATES)
    )
    assert "need temperatures" in problem(
        search(tiny, out, "--supervision", "dualcamnet", *soft, *RATES)
    )
    grid = ("--cells-from", trained / "dualcamnet" / "grid.csv")
    assert "another supervision" in problem(
        search(tiny, out, "--supervision", "ground_truth", *grid)
    )
    table = pd.read_parquet(trained / "soft.parquet")
    training = sequences_of(read_split(tiny / "all.csv"), "training")[0]
    rest = table[table["sequence"] != training]
    write_soft_labels(tmp_path / "part.parquet", rest, Teacher("dualcamnet", "random"))
    part = ("--soft-labels", tmp_path / "part.parquet", *DISTILLED)
    assert training in problem(search(tiny, out, "--supervision", "dualcamnet", *part))
    table["split"] = "test"
    write_soft_labels(tmp_path / "other.parquet", table, Teacher("dualcamnet", "random"))
    other = ("--soft-labels", tmp_path / "other.parquet", *DISTILLED)
    assert "was for test, and now is for" in problem(
        search(tiny, out, "--supervision", "dualcamnet", *other)
    )
    soft_options = ("--teacher", trained / "ground_truth", "--output", out)
    assert "not a teacher" in problem(verb(tiny, "export-soft-labels", *soft_options))


def test_a_student_is_selected_from_its_own_whole_search(trained, tiny, tmp_path, capsys):
    def problem(slices, supervision="ground_truth"):
        assert select(tiny, slices, tmp_path / "out", supervision) == 1
        assert not (tmp_path / "out").exists()
        return capsys.readouterr().err

    slices = [trained / "ground_truth" / "grid" / f"slice{n}" for n in range(2)]
    # One cell each: the first could be a whole grid of one.
    assert "do not make a whole grid of 2" in problem(slices[:1])
    assert "of a search with supervision ground_truth" in problem(slices, "dualcamnet")
    for key, value in {"seed": 1, "scope": "scenario1", "split": "0" * 64}.items():
        others = []
        for folder in slices:
            other = tmp_path / key / folder.name
            shutil.copytree(folder, other)
            common = json.loads((folder / "search.json").read_text())
            common["search"][key] = value
            (other / "search.json").write_text(json.dumps(common))
            others.append(other)
        assert f"of a search with {key} {value}" in problem(others)
        assert "not of the search" in problem([slices[0], others[1]])
    for folder, name in zip(slices, ("one", "two"), strict=True):
        shutil.copytree(folder, tmp_path / name)
        cells = read_cells(folder / "cells.csv").assign(validation_loss=np.inf)
        write_cells(tmp_path / name / "cells.csv", cells.to_dict("records"))
    assert "diverged in every cell" in problem([tmp_path / "one", tmp_path / "two"])


def test_split_of_another_scope_is_refused(tiny, tmp_path, capsys):
    options = ("--supervision", "ground_truth", *RATES)
    assert search(tiny, tmp_path / "out", *options, "--scope", "scenario2") == 1
    assert "unknown scope 'scenario2'" in capsys.readouterr().err
    split = read_split(tiny / "all.csv")
    root = tmp_path / "data"
    shutil.copytree(tiny, root)
    split.iloc[1:].to_csv(root / "all.csv", index=False)
    assert search(root, tmp_path / "out", *options) == 1
    assert f"differs in {split['sequence'][0]}" in capsys.readouterr().err


def test_records_that_the_manifest_lacks_are_named(trained, tiny, tmp_path, capsys):
    root = tmp_path / "data"
    root.mkdir()
    for name in ("dataset.json", "all.csv", "all.npz"):
        shutil.copy(tiny / name, root)
    (root / "records").mkdir()
    lines = (tiny / "records" / "manifest.csv").read_text().splitlines()
    (root / "records" / "manifest.csv").write_text("\n".join(lines[:-1]) + "\n")
    assert search(root, tmp_path / "out", "--supervision", "ground_truth", *RATES) == 1
    assert "Data_005.tfrecord" in capsys.readouterr().err
