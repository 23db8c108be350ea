"""Soft labels on disk, and what a student's crop takes from them."""

import numpy as np
import pandas as pd
import pytest

from avdistill.errors import InputError
from avdistill.records.crops import Crop
from avdistill.training.soft_labels import TeacherLogits, read_soft_labels, write_soft_labels

NAME = "Location_01/Subject_01/Action_001"


def table(seconds=6, classes=3):
    logits = np.random.default_rng(0).normal(size=(seconds, classes)).astype(np.float32)
    columns = {"sequence": [NAME] * seconds, "second": range(seconds), "split": ["test"] * seconds}
    return pd.DataFrame(columns | {f"logit_{i}": logits[:, i] for i in range(classes)})


def test_round_trip_with_equal_bytes(tmp_path):
    write_soft_labels(tmp_path / "one.parquet", table())
    write_soft_labels(tmp_path / "two.parquet", table())
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    read = read_soft_labels(tmp_path / "one.parquet", 3)
    pd.testing.assert_frame_equal(read, table(), check_dtype=False)


def test_a_crop_takes_the_mean_over_all_its_seconds(tmp_path):
    logits = table().filter(like="logit").to_numpy()
    teacher = TeacherLogits(table(), tmp_path / "soft.parquet")
    found = teacher.of([Crop(NAME, 1), Crop(NAME, 0)], 5)
    np.testing.assert_allclose(
        found, [logits[1:6].mean(axis=0), logits[:5].mean(axis=0)], atol=1e-6
    )


@pytest.mark.parametrize("crop", [Crop(NAME, 2), Crop(NAME.replace("_001", "_002"), 0)])
def test_missing_seconds_are_named(tmp_path, crop):
    teacher = TeacherLogits(table(), tmp_path / "soft.parquet")
    second = 6 if crop.start else 0
    with pytest.raises(InputError, match=rf"soft\.parquet.*{crop.sequence}, second {second}"):
        teacher.of([crop], 5)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda t: t.drop(columns="logit_2"), "not soft labels for 3 classes"),
        (lambda t: t.assign(logit_3=0.0), "not soft labels for 3 classes"),
        (lambda t: t.assign(logit_1=np.nan), "not finite"),
        (lambda t: pd.concat([t, t]), "twice"),
        (lambda t: t.assign(split="exam"), "unknown split"),
    ],
)
def test_bad_soft_labels_are_named(tmp_path, damage, message):
    write_soft_labels(tmp_path / "soft.parquet", damage(table()))
    with pytest.raises(InputError, match=message):
        read_soft_labels(tmp_path / "soft.parquet", 3)


def test_absent_and_unreadable_soft_labels_are_named(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing PAR1")
    for name in ("absent.parquet", "bad.parquet"):
        with pytest.raises(InputError, match=name):
            read_soft_labels(tmp_path / name, 3)
