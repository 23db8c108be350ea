"""The file of soft labels: a teacher's logits for every second of every sequence.

Columns are `sequence`, `second` (from 0), `split` and `logit_0` to `logit_{C-1}` (float32). They
are logits, not probabilities, so that any temperature can be applied. The logits of a second are
averaged over its frames. The file's metadata name the teacher and the source of its initial
weights. The released code instead runs the teacher in every training step of the student.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from avdistill.errors import Case, InputError, explain_errors, refuse
from avdistill.files.parquet import read_parquet, write_parquet
from avdistill.records.crops import Crop
from avdistill.records.splits import SPLITS

KEYS = ("sequence", "second", "split")


class Teacher(NamedTuple):
    """The teacher whose soft labels a file holds.

    Attributes
    ----------
    name : name of a network, or of several.
    initial_weights : source of its initial weights.
    """

    name: str
    initial_weights: str


def write_soft_labels(path: Path, table: pd.DataFrame, teacher: Teacher) -> None:
    """Write soft labels as Parquet, atomically; equal tables and teachers give equal bytes."""
    kinds = {"sequence": pa.string(), "second": pa.int64(), "split": pa.string()}
    kinds |= dict.fromkeys(_logit_columns(table), pa.float32())
    write_parquet(path, table, kinds, teacher._asdict())


def read_soft_labels(path: Path, num_classes: int | None = None) -> pd.DataFrame:
    """Return the table that `write_soft_labels` wrote.

    Parameters
    ----------
    num_classes : number of classes that it must have; None takes any number.

    Raises
    ------
    InputError : the file is missing or not Parquet, columns or classes are wrong, values are not
        finite, or a second comes twice.
    """
    table = read_parquet(path, "soft labels", "run export-soft-labels")
    classes = len(table.columns) - len(KEYS) if num_classes is None else num_classes
    logits = [f"logit_{label}" for label in range(classes)]
    wanted = "" if num_classes is None else f" for {classes} classes"

    def cases() -> Iterator[Case]:
        yield not logits or list(table.columns) != [*KEYS, *logits], f"not soft labels{wanted}"
        is_finite = np.isfinite(table[logits].to_numpy()).all()
        yield not is_finite, "has logits that are not finite numbers"
        is_twice = table.duplicated(["sequence", "second"]).any()
        is_known = table["split"].isin(SPLITS).all()
        yield is_twice or not is_known, "has a second twice, or an unknown split"

    remedy = "delete it and run export-soft-labels again"
    refuse(path, ((is_so, f"{problem}; {remedy}") for is_so, problem in cases()))
    return table


def read_teacher(path: Path) -> Teacher:
    """Return the teacher whose soft labels a file holds.

    Raises
    ------
    InputError : the file is missing, is not Parquet, or does not name the teacher.
    """
    damages = (KeyError, UnicodeDecodeError, pa.ArrowException, OSError)
    problems = {
        FileNotFoundError: "no such soft labels; run export-soft-labels",
        damages: "does not say whose soft labels it holds ({error}); delete it and run "
        "export-soft-labels again",
    }
    with explain_errors(path, problems):
        metadata = pq.read_schema(path).metadata or {}
        return Teacher(*(metadata[name.encode()].decode() for name in Teacher._fields))


def check_split(table: pd.DataFrame, split: pd.DataFrame, path: Path) -> None:
    """Check that a teacher was trained with the same split as its student.

    Parameters
    ----------
    table, path : soft labels, and their file for messages.
    split : split that the student is trained with.

    Raises
    ------
    InputError : a sequence is in another part of the teacher's split.
    """
    parts = dict(zip(split["sequence"], split["split"], strict=True))
    for sequence, part in zip(table["sequence"], table["split"], strict=True):
        if parts.get(sequence, part) != part:
            raise InputError(
                f"{path}: {sequence} was for {part}, and now is for {parts[sequence]}; export "
                "the soft labels of a teacher that was trained with this split"
            )


def teacher_of_several(teachers: Sequence[Teacher]) -> Teacher:
    """Return one teacher for an ensemble, with the names and initial weights of all."""
    weights = [f"{teacher.initial_weights} ({teacher.name})" for teacher in teachers]
    return Teacher(", ".join(teacher.name for teacher in teachers), " and ".join(weights))


def average_soft_labels(paths: Sequence[Path]) -> pd.DataFrame:
    """Return the soft labels of an ensemble: its teachers' mean logits for every second.

    Returns
    -------
    A table with the same columns, and with rows in the order of the first table.

    Raises
    ------
    InputError : as `read_soft_labels`, or two of them differ in classes, seconds or splits.
    """
    tables = [read_soft_labels(path) for path in paths]
    logits = np.stack(
        [_logits_like(tables[0], table, path) for table, path in zip(tables, paths, strict=True)]
    )
    mean = tables[0].copy()
    mean[_logit_columns(mean)] = logits.mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean


def _logits_like(first: pd.DataFrame, table: pd.DataFrame, path: Path) -> np.ndarray:
    """Return the logits of a table, with rows in the order of the first table."""
    if list(table.columns) != list(first.columns):
        problem = "is for other classes"
    else:
        joined = first[list(KEYS)].merge(table, on=list(KEYS), how="left", validate="1:1")
        if len(table) == len(first) and joined.notna().to_numpy().all():
            return joined[_logit_columns(table)].to_numpy(np.float32)
        problem = "is for other seconds or another split"
    raise InputError(
        f"{path}: {problem} than the first soft labels; export both from one data set and split"
    )


def _logit_columns(table: pd.DataFrame) -> list[str]:
    return [name for name in table.columns if name not in KEYS]


class TeacherLogits:
    """The teacher's logits of crops: the mean over all seconds of a crop.

    Parameters
    ----------
    table : see `read_soft_labels`.
    source : its name in messages.
    initial_weights : see `Teacher`.
    """

    def __init__(self, table: pd.DataFrame, source: Path, initial_weights: str):
        self.source = source
        self.initial_weights = initial_weights
        logits = table[_logit_columns(table)].to_numpy(np.float32)
        keys = zip(table["sequence"], table["second"].tolist(), strict=True)
        self._logits = dict(zip(keys, logits, strict=True))

    def of_crops(self, crops: Sequence[Crop], length: int) -> np.ndarray:
        """Return the logits t of `avdistill.training.losses`: (num_crops, num_classes) float32.

        Raises
        ------
        InputError : a second of a crop has no soft label.
        """
        try:
            return np.stack(
                [
                    np.mean(
                        [self._logits[crop.sequence, crop.start + i] for i in range(length)],
                        axis=0,
                    )
                    for crop in crops
                ]
            )
        except KeyError as error:
            sequence, second = error.args[0]
            raise InputError(
                f"{self.source}: has nothing for {sequence}, second {second}; "
                "run export-soft-labels with the split that the student is trained on"
            ) from None


def open_teacher(path: Path | None, split: pd.DataFrame, num_classes: int) -> TeacherLogits | None:
    """Return the soft labels that a student learns from; None without a path.

    Parameters
    ----------
    split : that the student is trained with.

    Raises
    ------
    InputError : as `read_soft_labels`, `read_teacher` or `check_split`.
    """
    if path is None:
        return None
    table = read_soft_labels(path, num_classes)
    check_split(table, split, path)
    return TeacherLogits(table, path, read_teacher(path).initial_weights)
