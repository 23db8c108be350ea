"""Small made-up inputs, as the phases before the figures write them."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from PIL import Image

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SAMPLE_RATE, SequenceId
from avdistill.cli import main
from avdistill.files.manifest import write_manifest
from avdistill.networks.registry import NETWORKS
from avdistill.records.schema import encode_second, record_path
from avdistill.records.tfrecord import compress_record
from avdistill.results.model_folder import Origin, write_model_description
from avdistill.results.predictions import write_predictions
from avdistill.simulation.simulate import mat_bytes

CLASSES = ("clapping", "paper shaking", "whistling")
SCENARIOS = ("anechoic chamber", "open-space office")


def describe_dataset(source: str = "simulated", **changes) -> DatasetDescription:
    values = {"classes": CLASSES, "scenarios": SCENARIOS, "subjects": 3, "sequence_seconds": 6}
    return DatasetDescription(source=source, **(values | changes))


@dataclass
class Written:
    """What one network leaves in its folder."""

    folder: Path
    description: Path
    history: Path
    predictions: Path


@pytest.fixture
def write_network(tmp_path):
    """Write the folder of a network: three classes, the second always taken for the third."""

    def write(
        network="hearnet", supervision="dualcamnet", scope="all", source="simulated", teacher=None
    ):
        folder = tmp_path / f"{network}-{supervision}-{scope}-{source}"
        folder.mkdir()
        origin = Origin(
            scope=scope,
            split="0" * 64,
            supervision=supervision,
            seed=0,
            teacher_initial_weights=teacher,
        )
        write_model_description(folder, NETWORKS[network], describe_dataset(source), origin, None)
        history = folder / "history.csv"
        history.write_text(
            "epoch,loss,accuracy,validation_loss,validation_accuracy\n"
            "1,1.2,0.3,1.1,0.25\n2,0.9,0.6,1.0,0.75\n3,0.7,0.8,1.05,0.75\n4,0.5,0.9,1.2,0.5\n"
        )
        rows = []
        for action, predicted in ((1, 0), (2, 2), (3, 2)):
            for start in (0, 5):
                logits = np.eye(3, dtype=np.float32)[predicted]
                name = SequenceId(1, 1, action).name
                rows.append((name, start, action - 1, predicted, *logits))
        columns = ["sequence", "start", "actual", "predicted", "logit_0", "logit_1", "logit_2"]
        predictions = folder / "predictions.parquet"
        write_predictions(predictions, pd.DataFrame(rows, columns=columns))
        return Written(folder, folder / "model.json", history, predictions)

    return write


@pytest.fixture
def write_raw(tmp_path):
    """Write raw files of a sequence: one loud direction, and a loud sound, in one frame."""

    def write(sequence: SequenceId, *, frames=3, loudest=1, direction=(9, 36)) -> Path:
        raw = tmp_path / "raw"
        images = raw / "matfiles" / sequence.raw_folder / "MFCC_Image"
        video = raw / "sync" / sequence.raw_folder / "video"
        images.mkdir(parents=True)
        audio = raw / "sync" / sequence.raw_folder / "audio"
        video.mkdir(parents=True)
        audio.mkdir()
        for index in range(frames):
            image = np.zeros((36, 48, 12), np.float32)
            if index == loudest:
                image[(*direction, 0)] = 20
            (images / f"Data_{index + 1}.mat").write_bytes(mat_bytes(image))
            jpeg = io.BytesIO()
            Image.new("RGB", (640, 480), (min(255, 40 * index),) * 3).save(jpeg, "JPEG")
            (video / f"I_{index + 1:06d}.jpeg").write_bytes(jpeg.getvalue())
            sound = np.full((1, 1024), 10_000 if index == loudest else 10, np.int32)
            np.save(audio / f"A_{index + 1:06d}.npy", sound)
        return raw

    return write


@pytest.fixture
def write_records(tmp_path):
    """Write records of sequences: a tone of n + 1 kHz for label n, loud in one frame alone.

    Frame number i has the grey value i.
    """

    def write(sequences, *, seconds=6, loudest=40) -> Path:
        time = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
        loudness = np.repeat(np.where(np.arange(12 * seconds) == loudest, 1e6, 1e4), 1024)
        frames = []
        for number in range(12 * seconds):
            jpeg = io.BytesIO()
            Image.new("RGB", (640, 480), (number,) * 3).save(jpeg, "JPEG")
            frames.append(jpeg.getvalue())
        for sequence in sequences:
            # The offset is no sound, however large.
            tone = 5e6 + loudness * np.sin(2 * np.pi * 1000 * (sequence.label + 1) * time)
            audio = tone.astype(np.int32).reshape(seconds, 12, 1, 1024)
            (tmp_path / "records" / sequence.name).mkdir(parents=True, exist_ok=True)
            for second in range(seconds):
                video = frames[12 * second : 12 * second + 12]
                data = encode_second(sequence, audio=audio[second], video=video)
                path = tmp_path / "records" / record_path(sequence.name, second)
                path.write_bytes(compress_record(data))
        return tmp_path / "records"

    return write


@pytest.fixture
def draw_figure(write_records, tmp_path):
    """Draw a figure of recordings twice, and check that the files are the same."""

    def draw(number: int, dataset: DatasetDescription, sequences) -> None:
        dataset.write(tmp_path / "dataset.json")
        arguments = ["draw-recordings", "--figure", str(number), "--seed", "3"]
        arguments += ["--dataset", str(tmp_path / "dataset.json")]
        manifest = write_records(sequences) / "manifest.csv"
        write_manifest(manifest, [])  # it says where the records are
        arguments += ["--records", str(manifest)]
        for name in ("first.png", "second.png"):
            assert main([*arguments, "--output", str(tmp_path / name)]) == 0
        for suffix in (".png", ".svg"):
            first, second = (tmp_path / f"{name}{suffix}" for name in ("first", "second"))
            assert first.read_bytes() == second.read_bytes()

    return draw


@pytest.fixture
def describe():
    return describe_dataset


@pytest.fixture
def texts_of():
    """List everything that is written in a figure."""

    def texts(figure) -> list[str]:
        return [text.get_text() for text in figure.findobj(Text) if text.get_text()]

    return texts
