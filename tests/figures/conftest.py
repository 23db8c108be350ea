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
from avdistill.avia.vocabulary import SequenceId
from avdistill.evaluation.predictions import write_predictions
from avdistill.networks.model_directory import write_model_card
from avdistill.networks.registry import NETWORKS
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
    card: Path
    history: Path
    predictions: Path


@pytest.fixture
def write_network(tmp_path):
    """Write the folder of a network: three classes, the second always taken for the third."""

    def write(network="hearnet", supervision="dualcamnet", scope="all", source="simulated"):
        folder = tmp_path / f"{network}-{supervision}-{scope}-{source}"
        folder.mkdir()
        write_model_card(
            folder,
            NETWORKS[network],
            describe_dataset(source),
            scope=scope,
            supervision=supervision,
            seed=0,
            statistics=None,
        )
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
    """Write frames and acoustic images of a sequence: one loud direction in one frame."""

    def write(sequence: SequenceId, *, frames=3, loudest=1, direction=(9, 36)) -> Path:
        raw = tmp_path / "raw"
        images = raw / "matfiles" / sequence.raw_folder / "MFCC_Image"
        video = raw / "sync" / sequence.raw_folder / "video"
        images.mkdir(parents=True)
        video.mkdir(parents=True)
        for index in range(frames):
            image = np.zeros((36, 48, 12), np.float32)
            if index == loudest:
                image[(*direction, 0)] = 20
            (images / f"Data_{index + 1}.mat").write_bytes(mat_bytes(image))
            jpeg = io.BytesIO()
            Image.new("RGB", (640, 480), (40 * index,) * 3).save(jpeg, "JPEG")
            (video / f"I_{index + 1:06d}.jpeg").write_bytes(jpeg.getvalue())
        return raw

    return write


@pytest.fixture
def describe():
    return describe_dataset


@pytest.fixture
def texts_of():
    """List everything that is written in a figure."""

    def texts(figure) -> list[str]:
        return [text.get_text() for text in figure.findobj(Text) if text.get_text()]

    return texts
