"""A data set of pictures alone: each second of each sequence has a colour of its own."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avdistill.avia.dataset import DatasetDescription
from avdistill.examples.tensorflow_start import start_tensorflow
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import describe_file, write_manifest
from avdistill.records.schema import encode_second, record_path
from avdistill.records.splits import split_sequences
from avdistill.records.tfrecord import compress_record

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
start_tensorflow(seed=0, threads=2)

SECONDS = 2


def jpeg(colour, brightness) -> bytes:
    pixels = np.full((480, 640, 3), colour, np.uint8)
    pixels[:240] = brightness
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """Folder laid out like results/: 2 classes, 1 scenario, 3 subjects, 2 s each."""
    root = tmp_path_factory.mktemp("pictures")
    dataset = DatasetDescription("simulated", ("red", "blue"), ("room",), 3, SECONDS)
    dataset.write(root / "dataset.json")
    rows = []
    for sequence in dataset.sequences():
        for second in range(SECONDS):
            colour = (90 * (sequence.action - 1), 100 * second, 60 * sequence.subject)
            frames = [jpeg(colour, 20 * number) for number in range(12)]
            file = record_path(sequence.name, second)
            path = root / "records" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(compress_record(encode_second(sequence, video=frames)))
            rows.append(describe_file(sequence.name, file, path.read_bytes()))
    write_manifest(root / "records" / "manifest.csv", rows)
    write_frame(root / "all.csv", split_sequences(dataset, "all", "stratified", 42))
    return root
