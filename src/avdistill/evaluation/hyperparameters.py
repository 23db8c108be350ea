"""The chosen hyper-parameters, compared with the paper's table 1."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from avdistill.evaluation.initial_weights import run_columns
from avdistill.evaluation.tables import Row, in_order
from avdistill.networks.registry import network_spec, table1_learning_rate
from avdistill.results.grid import read_cells
from avdistill.results.metrics import RUN_KEYS, read_metrics

FIXED = "nothing"
_VALUES = {"learning_rate": "learning rate", "temperature": "T", "imitation": "λ"}

COLUMNS = (
    *RUN_KEYS,
    "learning_rate",
    "table1_learning_rate",
    "agrees_with_table1",
    *list(_VALUES)[1:],
    "loss",
    "validation_accuracy",
    "cells",
    "searched",
    "initial_weights",
    "data_source",
)


def hyperparameter_rows(paths: Sequence[Path], *, searched_on: str | None) -> list[Row]:
    """List the hyper-parameters that each network was trained with.

    Parameters
    ----------
    paths : `metrics.json` of teachers and of students, students with `grid.csv` in the same folder.
    searched_on : the scope whose students searched the grid for those of all other scopes; None
        if each scope has a search of its own.

    Returns
    -------
    Sorted rows with `COLUMNS`, one per network and seed. `searched` names the hyper-parameters with
    more than one value in the grid. If there are none it says so, or names the scope that the
    values were taken from. `agrees_with_table1` is `yes`, `no`, or None if the
    paper's table 1 lacks the network and supervision. `loss` is that of distillation:
    `generalized`, `hinton`, or None without soft labels.

    Raises
    ------
    InputError : a file is missing or damaged.
    """
    networks = read_metrics(paths)
    rows = []
    for metrics, path in zip(networks, paths, strict=True):
        row = {
            **run_columns(metrics),
            **{name: metrics.get(name) for name in (*_VALUES, "loss")},
            **_table1(metrics),
            "validation_accuracy": metrics["validation"]["accuracy"],
            "cells": 1,
            "searched": FIXED,
        }
        if network_spec(metrics["network"]).role == "student":
            cells = read_cells(path.with_name("grid.csv"))
            row |= {"cells": len(cells), "searched": _searched(cells)}
            if searched_on not in (None, metrics["scope"]):
                row["searched"] = f"{FIXED}, taken from {searched_on}"
        rows.append(row)
    return in_order(rows, RUN_KEYS)


def _table1(metrics: dict[str, Any]) -> Row:
    paper = table1_learning_rate(*(metrics[key] for key in ("network", "supervision", "scope")))
    agrees = None
    if paper is not None:
        agrees = "yes" if math.isclose(paper, metrics["learning_rate"]) else "no"
    return {"table1_learning_rate": paper, "agrees_with_table1": agrees}


def _searched(cells: pd.DataFrame) -> str:
    names = [label for name, label in _VALUES.items() if cells[name].nunique() > 1]
    return ", ".join(names) or FIXED
