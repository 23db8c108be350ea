"""`metrics.json` of a trained network: its run and its accuracy."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from avdistill.errors import InputError
from avdistill.files.atomic import read_json

RUN_KEYS = ("network", "supervision", "scope", "seed")

_REQUIRED = (*RUN_KEYS, "data_source", "initial_weights")
_NULL_OF_GROUND_TRUTH = "teacher_initial_weights"
_SECTIONS = {"test": {"crops", "accuracy_crop"}, "validation": {"accuracy", "loss"}}


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
    found = [_read_one(path) for path in paths]
    for run, files in Counter(map(run_of, found)).items():
        if files > 1:
            name = ", ".join(f"{key} {value}" for key, value in zip(RUN_KEYS, run, strict=True))
            raise InputError(f"two results of {name}; name each file once")
    return found


def _read_one(path: Path) -> dict[str, Any]:
    value = read_json(path)
    metrics = value if isinstance(value, dict) else {}
    missing = [
        *(name for name in _REQUIRED if metrics.get(name) is None),
        *([] if _NULL_OF_GROUND_TRUTH in metrics else [_NULL_OF_GROUND_TRUTH]),
        *(
            name
            for name, keys in _SECTIONS.items()
            if not isinstance(metrics.get(name), dict) or not keys <= metrics[name].keys()
        ),
    ]
    if missing:
        raise InputError(
            f"{path}: not metrics of a network, lacks {missing[0]}; delete it and run again"
        )
    return metrics


def run_of(metrics: dict[str, Any]) -> tuple:
    """Return the values of `RUN_KEYS`, which identify a network."""
    return tuple(metrics[key] for key in RUN_KEYS)
