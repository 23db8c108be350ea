"""`metrics.json` of a trained network: its run and its accuracy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from avdistill.errors import InputError
from avdistill.files.atomic import read_json

RUN_KEYS = ("network", "supervision", "scope", "seed")

_REQUIRED = (*RUN_KEYS, "data_source", "initial_weights")
_NULL_OF_GROUND_TRUTH = "teacher_initial_weights"


def read_metrics(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the contents of `metrics.json` of each network, in the order of the paths.

    Returns
    -------
    Dictionaries with `RUN_KEYS`, `data_source`, `initial_weights`, `teacher_initial_weights`
    (None without soft labels), the accuracy on test crops under `test`, the best epoch's loss and
    accuracy under `validation`, and hyperparameters.

    Raises
    ------
    InputError : a file is missing or lacks one of those, or two are of the same network and seed.
    """
    found = []
    for path in paths:
        metrics = read_json(path)
        if not isinstance(metrics, dict):
            metrics = {}
        missing = [name for name in _REQUIRED if metrics.get(name) is None]
        missing += [name for name in [_NULL_OF_GROUND_TRUTH] if name not in metrics]
        missing += [name for name in ("test", "validation") if not _is_section(metrics, name)]
        if missing:
            raise InputError(
                f"{path}: not metrics of a network, lacks {missing[0]}; delete it and run again"
            )
        found.append(metrics)
    known: set[tuple] = set()
    for metrics in found:
        run = run_of(metrics)
        if run in known:
            name = ", ".join(f"{key} {metrics[key]}" for key in RUN_KEYS)
            raise InputError(f"two results of {name}; name each file once")
        known.add(run)
    return found


def run_of(metrics: dict[str, Any]) -> tuple:
    """Return the values of `RUN_KEYS`, which identify a network."""
    return tuple(metrics[key] for key in RUN_KEYS)


def _is_section(metrics: dict[str, Any], name: str) -> bool:
    wanted = {"test": ("crops", "accuracy_crop"), "validation": ("accuracy", "loss")}[name]
    section = metrics.get(name)
    return isinstance(section, dict) and all(key in section for key in wanted)
