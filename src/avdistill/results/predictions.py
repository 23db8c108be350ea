"""The file of predictions: one row per test crop, the source of every figure and table.

Columns: `sequence` (string), `start` (second), `actual` and `predicted` (labels from 0),
`logit_0` to `logit_{C-1}` (float32). Teachers that classify single frames add `frames_correct` and
`frames`: the number of the crop's frames that are right, and of all its frames.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from avdistill.errors import Case, refuse
from avdistill.files.parquet import read_parquet, write_parquet

KEYS = ("sequence", "start", "actual", "predicted")
FRAMES = ("frames_correct", "frames")


def num_classes(predictions: pd.DataFrame) -> int:
    """Return the number of classes; each has a column of logits."""
    return sum(column.startswith("logit_") for column in predictions.columns)


def logits_of(predictions: pd.DataFrame) -> np.ndarray:
    """Return the logits, (crops, classes) float32."""
    columns = [f"logit_{label}" for label in range(num_classes(predictions))]
    return predictions[columns].to_numpy(np.float32)


def no_predictions(classes: int, *, frame_wise: bool) -> pd.DataFrame:
    """Return a table of predictions without crops, with all columns."""
    kinds = _kinds(classes, FRAMES if frame_wise else ())
    return pa.schema(list(kinds.items())).empty_table().to_pandas()


def _kinds(classes: int, frames: Iterable[str]) -> dict[str, pa.DataType]:
    """Return the columns in their order; `frames` are those of `FRAMES` that the table has."""
    kinds = {"sequence": pa.string()} | dict.fromkeys(KEYS[1:], pa.int64())
    kinds |= {f"logit_{label}": pa.float32() for label in range(classes)}
    return kinds | dict.fromkeys(frames, pa.int64())


def write_predictions(path: Path, predictions: pd.DataFrame) -> None:
    """Write predictions as Parquet, atomically; equal predictions give equal bytes.

    Raises
    ------
    InputError : a column is missing, unknown or out of its range (see `check_predictions`).
    """
    check_predictions(predictions, path)
    frames = [name for name in FRAMES if name in predictions.columns]
    write_parquet(path, predictions, _kinds(num_classes(predictions), frames))


def read_predictions(path: Path) -> pd.DataFrame:
    """Return predictions from a file, after a check.

    Raises
    ------
    InputError : the file is missing, is not Parquet, or fails `check_predictions`.
    """
    predictions = read_parquet(path, "predictions", "run the rule that makes them")
    check_predictions(predictions, path)
    return predictions


def check_predictions(predictions: pd.DataFrame, source: Path | str) -> None:
    """Check columns and values of predictions; messages name them `source`.

    A table without rows is valid: another scope may have no test sequence left for a network.

    Raises
    ------
    InputError : columns are missing or unknown, values are missing, not finite or out of range,
        a crop comes twice, or a sequence has two actual classes.
    """
    classes = num_classes(predictions)
    frames = [name for name in FRAMES if name in predictions.columns]
    whole = [*KEYS[1:], *frames]

    def cases() -> Iterator[Case]:
        yield (
            classes < 2 or sorted(_kinds(classes, frames)) != sorted(predictions.columns),
            f"columns are {', '.join(map(str, predictions.columns))}",
        )
        yield len(frames) == 1, "has one of frames_correct and frames without the other"
        yield (
            predictions.isna().to_numpy().any() or not np.isfinite(logits_of(predictions)).all(),
            "has missing values or logits that are not finite",
        )
        yield (
            not all(pd.api.types.is_integer_dtype(predictions[name]) for name in whole),
            "has starts, labels or counts of frames that are not whole numbers",
        )
        yield (
            not predictions[["actual", "predicted"]].isin(range(classes)).to_numpy().all(),
            f"has labels outside 0 to {classes - 1}",
        )
        yield (
            (predictions["start"] < 0).any() or predictions.duplicated(["sequence", "start"]).any(),
            "has a crop twice or one that starts before its sequence",
        )
        yield (
            predictions.groupby("sequence")["actual"].nunique().max() > 1,
            "gives one sequence two actual classes",
        )
        yield (
            frames and not predictions["frames_correct"].between(0, predictions["frames"]).all(),
            "has more right frames than frames",
        )

    remedy = "delete it and run again"
    refuse(source, ((is_so, f"not predictions: it {text}; {remedy}") for is_so, text in cases()))
