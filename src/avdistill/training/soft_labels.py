"""Soft labels on disk: what a teacher says of every second of every sequence.

Columns `sequence`, `second` (from 0), `split` and `logit_0` to `logit_{C-1}` (float32): logits,
not probabilities, so that the temperature stays free; each second's are averaged over its frames.
The released code runs the teacher inside every step of the student instead.
"""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from avdistill.atomic import atomic_file
from avdistill.errors import InputError
from avdistill.networks.registry import NetworkSpec, crop_logits
from avdistill.records.crops import Crop, evaluation_crops
from avdistill.records.splits import SPLITS
from avdistill.training.examples import EvaluationExamples, Material
from avdistill.training.predicting import predict_logits

KEYS = ("sequence", "second", "split")


def compute_soft_labels(model: keras.Model, spec: NetworkSpec, material: Material) -> pd.DataFrame:
    """Let a teacher judge every second of all three splits' sequences, in the split's order."""
    split_of = dict(zip(material.split["sequence"], material.split["split"], strict=True))
    crops = evaluation_crops(list(split_of), material.dataset.sequence_seconds, spec.length_seconds)
    output = predict_logits(model, EvaluationExamples(material.reader(spec), crops))
    logits = crop_logits(spec, output)
    columns = {
        "sequence": [crop.sequence for crop in crops],
        "second": np.array([crop.start for crop in crops], np.int64),
        "split": [split_of[crop.sequence] for crop in crops],
    }
    return pd.DataFrame(
        columns | {f"logit_{label}": logits[:, label] for label in range(logits.shape[1])}
    )


def write_soft_labels(path: Path, table: pd.DataFrame) -> None:
    """Write as Parquet, atomically; equal tables give equal bytes."""
    logits = [name for name in table.columns if name not in KEYS]
    fields = [("sequence", pa.string()), ("second", pa.int64()), ("split", pa.string())]
    fields += [(name, pa.float32()) for name in logits]
    columns = [pa.array(table[name].to_numpy(), type=kind) for name, kind in fields]
    with atomic_file(path) as partial:
        pq.write_table(pa.Table.from_arrays(columns, schema=pa.schema(fields)), partial)


def read_soft_labels(path: Path, num_classes: int) -> pd.DataFrame:
    """Read what `write_soft_labels` wrote.

    Raises
    ------
    InputError : no such file, not Parquet, other columns or classes, values that are not finite,
        a second twice.
    """
    try:
        table = pq.ParquetFile(path).read().to_pandas()
    except FileNotFoundError:
        raise InputError(f"{path}: no such soft labels; run export-soft-labels") from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path}: not readable as Parquet ({error}); delete it and run again"
        ) from None
    logits = [f"logit_{label}" for label in range(num_classes)]
    if list(table.columns) != [*KEYS, *logits]:
        problem = f"not soft labels for {num_classes} classes"
    elif not np.isfinite(table[logits].to_numpy()).all():
        problem = "has logits that are not finite numbers"
    elif table.duplicated(["sequence", "second"]).any() or not table["split"].isin(SPLITS).all():
        problem = "has a second twice, or an unknown split"
    else:
        return table
    raise InputError(f"{path}: {problem}; delete it and run export-soft-labels again")


class TeacherLogits:
    """Looks up the teacher's logits of a crop: the mean over all its seconds.

    Parameters
    ----------
    table : see `read_soft_labels`.
    source : what messages call it.
    """

    def __init__(self, table: pd.DataFrame, source: Path):
        self.source = source
        logits = table[[name for name in table.columns if name not in KEYS]].to_numpy(np.float32)
        keys = zip(table["sequence"], table["second"].tolist(), strict=True)
        self._logits = dict(zip(keys, logits, strict=True))

    def of(self, crops: Sequence[Crop], length: int) -> np.ndarray:
        """Return t of `avdistill.training.losses`: (num_crops, num_classes) float32.

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
