"""A data set of seconds, made in seconds: each class sounds and looks like nothing else.

A plugin of pytest, since tests of several folders use it; TensorFlow is not imported.
"""

from pathlib import Path

import numpy as np
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import describe_file, write_manifest
from avdistill.records.schema import encode_second, record_path
from avdistill.records.splits import sequences_of, split_sequences
from avdistill.records.statistics import compute_statistics, write_statistics
from avdistill.records.stored_features import feature_path
from avdistill.records.tfrecord import compress_record
from avdistill.results.backbone_description import BackboneDescription

SECONDS = 5
DIGEST = "b" * 64  # of the backbone
FRAMES = (1, 3, 5, 7, 9, 11)  # whose features are stored


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Path:
    """Folder laid out like results/: 3 classes, 1 scenario, 3 subjects, 5 s each."""
    root = tmp_path_factory.mktemp("tiny")
    dataset = DatasetDescription("simulated", ("hum", "buzz", "hiss"), ("room",), 3, SECONDS)
    dataset.write(root / "dataset.json")
    rows = []
    for sequence in dataset.sequences():
        generator = np.random.default_rng(list(sequence))
        time = np.arange(SECONDS * 12 * 1024) / 12288
        tone = np.sin(2 * np.pi * 500 * sequence.action * time + sequence.subject)
        audio = (tone * 10000 + generator.normal(0, 300, len(time))).astype(np.int32)
        audio = audio.reshape(SECONDS, 12, 1, 1024)
        image = np.zeros((36, 48, 12), np.float32)
        image[..., sequence.action] = 2 + generator.integers(2)
        for second in range(SECONDS):
            file = record_path(sequence.name, second)
            path = root / "records" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                compress_record(encode_second(sequence, acoustic=[image] * 12, audio=audio[second]))
            )
            rows.append(describe_file(sequence.name, file, path.read_bytes()))
    write_manifest(root / "records" / "manifest.csv", rows)
    split = split_sequences(dataset, "all", "stratified", 42)
    write_frame(root / "all.csv", split)
    bounds = compute_statistics(
        root / "records", sequences_of(split, "training"), SECONDS, 5, "zero"
    )
    write_statistics(root / "all.npz", bounds)
    return root


@pytest.fixture(scope="session")
def seen(tiny, tmp_path_factory) -> Path:
    """Folder of a backbone of tiny's frames 1, 3, 5, 7, 9, 11, with features of every second."""
    root = tmp_path_factory.mktemp("seen")
    write_features(
        root,
        tiny,
        BackboneDescription("resnet50", "random", "noise", False, FRAMES, 0, sha256=DIGEST),
    )
    return root


def write_features(root: Path, tiny: Path, description: BackboneDescription) -> None:
    """Write made-up features: each class has some of its own."""
    description.write(root)
    rows = []
    for sequence in DatasetDescription.read(tiny / "dataset.json").sequences():
        generator = np.random.default_rng([7, *sequence])
        values = generator.random((SECONDS, len(description.frames), 2048), dtype=np.float32)
        values[..., 100 * sequence.action :][..., :100] += 1
        file = feature_path(sequence.name, description.sha256)
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, values)
        rows.append(describe_file(sequence.name, file, path.read_bytes()))
    write_manifest(root / "manifest.csv", rows)
