"""Soft labels on disk, and what a student's crop takes from them."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.records.crops import Crop
from avdistill.results.soft_labels import (
    Teacher,
    TeacherLogits,
    average_soft_labels,
    open_teacher,
    read_soft_labels,
    read_teacher,
    write_soft_labels,
)

SEEING = Teacher("resnet50", "random backbone")
NAME = "Location_01/Subject_01/Action_001"


def table(seconds=6, classes=3, seed=0):
    logits = np.random.default_rng(seed).normal(size=(seconds, classes)).astype(np.float32)
    columns = {"sequence": [NAME] * seconds, "second": range(seconds), "split": ["test"] * seconds}
    return pd.DataFrame(columns | {f"logit_{i}": logits[:, i] for i in range(classes)})


def test_round_trip_with_equal_bytes(tmp_path):
    write_soft_labels(tmp_path / "one.parquet", table(), SEEING)
    write_soft_labels(tmp_path / "two.parquet", table(), SEEING)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    read = read_soft_labels(tmp_path / "one.parquet", 3)
    pd.testing.assert_frame_equal(read, table(), check_dtype=False)
    assert read_teacher(tmp_path / "one.parquet") == SEEING


def test_a_crop_takes_the_mean_over_all_its_seconds(tmp_path):
    logits = table().filter(like="logit").to_numpy()
    teacher = TeacherLogits(table(), tmp_path / "soft.parquet", "random")
    found = teacher.of_crops([Crop(NAME, 1), Crop(NAME, 0)], 5)
    np.testing.assert_allclose(
        found, [logits[1:6].mean(axis=0), logits[:5].mean(axis=0)], atol=1e-6
    )


@pytest.mark.parametrize("crop", [Crop(NAME, 2), Crop(NAME.replace("_001", "_002"), 0)])
def test_missing_seconds_are_named(tmp_path, crop):
    teacher = TeacherLogits(table(), tmp_path / "soft.parquet", "random")
    second = 6 if crop.start else 0
    with pytest.raises(InputError, match=rf"soft\.parquet.*{crop.sequence}, second {second}"):
        teacher.of_crops([crop], 5)


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
    write_soft_labels(tmp_path / "soft.parquet", damage(table()), SEEING)
    with pytest.raises(InputError, match=message):
        read_soft_labels(tmp_path / "soft.parquet", 3)


def test_absent_and_unreadable_soft_labels_are_named(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing PAR1")
    for name in ("absent.parquet", "bad.parquet"):
        with pytest.raises(InputError, match=name):
            read_soft_labels(tmp_path / name, 3)
        with pytest.raises(InputError, match=name):
            read_teacher(tmp_path / name)


def test_soft_labels_without_their_teacher_are_named(tmp_path):
    table().to_parquet(tmp_path / "soft.parquet")
    with pytest.raises(InputError, match=r"soft\.parquet: does not say whose"):
        read_teacher(tmp_path / "soft.parquet")


def test_a_student_learns_from_a_teacher_of_its_own_split_alone(tmp_path):
    path = tmp_path / "soft.parquet"
    write_soft_labels(path, table(), SEEING)
    split = pd.DataFrame({"sequence": [NAME, "another"], "split": ["test", "training"]})
    teacher = open_teacher(path, split, 3)
    expected = table().filter(like="logit")[:5].mean()
    np.testing.assert_allclose(teacher.of_crops([Crop(NAME, 0)], 5), [expected], atol=1e-6)
    assert teacher.initial_weights == "random backbone"
    assert open_teacher(None, split, 3) is None
    with pytest.raises(InputError, match="not soft labels for 4 classes"):
        open_teacher(path, split, 4)
    message = rf"soft\.parquet: {NAME} was for test, and now is for training; export"
    with pytest.raises(InputError, match=message):
        open_teacher(path, split.replace("test", "training"), 3)


def write(tmp_path, *tables):
    paths = [tmp_path / f"{number}.parquet" for number in range(len(tables))]
    for number, (path, one) in enumerate(zip(paths, tables, strict=True)):
        write_soft_labels(path, one, Teacher(f"teacher{number}", f"weights {number}"))
    return paths


def test_an_ensemble_says_the_mean_of_its_members_logits(tmp_path):
    first, second, third = (table(seed=seed) for seed in range(3))
    # Rows belong together by their seconds, not by their place.
    paths = write(tmp_path, first, second.iloc[::-1], third)
    output = tmp_path / "mean.parquet"
    assert (
        main(["average-soft-labels", "--soft-labels", *map(str, paths), "--output", str(output)])
        == 0
    )
    mean = read_soft_labels(output, 3)
    assert mean[["sequence", "second", "split"]].equals(first[["sequence", "second", "split"]])
    logits = [one.filter(like="logit").to_numpy() for one in (first, second, third)]
    np.testing.assert_allclose(mean.filter(like="logit"), sum(logits) / 3, atol=1e-6)
    assert read_teacher(output) == Teacher(
        "teacher0, teacher1, teacher2",
        "weights 0 (teacher0) and weights 1 (teacher1) and weights 2 (teacher2)",
    )


def test_a_teacher_alone_is_its_own_mean(tmp_path):
    pd.testing.assert_frame_equal(
        average_soft_labels(write(tmp_path, table(), table())),
        read_soft_labels(tmp_path / "0.parquet"),
    )


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (table(classes=4), "other classes"),
        (table(seconds=5), "other seconds"),
        (table(seconds=7), "other seconds"),
        (table().assign(split="training"), "another split"),
        (table().assign(second=range(1, 7)), "other seconds"),
    ],
)
def test_soft_labels_of_other_data_are_not_averaged(tmp_path, other, message):
    with pytest.raises(InputError, match=rf"1\.parquet: .*{message}"):
        average_soft_labels(write(tmp_path, table(), other))


def test_averaging_starts_no_tensorflow():
    code = "import sys, avdistill.results.soft_labels; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
