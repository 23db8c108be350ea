"""Small outside data in their layouts, and a data set of two scenarios with untrained networks."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from avdistill.avia.dataset import DatasetDescription
from avdistill.examples.tensorflow_start import start_tensorflow
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import describe_file, file_sha256, write_manifest
from avdistill.networks.registry import build, network_spec
from avdistill.records.audio import Statistics
from avdistill.records.schema import encode_second, record_path
from avdistill.records.splits import split_sequences
from avdistill.records.tfrecord import compress_record
from avdistill.results.model_folder import Origin, save_model, write_model_description

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
start_tensorflow(seed=0, threads=2)

SECONDS = 5
STATISTICS = Statistics(np.zeros(257, np.float32), np.full(257, 5000, np.float32))


def tone(category: int, source: int, rate: int = 12288, seconds: float = 0.5) -> np.ndarray:
    time = np.arange(round(rate * seconds)) / rate
    noise = np.random.default_rng([category, source]).normal(0, 0.01, len(time))
    return 0.3 * np.sin(2 * np.pi * 400 * (category + 1) * time) + noise


@pytest.fixture
def make_esc10(tmp_path: Path) -> Callable[..., Path]:
    """Write ten classes in five folds, a clip each, in ESC-10's own layout."""

    def make(name: str = "esc10") -> Path:
        root = tmp_path / name
        for category in range(10):
            folder = root / f"{category + 1:03d} - Class {category}"
            folder.mkdir(parents=True)
            for fold in range(1, 6):
                source = 100 * fold + category
                sound = tone(category, source)
                soundfile.write(folder / f"{fold}-{source}-A.ogg", sound, 12288)
        (root / "README.md").write_text("not a clip")
        return root

    return make


@pytest.fixture
def make_esc50(tmp_path: Path) -> Callable[..., Path]:
    """Write the same in ESC-50's layout, with a clip that is not part of ESC-10."""

    def make(name: str = "ESC-50-master") -> Path:
        root = tmp_path / name
        (root / "audio").mkdir(parents=True)
        (root / "meta").mkdir()
        rows = []
        for category in range(10):
            for fold in range(1, 6):
                source = 100 * fold + category
                file = f"{fold}-{source}-A-{category}.wav"
                soundfile.write(root / "audio" / file, tone(category, source), 12288)
                rows.append([file, fold, category, f"class_{category}", "True", source, "A"])
        rows.append(["1-999-A-40.wav", 1, 40, "engine", "False", 999, "A"])
        with (root / "meta" / "esc50.csv").open("w", newline="") as handle:
            names = ["filename", "fold", "target", "category", "esc10", "src_file", "take"]
            csv.writer(handle).writerows([names, *rows])
        return root

    return make


SCENES = ("airport", "bus", "tram")


@pytest.fixture
def make_dcase2018(tmp_path: Path) -> Callable[..., Path]:
    """Write three scenes in DCASE 2018's layout: 3 training locations each, and 1 to evaluate on.

    Clips are as the real ones: 10 s of stereo at 48 kHz, 24 bits.
    """

    def make(name: str = "TUT-urban-acoustic-scenes-2018-development", seconds: int = 10) -> Path:
        root = tmp_path / name
        (root / "audio").mkdir(parents=True)
        (root / "evaluation_setup").mkdir()
        lines: dict[str, list[str]] = {"meta": [], "train": [], "test": [], "evaluate": []}
        for category, scene in enumerate(SCENES):
            for place in range(4):
                number = 4 * category + place
                location = f"{('barcelona', 'helsinki')[place % 2]}-{number}"
                file = f"audio/{scene}-{location}-{number}-a.wav"
                left = tone(2 * category, number, 48000, seconds)
                samples = np.stack([left, 0.5 * left], axis=1)
                soundfile.write(root / file, samples, 48000, subtype="PCM_24")
                lines["meta"].append(f"{file}\t{scene}\t{location}\ta")
                lines["train" if place < 3 else "evaluate"].append(f"{file}\t{scene}")
                if place == 3:
                    lines["test"].append(file)
        header = "filename\tscene_label\tidentifier\tsource_label"
        (root / "meta.csv").write_text("\n".join([header, *lines.pop("meta"), ""]))
        for part, rows in lines.items():
            path = root / "evaluation_setup" / f"fold1_{part}.txt"
            path.write_text("\n".join([*rows, ""]))
        (root / "README.md").write_text("not a clip")
        return root

    return make


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Path:
    """Folder laid out like results/: 2 classes, 2 scenarios, 4 subjects, 5 s each."""
    root = tmp_path_factory.mktemp("world")
    dataset = DatasetDescription("simulated", ("hum", "buzz"), ("room", "yard"), 4, SECONDS)
    dataset.write(root / "dataset.json")
    images = [np.zeros((36, 48, 12), np.float32)] * 12
    rows = []
    for sequence in dataset.sequences():
        sound = tone(sequence.action, sequence.subject + 10 * sequence.location, seconds=SECONDS)
        audio = (sound * 10000).astype(np.int32).reshape(SECONDS, 12, 1, 1024)
        for second in range(SECONDS):
            file = record_path(sequence.name, second)
            path = root / "records" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            record = encode_second(sequence, acoustic=images, audio=audio[second])
            path.write_bytes(compress_record(record))
            rows.append(describe_file(sequence.name, file, path.read_bytes()))
    write_manifest(root / "records" / "manifest.csv", rows)
    for scope in dataset.scopes:
        split = split_sequences(dataset, scope, "stratified", 42)
        write_frame(root / "splits" / f"{scope}.csv", split)
    for name, statistics in (("hearnet", STATISTICS), ("soundnet", None), ("dualcamnet", None)):
        spec = network_spec(name)
        for scope in dataset.scopes:
            folder = root / name / scope
            save_model(build(name, 2, 7), folder / "model.keras")
            origin = Origin(
                scope=scope,
                split=file_sha256(root / "splits" / f"{scope}.csv"),
                supervision="ground_truth",
                seed=7,
            )
            write_model_description(folder, spec, dataset, origin, statistics)
    return root
