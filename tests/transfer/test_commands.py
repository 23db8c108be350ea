import csv
import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from avdistill.cli import main
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import file_sha256
from avdistill.records.splits import read_split


def rows_of(path):
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def data_options(world):
    return [
        *("--dataset", str(world / "dataset.json")),
        *("--records", str(world / "records" / "manifest.csv")),
    ]


def transfer(world, models, output, *, neighbours=("1", "3")):
    return main(
        [
            *("transfer-scopes", "--models", *(str(world / model) for model in models)),
            *(*data_options(world), "--splits-folder", str(world / "splits")),
            *("--neighbours", *neighbours, "--evaluation-seed", "0", "--output", str(output)),
        ]
    )


@pytest.mark.parametrize("network", ["hearnet", "soundnet"])
def test_features_transfer_to_every_other_scope(world, tmp_path, network):
    output = tmp_path / "scopes.csv"
    models = [f"{network}/scenario1", f"{network}/all"]
    assert transfer(world, models, output) == 0
    rows = rows_of(output)
    assert [(row["scope"], row["target"], row["sequences"], row["crops"]) for row in rows] == [
        ("scenario1", "scenario2", "2", "2"),
        ("scenario1", "all", "4", "4"),
        ("all", "scenario1", "2", "2"),
        ("all", "scenario2", "2", "2"),
    ]
    for row in rows:
        which = ["network", "supervision", "scope", "seed"]
        assert list(row)[:6] == [*which, "initial_weights", "data_source"]
        assert row["initial_weights"] == "random"
        assert (row["network"], row["seed"], row["data_source"]) == (network, "7", "simulated")
        assert row["k"] in "13"
        assert float(row["chance"]) == 0.5
        # Two tones far apart: any features tell them apart, those of an untrained student too.
        assert float(row["accuracy"]) == float(row["untrained_accuracy"]) == 1
    first = output.read_bytes()
    assert transfer(world, models, output) == 0
    assert output.read_bytes() == first


def test_students_together_get_what_each_gets_alone(world, tmp_path):
    models = ["hearnet/scenario1", "hearnet/scenario2"]
    together = tmp_path / "together.csv"
    assert transfer(world, models, together, neighbours=("1",)) == 0
    alone = []
    for number, model in enumerate(models):
        assert transfer(world, [model], tmp_path / f"{number}.csv", neighbours=("1",)) == 0
        alone += rows_of(tmp_path / f"{number}.csv")
    assert rows_of(together) == alone


def test_a_target_without_unseen_recordings_has_an_empty_accuracy(world, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(world, copy)
    split = read_split(copy / "splits" / "all.csv")
    split["split"] = "training"
    split.loc[::4, "split"] = "validation"
    write_frame(copy / "splits" / "all.csv", split)
    description = json.loads((copy / "hearnet/all/model.json").read_text())
    description["split"] = file_sha256(copy / "splits" / "all.csv")
    (copy / "hearnet/all/model.json").write_text(json.dumps(description))
    output = tmp_path / "scopes.csv"
    assert transfer(copy, ["hearnet/all"], output) == 0
    for row in rows_of(output):
        assert (row["sequences"], row["crops"]) == ("0", "0")
        assert row["accuracy"] == row["untrained_accuracy"] == row["interval_95_low"] == ""
        assert row["k"]
        assert row["validation_accuracy"]


def test_transfer_refuses_other_students_and_too_many_neighbours(world, tmp_path, capsys):
    def refused(*models, neighbours=("1",)):
        output = tmp_path / "scopes.csv"
        assert transfer(world, models, output, neighbours=neighbours) == 1
        assert not output.exists()
        return capsys.readouterr().err

    assert "transfer is for students" in refused("dualcamnet/all")
    assert "one network at a time" in refused("hearnet/all", "soundnet/all")
    assert "name each once" in refused("hearnet/all", "hearnet/all")
    assert "transfer.neighbours" in refused("hearnet/all", neighbours=("1", "5"))


def fetch(tmp_path, *source):
    clips = tmp_path / "out" / "clips.csv"
    destination = tmp_path / "out" / "audio"
    options = ["--destination", str(destination), "--clips", str(clips)]
    return main(["fetch-esc10", *map(str, source), *options]), clips


def to_esc10(world, clips, output, *, neighbours="1", models=("hearnet/all",)):
    return main(
        [
            *("transfer-esc10", "--models", *(str(world / model) for model in models)),
            *("--clips", str(clips), "--neighbours", neighbours, "--output", str(output)),
        ]
    )


@pytest.mark.parametrize("network", ["hearnet", "soundnet"])
def test_esc10_from_a_folder_to_accuracies(world, make_esc10, tmp_path, capsys, network):
    status, clips = fetch(tmp_path, "--folder", make_esc10())
    assert status == 0
    output = tmp_path / "esc10.csv"
    models = [f"{network}/all", f"{network}/scenario1"]
    assert to_esc10(world, clips, output, models=models) == 0
    both = pd.read_csv(output)
    assert both["scope"].tolist() == ["all"] * 7 + ["scenario1"] * 7
    table = both.iloc[:7]
    assert table["fold"].tolist() == ["1", "2", "3", "4", "5", "mean", "standard deviation"]
    folds = table.iloc[:5]
    for kind in ("", "untrained_"):
        column = kind + "accuracy"
        assert table[column][5] == pytest.approx(folds[column].mean())
        assert table[column][6] == pytest.approx(folds[column].std(ddof=1))
        assert (folds[column] > 0.5).all()  # ten pure tones
    assert (table["chance"] == 0.1).all()
    assert (folds["clips"] == 10).all()
    assert to_esc10(world, clips, tmp_path / "other.csv", neighbours="31") == 1
    assert "transfer.neighbours" in capsys.readouterr().err
    assert not (tmp_path / "other.csv").exists()


def test_real_recordings_are_told_apart_better_than_by_chance(world, shared, tmp_path):
    status, clips = fetch(tmp_path, "--folder", shared / "esc10")
    assert status == 0
    assert len(rows_of(clips)) == 400
    output = tmp_path / "esc10.csv"
    assert to_esc10(world, clips, output, neighbours="7") == 0
    folds = pd.read_csv(output).iloc[:5]
    assert (folds["clips"] == 80).all()
    # Untrained features too: it is for this that they stand beside the trained ones.
    assert (folds[["accuracy", "untrained_accuracy"]] > 0.25).all(axis=None)


def test_esc50_from_an_archive(make_esc50, tmp_path, capsys):
    root = make_esc50("packed/ESC-50-master")
    archive = shutil.make_archive(tmp_path / "esc", "zip", root.parent)
    with open(archive, "rb") as handle:
        data = handle.read()
    given = ("--address", archive, "--size", len(data), "--sha256")
    status, clips = fetch(tmp_path, *given, hashlib.sha256(data).hexdigest())
    assert status == 0
    rows = rows_of(clips)
    assert len(rows) == 50
    assert all(row["file"].startswith(str(tmp_path / "out" / "audio")) for row in rows)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["audio", "clips.csv"]
    Path(archive).unlink()
    assert fetch(tmp_path, *given, hashlib.sha256(data).hexdigest())[0] == 0  # is unpacked already
    assert rows_of(clips) == rows
    Path(archive).write_bytes(data)
    clips.unlink()
    assert fetch(tmp_path, *given, "0" * 64)[0] == 1
    assert "sha256" in capsys.readouterr().err
    assert not clips.exists()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (("--address", "esc.zip"), "needs --size and --sha256"),
        (("--folder", "absent", "--size", "1"), "an archive's"),
        (("--folder", "absent"), "no such folder"),
    ],
)
def test_incomplete_sources_are_refused(tmp_path, capsys, source, message):
    status, clips = fetch(tmp_path, *source)
    assert status == 1
    assert message in capsys.readouterr().err
    assert not clips.exists()


def test_a_clip_that_cannot_be_read_leaves_no_list(make_esc10, tmp_path, capsys):
    root = make_esc10()
    next(root.glob("003*/4-*")).write_bytes(b"OggS, but no more")
    status, clips = fetch(tmp_path, "--folder", root)
    assert status == 1
    assert "cannot be read as sound" in capsys.readouterr().err
    assert not clips.exists()
