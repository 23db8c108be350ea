"""Predictions of all trained networks of one kind on the test sequences of every scope.

There is one Parquet file per network, named after it. Its columns are `scope` (trained on),
`supervision`, `seed` and `target` (tested on), then those of `avdistill.results.predictions`.
"""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from avdistill.errors import InputError
from avdistill.files.parquet import read_parquet, write_parquet
from avdistill.results.predictions import check_predictions, num_classes

_SCHEMA = {"scope": str, "supervision": str, "seed": "int64", "target": str}


class RunOnScope(NamedTuple):
    """A network and the scope that it was tested on: the columns before the predictions."""

    scope: str
    supervision: str
    seed: int
    target: str


def write_across_scopes(path: Path, tables: dict[RunOnScope, pd.DataFrame]) -> None:
    """Write predictions, atomically; equal ones give equal bytes, whatever their order.

    Parameters
    ----------
    tables : at least one, all with the same columns; a table without rows is not stored.

    Raises
    ------
    InputError : one is no table of predictions.
    """
    parts = []
    for key, predictions in sorted(tables.items()):
        check_predictions(predictions, f"{path}, {key}")
        which = {name: [value] * len(predictions) for name, value in key._asdict().items()}
        parts.append(pd.concat([pd.DataFrame(which, predictions.index), predictions], axis=1))
    together = pd.concat(parts, ignore_index=True).astype(_SCHEMA)
    kinds = {
        name: pa.string() if name in ("scope", "supervision", "target", "sequence") else pa.int64()
        for name in together.columns
    } | {f"logit_{label}": pa.float32() for label in range(num_classes(together))}
    write_parquet(path, together, kinds)


def read_across_scopes(path: Path) -> dict[RunOnScope, pd.DataFrame]:
    """Read and check what `write_across_scopes` wrote, without the tables that had no row.

    Raises
    ------
    InputError : the file is missing or damaged, or holds no predictions.
    """
    together = read_parquet(path, "predictions", "run predict-across-scopes")
    if missing := [name for name in RunOnScope._fields if name not in together.columns]:
        raise InputError(f"{path}: lacks the column {missing[0]}; delete it and run again")
    tables = {}
    for (scope, supervision, seed, target), rows in together.groupby(list(RunOnScope._fields)):
        predictions = rows.drop(columns=list(RunOnScope._fields)).reset_index(drop=True)
        check_predictions(predictions, path)
        tables[RunOnScope(scope, supervision, int(seed), target)] = predictions
    return tables
