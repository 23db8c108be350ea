import numpy as np
import pandas as pd
import pytest

from avdistill.errors import InputError
from avdistill.results.predictions import logits_of, read_predictions, write_predictions


def example(frames: bool = False) -> pd.DataFrame:
    logits = np.array([[2, 1, 0], [0, 3, 1], [0, 1, 4]], np.float32)
    columns = {
        "sequence": ["Location_01/Subject_01/Action_001"] * 2
        + ["Location_01/Subject_01/Action_002"],
        "start": [0, 5, 0],
        "actual": [0, 0, 1],
        "predicted": [0, 1, 2],
        **{f"logit_{label}": logits[:, label] for label in range(3)},
    }
    if frames:
        columns |= {"frames_correct": [12, 3, 0], "frames": [12, 12, 12]}
    return pd.DataFrame(columns)


@pytest.mark.parametrize("frames", [False, True])
@pytest.mark.parametrize("rows", [0, 3])
def test_what_is_written_is_read_back(tmp_path, frames, rows):
    path = tmp_path / "deep" / "predictions.parquet"
    written = example(frames).iloc[:rows]
    write_predictions(path, written)
    read = read_predictions(path)
    pd.testing.assert_frame_equal(read, written, check_dtype=False)
    assert read["logit_0"].dtype == np.float32
    assert logits_of(read).shape == (rows, 3)


def test_equal_predictions_give_equal_bytes(tmp_path):
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    write_predictions(first, example())
    reordered = example()[["logit_2", "predicted", "start", "actual", "logit_1", "logit_0"]]
    write_predictions(second, reordered.assign(sequence=example()["sequence"]))
    assert first.read_bytes() == second.read_bytes()


def _set(column, row, value):
    def change(frame):
        frame = frame.astype({column: object} if isinstance(value, str) else {})
        frame.loc[row, column] = value
        return frame

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.drop(columns="start"), "columns are"),
        (lambda frame: frame.drop(columns="logit_1"), "columns are"),
        (lambda frame: frame.assign(extra=1), "columns are"),
        (lambda frame: frame.assign(frames=12), "without the other"),
        (lambda frame: frame.assign(frames=12, frames_correct=13), "more right frames"),
        (_set("logit_0", 1, np.nan), "not finite"),
        (_set("logit_0", 1, np.inf), "not finite"),
        (_set("actual", 0, 3), "outside 0 to 2"),
        (_set("predicted", 0, -1), "outside 0 to 2"),
        (_set("start", 1, 0), "crop twice"),
        (_set("start", 1, -5), "before its sequence"),
        (_set("actual", 1, 2), "two actual classes"),
        (lambda frame: frame.assign(start=[0.0, 0.5, 0.0]), "whole numbers"),
    ],
)
def test_anything_else_is_refused_and_nothing_is_written(tmp_path, change, said):
    path = tmp_path / "predictions.parquet"
    with pytest.raises(InputError, match=said):
        write_predictions(path, change(example()))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_or_missing_file_is_named(tmp_path):
    path = tmp_path / "predictions.parquet"
    with pytest.raises(InputError, match=r"predictions\.parquet: no such predictions"):
        read_predictions(path)
    write_predictions(path, example())
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"predictions\.parquet: not readable"):
        read_predictions(path)
    example().rename(columns={"start": "second"}).to_parquet(path)
    with pytest.raises(InputError, match=r"predictions\.parquet: not predictions"):
        read_predictions(path)
