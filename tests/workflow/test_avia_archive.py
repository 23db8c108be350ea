"""An archive as AVIA's would be, sequences of 25 to 40 s, through the complete chain."""

import hashlib
import json
import tarfile

import numpy as np
import pandas as pd
import pytest
from scipy.io import loadmat, savemat

from avdistill.avia.dataset import DatasetDescription
from avdistill.cli import main
from avdistill.records.crops import read_waveform
from avdistill.records.schema import read_acoustic, record_path

pytestmark = pytest.mark.workflow

CLASSES = ("whistling", "knocking")
LONGEST = 40  # seconds
SECONDS = dict(
    zip(
        [f"Subject_{subject}/Action_{action}" for subject in (1, 2, 3) for action in (0, 1)],
        [25, 28, 30, 33, 36, 40],
        strict=True,
    )
)
SMALLER = "Location_1/Subject_2/Action_1/MFCC_Image/Data_7.mat"
SETTINGS = {
    "dataset": {"sequence_seconds": 30},
    "teachers": {
        "dualcamnet": {"epochs": 1},
        "resnet50": {"learning_rate": 1e-4, "epochs": 1},
    },
    "vision": {"frames_per_second": 1},
    # Students of DualCamNet are in every other run.
    "students": {"hearnet": {"supervision": ["ground_truth", "resnet50"], "epochs": 1}},
    "grid": {"imitation": [1]},
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Simulated recordings in AVIA's two trees, cut to lengths of their own."""
    folder = tmp_path_factory.mktemp("avia")
    dataset = DatasetDescription(
        source="simulated",
        classes=CLASSES,
        scenarios=("anechoic chamber",),
        subjects=3,
        sequence_seconds=LONGEST,
        missing=(),
    )
    dataset.write(folder / "dataset.json")
    names = [sequence.name for sequence in dataset.sequences()]
    status = main(
        [
            *("simulate-raw", "--dataset", str(folder / "dataset.json"), "--sequences", *names),
            *("--seed", "0", "--scenario-kinds", "anechoic", "--raw", str(folder / "AVIA")),
            *("--manifest", str(folder / "manifest.csv")),
        ]
    )
    assert not status
    for name, seconds in SECONDS.items():
        for tree, pattern in (
            ("matfiles", "MFCC_Image/Data_{}.mat"),
            ("sync", "audio/A_{:06d}.npy"),
            ("sync", "video/I_{:06d}.jpeg"),
        ):
            for frame in range(12 * seconds + 1, 12 * LONGEST + 1):
                (folder / "AVIA" / tree / "Location_1" / name / pattern.format(frame)).unlink()
    smaller = folder / "AVIA/matfiles" / SMALLER
    savemat(smaller, {"MFCC": loadmat(smaller)["MFCC"][2:, 1:, 3:]})
    return folder / "AVIA"


@pytest.fixture(scope="module")
def section(raw, tmp_path_factory):
    """Configuration of the archive that somebody would be given."""
    archive = tmp_path_factory.mktemp("archive") / "avia.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as file:
        file.add(raw, "AVIA")
    data = archive.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return {"address": str(archive), "size": len(data), "sha256": digest}


def test_archive_goes_through_the_complete_chain(raw, section, fresh):
    settings = SETTINGS | {
        "dataset": SETTINGS["dataset"] | {"source": "archive", "archive": section}
    }
    fresh.snakemake(
        "--cores", "2",
        "--config", *(f"{key}={json.dumps(value)}" for key, value in settings.items()),
    )  # fmt: skip
    accuracy = pd.read_csv(fresh / "results/evaluation/accuracy.csv")
    assert set(accuracy["data_source"]) == {"AVIA"}
    assert set(accuracy["network"]) == {"dualcamnet", "resnet50", "hearnet"}
    assert set(accuracy["supervision"]) == {"ground_truth", "resnet50"}

    records = fresh / "results/records"
    for action, subject in ((1, 1), (2, 3)):  # of 25 s and of 40 s
        folder = records / f"Location_01/Subject_{subject:02d}/Action_{action:03d}"
        assert len(list(folder.glob("Data_*.tfrecord"))) == 30
    # 25 s are extended by starting over from the first frame.
    short = "Location_01/Subject_01/Action_001"
    again, first = (read_acoustic(records / record_path(short, second)) for second in (25, 0))
    assert np.array_equal(again, first)
    waveform, sounding = read_waveform(records, short)
    assert len(waveform) == 30 * 22050
    assert sounding.all()
    # The smaller array lies in the far corner of each axis, behind zeros.
    padded = read_acoustic(records / record_path("Location_01/Subject_02/Action_002", 0))[6]
    small = loadmat(raw / "matfiles" / SMALLER)["MFCC"]
    assert small.shape == (34, 47, 9)
    assert np.array_equal(padded[2:, 1:, 3:], small.astype(np.float32))
    assert not padded[:2].any()
    assert not padded[:, :1].any()
    assert not padded[..., :3].any()
