"""Whole sequences in AVIA's raw layout: form, bytes, physics, failures."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from threadpoolctl import threadpool_limits

from avdistill.avia.check import check_sequence
from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.raw_layout import find_sequence, load_frame
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import ACTIONS, SAMPLE_RATE, SCENARIOS, SequenceId
from avdistill.cli import main
from avdistill.downloads.stamp import ArchiveIdentity, write_stamp
from avdistill.errors import InputError
from avdistill.files.manifest import describe_file, read_manifest
from avdistill.simulation.acoustic_images import acoustic_images, level_from_mfcc
from avdistill.simulation.array import project
from avdistill.simulation.scene import KINDS
from avdistill.simulation.simulate import (
    COUNTS_PER_PASCAL,
    compose_world,
    quantise,
    record_array,
    simulate_sequence,
)

DATASET = DatasetDescription("simulated", ACTIONS, SCENARIOS, 9, 2)
OFFICE = SequenceId(2, 1, 1)


def _simulate(root, sequence=OFFICE, dataset=DATASET, **options):
    options = {"seed": 0, "scenario_kinds": KINDS} | options
    return simulate_sequence(sequence, root, dataset, **options)


def _command(folder, *names, raw="raw"):
    DATASET.write(folder / "dataset.json")
    return [
        *("simulate-raw", "--dataset", f"{folder}/dataset.json", "--seed", "0"),
        *("--scenario-kinds", *KINDS, "--raw", f"{folder}/{raw}"),
        *("--manifest", f"{folder}/{raw}/batches/0.csv", "--sequences", *names),
    ]


@pytest.mark.parametrize("sequence", [SequenceId(1, 3, 14), OFFICE, SequenceId(3, 9, 6)])
def test_raw_files_have_avias_layout_shapes_and_types(tmp_path, sequence):
    rows = _simulate(tmp_path, sequence, microphones=3)
    checked, problems = check_sequence(RawTrees.below(tmp_path), sequence)
    assert problems == []
    assert rows == sorted(checked)
    assert len(rows) == 3 * 24
    files = find_sequence(RawTrees.below(tmp_path), sequence)
    folder = f"Location_{sequence.location}/Subject_{sequence.subject}/Action_{sequence.action - 1}"
    for place, found in (
        (f"matfiles/{folder}/MFCC_Image/Data_1.mat", files["acoustic"]),
        (f"sync/{folder}/audio/A_000001.npy", files["audio"]),
        (f"sync/{folder}/video/I_000001.jpeg", files["video"]),
    ):
        assert found[0] == tmp_path / place
    image = load_frame("acoustic", files["acoustic"][5])
    assert image.shape == (36, 48, 12)
    assert image.dtype == np.float32
    samples = np.load(files["audio"][5], allow_pickle=False)
    assert samples.shape == (3, 1024)
    assert samples.dtype == np.int32


def test_files_hold_what_the_array_heard(tmp_path):
    _simulate(tmp_path, microphones=2)
    recording = record_array(compose_world(OFFICE, DATASET, seed=0, scenario_kinds=KINDS))
    files = find_sequence(RawTrees.below(tmp_path), OFFICE)
    audio = np.concatenate([load_frame("audio", path) for path in files["audio"]], axis=1)
    np.testing.assert_array_equal(audio, quantise(recording[:, :2]).T)
    images = np.stack([load_frame("acoustic", path) for path in files["acoustic"]])
    np.testing.assert_allclose(images, acoustic_images(recording), atol=1e-5)


def test_same_bytes_whatever_the_threads_and_whatever_came_before(tmp_path):
    with threadpool_limits(2):
        first = _simulate(tmp_path / "a", microphones=1)
    _simulate(tmp_path / "b", SequenceId(2, 2, 3))
    with threadpool_limits(1):
        second = _simulate(tmp_path / "b", microphones=1)
    assert first == second
    for row in second:
        assert row == describe_file(
            row.sequence, row.file, (tmp_path / "b" / row.file).read_bytes()
        )


def test_another_process_and_batch_give_the_same_bytes(tmp_path):
    names = ["Location_03/Subject_02/Action_004", OFFICE.name]
    assert main(_command(tmp_path, *names, raw="one")) == 0
    command = [sys.executable, "-m", "avdistill.cli", *_command(tmp_path, *names[::-1], raw="two")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "simulating" in done.stderr
    manifests = [(tmp_path / raw / "batches/0.csv").read_bytes() for raw in ("one", "two")]
    assert manifests[0] == manifests[1]
    assert len(read_manifest(tmp_path / "one/batches/0.csv")) == 2 * 3 * 24


def test_nothing_dates_the_files(tmp_path):
    _simulate(tmp_path)
    data = find_sequence(RawTrees.below(tmp_path), OFFICE)["acoustic"][0].read_bytes()
    assert data[:116].rstrip() == b"MATLAB 5.0 MAT-file, simulated acoustic image"


def test_another_seed_gives_another_world(tmp_path):
    worlds = [compose_world(OFFICE, DATASET, seed=s, scenario_kinds=KINDS) for s in (0, 1)]
    assert worlds[0].subject != worlds[1].subject
    assert not np.array_equal(worlds[0].scene.position, worlds[1].scene.position)


@pytest.mark.parametrize("action", ["clapping", "whistling", "hammering", "paper ripping"])
def test_acoustic_images_are_brightest_where_the_picture_shows_the_sound(action):
    for subject in (1, 2):
        sequence = SequenceId(1, subject, ACTIONS.index(action) + 1)
        world = compose_world(sequence, DATASET, seed=0, scenario_kinds=KINDS)
        levels = level_from_mfcc(acoustic_images(record_array(world)))
        loudest = levels[np.argmax(levels.max(axis=(1, 2)))]
        row, column = np.unravel_index(np.argmax(loudest), loudest.shape)
        expected = np.array(project(world.scene.position)) * 48 / 640
        away = np.hypot(column + 0.5 - expected[0], row + 0.5 - expected[1])
        assert away < 1.5, f"subject {subject}: {away:.1f} pixels of the acoustic image away"


def test_between_the_claps_the_chamber_is_quietest():
    floors = {}
    for location, kind in enumerate(KINDS, start=1):
        decibels = []
        for subject in (1, 2, 3):
            world = compose_world(
                SequenceId(location, subject, 1), DATASET, seed=0, scenario_kinds=KINDS
            )
            power = np.square(record_array(world)[:, 0]).reshape(-1, 256).mean(axis=1)
            decibels.append(10 * np.log10(np.quantile(power, 0.1) / 4e-10))
        floors[kind] = np.mean(decibels)
    assert floors["anechoic"] == pytest.approx(29, abs=1)  # the microphones' own noise
    assert floors["office"] > floors["anechoic"] + 6
    assert floors["terrace"] > floors["anechoic"] + 6


def test_counts_are_pascals_and_never_wrap_around():
    pressure = np.array([0.0, 1.0, -20.0, 100.0], np.float32)
    np.testing.assert_array_equal(quantise(pressure), np.rint(pressure * COUNTS_PER_PASCAL))
    assert quantise(pressure).dtype == np.int32
    with pytest.raises(OverflowError, match="beyond the range"):
        quantise(np.array([6000.0], np.float32))


def test_recordings_take_the_place_of_actions(tmp_path):
    dataset = DatasetDescription("simulated", ("hum", "hiss"), ("hall",), 1, 1)
    clock = np.arange(16000) / 16000
    waves = {"hum": np.sin(2 * np.pi * 800 * clock), "hiss": np.sin(clock**2 * 1e4)}
    for name, wave in waves.items():
        (tmp_path / "sounds" / name).mkdir(parents=True)
        soundfile.write(tmp_path / "sounds" / name / "1.wav", 0.1 * wave, 16000)
    options = {"scenario_kinds": ("anechoic",), "recordings": tmp_path / "sounds"}
    _simulate(tmp_path, SequenceId(1, 1, 1), dataset, **options)
    files = find_sequence(RawTrees.below(tmp_path), SequenceId(1, 1, 1))
    audio = [load_frame("audio", path)[0] for path in files["audio"]]
    spectrum = np.abs(np.fft.rfft(np.concatenate(audio)))
    assert np.argmax(spectrum) * SAMPLE_RATE / (2 * len(spectrum) - 2) == pytest.approx(800, abs=3)


def test_a_place_does_not_depend_on_what_is_heard_there(tmp_path):
    """Scene and sound are drawn separately: the subject stands where it would have clapped."""
    (tmp_path / "clapping").mkdir()
    soundfile.write(
        tmp_path / "clapping/1.wav", np.random.default_rng(0).normal(0, 0.1, 8000), 8000
    )
    positions = [
        compose_world(OFFICE, DATASET, seed=0, scenario_kinds=KINDS, recordings=folder).scene
        for folder in (None, tmp_path)
    ]
    np.testing.assert_array_equal(positions[0].position, positions[1].position)


@pytest.mark.parametrize(
    ("sequence", "options", "message"),
    [
        (SequenceId(4, 1, 1), {}, "Location_04/Subject_01/Action_001: no such sequence"),
        (OFFICE, {"scenario_kinds": ("office",)}, "1 kinds for 3 scenarios"),
        (OFFICE, {"scenario_kinds": ("cave", "cave", "cave")}, "unknown kind of scenario"),
        (OFFICE, {"microphones": 0}, "0 microphones; store between 1 and 128"),
        (OFFICE, {"microphones": 129}, "129 microphones; store between 1 and 128"),
        (OFFICE, {"recordings": Path("nowhere")}, "nowhere/clapping: no such folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_refused_and_leaves_nothing(
    tmp_path, sequence, options, message
):
    with pytest.raises(InputError, match=re.escape(message)):
        _simulate(tmp_path, sequence, **options)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() or "Action" in path.name]


def test_the_command_names_a_class_without_synthesis(tmp_path, capsys):
    command = _command(tmp_path, "Location_01/Subject_01/Action_001")
    DatasetDescription("simulated", ("juggling",), SCENARIOS, 1, 1).write(tmp_path / "dataset.json")
    assert main(command) == 1
    assert "'juggling' has no synthesised sound" in capsys.readouterr().err
    assert not (tmp_path / "raw/batches/0.csv").exists()


def test_the_command_warns_of_recordings_heard_twice(tmp_path, capsys):
    command = _command(tmp_path, "Location_01/Subject_01/Action_001")
    DatasetDescription("simulated", ("hiss",), SCENARIOS, 1, 1).write(tmp_path / "dataset.json")
    (tmp_path / "sounds/hiss").mkdir(parents=True)
    noise = np.random.default_rng(0).normal(0, 0.1, 8000)
    soundfile.write(tmp_path / "sounds/hiss/1.wav", noise, 8000)
    assert main([*command, "--recordings", f"{tmp_path}/sounds"]) == 0
    assert "several sequences share: hiss (1 for 3 sequences)" in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_written_sequence(tmp_path, monkeypatch, capsys):
    written = []

    def full(path, data):
        written.append(path)
        if len(written) > 30:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        with path.open("wb") as handle:
            handle.write(data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(_command(tmp_path, OFFICE.name)) == 1
    assert "nothing half-written was kept: free some space" in capsys.readouterr().err
    assert not [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]
    assert not list((tmp_path / "raw").rglob("*Action_0*"))


def test_a_file_size_limit_leaves_no_half_written_sequence(tmp_path):
    command = [sys.executable, "-m", "avdistill.cli", *_command(tmp_path, OFFICE.name)]
    limited = f"ulimit -f 64; exec {' '.join(map(repr, command))}"  # 64 KiB, a MAT-file has 81
    done = subprocess.run(["bash", "-c", limited], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert not [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]


def test_a_kill_leaves_no_half_written_sequence_and_a_second_run_mends_it(tmp_path):
    command = [sys.executable, "-m", "avdistill.cli", *_command(tmp_path, OFFICE.name)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    raw, deadline = tmp_path / "raw", time.monotonic() + 60
    while not list(raw.glob("matfiles/*/*/.partial-*/MFCC_Image/Data_*.mat")):
        assert process.poll() is None, "finished before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert list(raw.rglob(".partial-*"))
    assert not list(raw.rglob("Action_*"))
    assert main(_command(tmp_path, OFFICE.name)) == 0
    assert not list(raw.rglob(".partial-*"))
    assert check_sequence(RawTrees.below(raw), OFFICE)[1] == []


def test_links_to_real_recordings_are_removed_before_anything_is_simulated(tmp_path, capsys):
    recordings, raw = tmp_path / "recordings", tmp_path / "raw"
    (recordings / "Location_2/Subject_1").mkdir(parents=True)
    raw.mkdir()
    (raw / "matfiles").symlink_to(recordings)
    assert main(_command(tmp_path, OFFICE.name)) == 0
    assert f"Removed links of an earlier version: {raw}/matfiles" in capsys.readouterr().err
    assert list((recordings / "Location_2/Subject_1").iterdir()) == []
    assert check_sequence(RawTrees.below(raw), OFFICE)[1] == []


def test_simulating_into_trees_of_an_archive_is_refused(tmp_path, capsys):
    (tmp_path / "raw/sync/Location_1").mkdir(parents=True)
    write_stamp(tmp_path / "raw/sync", [ArchiveIdentity(1, "sha256", "0" * 64)], ["sync"])
    assert main(_command(tmp_path, OFFICE.name)) == 1
    assert "raw/sync: is there already, unpacked from an archive" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["sync"]
