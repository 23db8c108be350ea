"""DCASE 2018's data from a folder or a server to accuracies."""

import csv
import functools
import hashlib
import http.server
import shutil
import threading

import numpy as np
import pytest
import yaml

from avdistill.cli import main
from avdistill.evaluation.intervals import bootstrap_interval


def rows_of(path):
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def fetch(tmp_path, *source, seed=0):
    clips = tmp_path / "out" / "clips.csv"
    options = ["--validation-seed", str(seed), "--clips", str(clips)]
    return main(["fetch-dcase2018", *map(str, source), *options]), clips


def to_dcase2018(world, clips, output, *, neighbours="1", models=("hearnet/all",)):
    return main(
        [
            *("transfer-dcase2018", "--models", *(str(world / model) for model in models)),
            *("--clips", str(clips), "--neighbours", neighbours),
            *("--evaluation-seed", "0", "--output", str(output)),
        ]
    )


@pytest.mark.parametrize("network", ["hearnet", "soundnet"])
def test_from_a_folder_to_accuracies(world, make_dcase2018, tmp_path, capsys, network):
    status, clips = fetch(tmp_path, "--folder", make_dcase2018())
    assert status == 0
    listed = rows_of(clips)
    parts = {part: {row["location"] for row in listed if row["part"] == part} for part in
             ("training", "validation", "test")}  # fmt: skip
    assert [len(locations) for locations in parts.values()] == [6, 3, 3]
    assert len(set().union(*parts.values())) == 12  # none in two parts
    output = tmp_path / "scenes.csv"
    models = [f"{network}/all", f"{network}/scenario1"]
    assert to_dcase2018(world, clips, output, models=models) == 0
    rows = rows_of(output)
    assert [row["scope"] for row in rows] == ["all", "scenario1"]
    for row in rows:
        which = ["network", "supervision", "scope", "seed"]
        assert list(row)[:6] == [*which, "initial_weights", "data_source"]
        assert row["tested_on"] == "DCASE 2018 task 1A, real recordings"
        assert (row["locations"], row["clips"], row["k"]) == ("3", "3", "1")
        assert float(row["chance"]) == pytest.approx(1 / 3)
        for kind in ("", "untrained_"):
            right = round(3 * float(row[f"{kind}accuracy"]))
            assert right >= 2  # three pure tones
            expected = bootstrap_interval([1] * right + [0] * (3 - right), list("abc"), seed=0)
            bounds = [float(row[f"{kind}interval_95_{end}"]) for end in ("low", "high")]
            np.testing.assert_allclose(bounds, expected)
    assert to_dcase2018(world, clips, tmp_path / "other.csv", neighbours="31") == 1
    assert "transfer.neighbours" in capsys.readouterr().err
    assert not (tmp_path / "other.csv").exists()


def test_a_changed_recording_is_refused(world, make_dcase2018, tmp_path, capsys):
    root = make_dcase2018(seconds=1)
    status, clips = fetch(tmp_path, "--folder", root)
    assert status == 0
    one, other, *_ = sorted((root / "audio").iterdir())
    shutil.copy(one, other)
    assert to_dcase2018(world, clips, tmp_path / "scenes.csv") == 1
    assert "not the file that was listed" in capsys.readouterr().err
    one.write_bytes(b"RIFF, but no more")
    clips.unlink()
    assert fetch(tmp_path, "--folder", root)[0] == 1
    assert "cannot be read as sound" in capsys.readouterr().err
    assert not clips.exists()


class CountingHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        self.server.answers += 1


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serve the folder `served`, and count the answers."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "served").mkdir()
    handler = functools.partial(CountingHandler, directory=tmp_path / "served")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.answers = 0
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def registry(server, make_dcase2018, tmp_path):
    """Pack the data as they are published, in several zips, and name these in a registry."""
    root = make_dcase2018("whole", seconds=1)
    served = f"http://127.0.0.1:{server.server_port}"
    top = "TUT-urban-acoustic-scenes-2018-development"
    sounds = sorted((root / "audio").iterdir())
    contents = {
        "doc": [root / "README.md"],
        "meta": [root / "meta.csv", *(root / "evaluation_setup").iterdir()],
        "audio.1": sounds[:7],
        "audio.2": sounds[7:],
    }
    files = []
    for name, paths in contents.items():
        for path in paths:
            copy = tmp_path / name / top / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        archive = shutil.make_archive(tmp_path / "served" / f"{top}.{name}", "zip", tmp_path / name)
        with open(archive, "rb") as handle:
            data = handle.read()
        files.append(
            {
                "address": f"{served}/{top}.{name}.zip",
                "size": len(data),
                "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
                "sha256": None,
            }
        )
    entry = {"title": "t", "version": "1", "licence": "l", "home": served, "access": "download"}
    path = tmp_path / "registry.yaml"
    path.write_text(yaml.safe_dump({"dcase2018": entry | {"files": files, "note": None}}))
    return path


def test_archives_of_the_registry_are_fetched_and_put_together(registry, server, tmp_path, capsys):
    destination = tmp_path / "out" / "data"
    source = ("--registry", registry, "--destination", destination)
    values = yaml.safe_load(registry.read_text())
    right = values["dcase2018"]["files"][2]["md5"]
    values["dcase2018"]["files"][2]["md5"] = "0" * 32
    registry.write_text(yaml.safe_dump(values))
    status, clips = fetch(tmp_path, *source)
    assert status == 1
    assert "audio.1.zip: its md5 is" in capsys.readouterr().err
    assert not destination.exists()
    values["dcase2018"]["files"][2]["md5"] = right
    registry.write_text(yaml.safe_dump(values))
    status, clips = fetch(tmp_path, *source)
    assert status == 0
    rows = rows_of(clips)
    assert len(rows) == 12
    assert all(row["file"].startswith(str(destination)) for row in rows)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["clips.csv", "data"]
    assert server.answers == 5  # three, the last of them wrong, then that and the fourth

    # What is unpacked already is not fetched again, unless a file of it is gone.
    assert fetch(tmp_path, *source, seed=1)[0] == 0
    assert rows_of(clips) != rows
    assert server.answers == 5
    next(destination.rglob("*.wav")).unlink()
    assert fetch(tmp_path, *source)[0] == 0
    assert rows_of(clips) == rows
    assert server.answers == 9


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (("--folder", "absent"), "absent: no such folder"),
        (("--folder", "absent", "--destination", "x"), "go together"),
        (("--registry", "absent.yaml"), "go together"),
        (("--registry", "absent.yaml", "--destination", "x"), "absent.yaml: cannot be read"),
    ],
)
def test_incomplete_sources_are_refused(tmp_path, capsys, source, message):
    status, clips = fetch(tmp_path, *source)
    assert status == 1
    assert message in capsys.readouterr().err
    assert not clips.exists()
