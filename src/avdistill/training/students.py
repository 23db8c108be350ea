"""Distilling students: one slice of the grid, then one student from all slices."""

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from avdistill.errors import InputError
from avdistill.examples.crop_examples import (
    EvaluationExamples,
    ScopeData,
    TrainingExamples,
    labels_of,
)
from avdistill.files.atomic import read_json, write_json
from avdistill.networks.registry import NetworkSpec
from avdistill.records.crops import Crop
from avdistill.results.grid import (
    Cell,
    cell_of,
    merge_slices,
    rank,
    winner,
    write_cells,
)
from avdistill.results.history import read_history, write_history
from avdistill.results.model_folder import MODEL_FILE, load_model, save_model
from avdistill.results.soft_labels import TeacherLogits
from avdistill.training.devices import Devices
from avdistill.training.fitting import DivergedError, Fitted, compile_model, fit
from avdistill.training.live import Watching
from avdistill.training.losses import Loss, hinton_targets, training_targets
from avdistill.training.results import write_results
from avdistill.training.snapshot import Snapshot, remove_resume_folder, resume_folder
from avdistill.training.starting import Start

SEARCH_FILE = "search.json"  # what all slices of a search have in common

_PLACE = {"slice", "slices"}  # what sets a slice's identity apart from the search's
_STARTS = ("initial_weights", "teacher_initial_weights")  # among it


def search_slice(
    spec: NetworkSpec,
    num_classes: int,
    cells: Sequence[tuple[int, Cell]],
    *,
    of: int,
    training: TrainingExamples,
    validation: EvaluationExamples,
    teacher: TeacherLogits | None,
    loss: Loss,
    start: Start,
    seed: int,
    epochs: int,
    batch_size: int,
    identity: dict,
    title: str,
    output: Path,
    devices: Devices,
    watching: Watching,
) -> None:
    """Train a student for each cell; write `cells.csv`, and the best one's model and history.

    `search.json` says what the slices of a search have in common: the loss, what weights their
    cells, and the teacher, started from, how many cells there are, and all that identifies the
    search. A cell whose training diverges is the worst there is, and no more; where all of a slice
    do, its model is untrained and its history empty.
    The network is built and compiled once: cells differ in weights, learning rate and targets.
    A killed search goes on with the cell, and in it with the epoch, that it was at.

    Parameters
    ----------
    cells : positions in the configuration and cells, from `avdistill.results.grid.slice_of`.
    of : number of cells of the whole grid.
    teacher : None for ground truth.
    loss : of distillation.
    start : what every cell starts from, its seed aside.
    identity : what else the result depends on, see `Snapshot`.
    devices : what the students are trained on.
    watching : where progress is logged, each cell's in a folder of its own, named by its position.
    """
    model, initial_weights = start.build(spec, num_classes, seed)
    double = compile_model(model, "generalized" if teacher is None else loss, devices=devices)
    folder = resume_folder(output)
    searched = Snapshot(folder / "cells.npz", identity)
    rows, best_history, best_weights = [], [], []
    if kept := searched.load():
        (rows, best_history), best_weights = kept[0], kept[1].get("best", [])
    watching.forget_cells(but={row["cell"] for row in rows})
    for number, (position, cell) in list(enumerate(cells))[len(rows) :]:
        current = Snapshot(folder / f"cell{position}.npz", identity)
        fresh, _ = start.build(spec, num_classes, cell.seed(seed))
        model.set_weights(fresh.get_weights())
        fitted = _fit(
            model,
            spec,
            double=double,
            training=training,
            targets_of=_targets(spec, cell, teacher, loss, num_classes),
            validation=validation,
            learning_rate=cell.learning_rate,
            epochs=epochs,
            batch_size=batch_size,
            snapshot=current,
            title=f"{title}, cell {number + 1} of {len(cells)} ({cell})",
            watching=watching.cell(position),
        )
        row = {"cell": position, **cell._asdict(), **_outcome(fitted), "epochs": epochs}
        if fitted is not None and rank(row) < min(map(rank, rows), default=(np.inf,)):
            best_history, best_weights = fitted.history, model.get_weights()
        rows.append(row)
        searched.save([rows, best_history], {"best": best_weights})
        current.remove()
    if best_history:
        model.set_weights(best_weights)
    else:
        model, _ = start.build(spec, num_classes, seed)
    save_model(model, output / MODEL_FILE)
    write_history(output / "history.csv", best_history)
    common = {
        "cells": of,
        "search": {key: value for key, value in identity.items() if key not in _PLACE},
        "initial_weights": initial_weights,
        "teacher_initial_weights": None,
    }
    if teacher is not None:
        common |= {"teacher_initial_weights": teacher.initial_weights, "loss": loss}
    write_json(output / SEARCH_FILE, common)
    write_cells(output / "cells.csv", rows)
    remove_resume_folder(output)


def _fit(model: keras.Model, spec: NetworkSpec, **options: Any) -> Fitted | None:
    """Fit a cell; None where it diverges, which is told on stderr."""
    try:
        return fit(model, spec, **options)
    except DivergedError as error:
        print(f"{error}; this cell counts as failed", file=sys.stderr, flush=True)
        return None


def _outcome(fitted: Fitted | None) -> dict[str, float]:
    """Return a cell's columns about its best epoch."""
    if fitted is None:
        return {"validation_loss": math.inf, "validation_accuracy": 0.0, "best_epoch": 0}
    best = {name: fitted.best[name] for name in ("validation_loss", "validation_accuracy")}
    return best | {"best_epoch": fitted.best_epoch}


def _targets(
    spec: NetworkSpec, cell: Cell, teacher: TeacherLogits | None, loss: Loss, num_classes: int
) -> Callable[[list[Crop]], np.ndarray]:
    """Return what gives the targets of crops in this cell."""

    def targets_of(crops: list[Crop]) -> np.ndarray:
        labels = labels_of(crops)
        if teacher is None:
            return training_targets(labels, num_classes)
        soft = {
            "teacher_logits": teacher.of(crops, spec.length_seconds),
            "temperature": cell.temperature,
            "imitation": cell.imitation,
        }
        if loss == "hinton":
            return hinton_targets(labels, **soft)
        return training_targets(labels, num_classes, **soft)

    return targets_of


def select_student(
    spec: NetworkSpec,
    material: ScopeData,
    slices: Sequence[Path],
    *,
    scope: str,
    supervision: str,
    seed: int,
    output: Path,
) -> None:
    """Merge the slices into `grid.csv`, take the winner, predict once on test, write its folder.

    Raises
    ------
    InputError : the slices are not all those of one search, or are of another student's; one of
        them is damaged; or every cell diverged.
    """
    common = _common([folder / SEARCH_FILE for folder in slices])
    wanted = {"student": spec.name, "scope": scope, "supervision": supervision, "seed": seed}
    _check_search(slices[0] / SEARCH_FILE, common, wanted | {"split": material.split_sha256})
    merged = merge_slices([folder / "cells.csv" for folder in slices], common["cells"])
    best = winner(merged)
    if math.isinf(best["validation_loss"]):
        raise InputError(
            f"{slices[0].parent}: training diverged in every cell; search smaller learning rates"
        )
    folder = slices[int(best["slice"])]
    model = load_model(folder / MODEL_FILE)
    if model.name != spec.name or model.output_shape[-1] != material.num_classes:
        raise InputError(
            f"{folder / MODEL_FILE}: is a {model.name} with {model.output_shape[-1]} classes, not "
            f"a {spec.name} with {material.num_classes}; delete the slice and search it again"
        )
    fitted = Fitted(
        read_history(folder / "history.csv").to_dict("records"), int(best["best_epoch"])
    )
    if len(fitted.history) != int(best["epochs"]):
        raise InputError(
            f"{folder}: history.csv and cells.csv do not belong together; search the slice again"
        )
    write_cells(output / "grid.csv", merged.drop(columns="slice").to_dict("records"))
    write_results(
        output,
        model,
        spec,
        material,
        fitted,
        scope=scope,
        supervision=supervision,
        seed=seed,
        **{name: common[name] for name in _STARTS},
        chosen=cell_of(best)._asdict() | {key: common[key] for key in ("loss",) if key in common},
    )


def _common(paths: Sequence[Path]) -> dict[str, Any]:
    """Read what all cells of all slices have in common."""
    found = [read_json(path) for path in paths]
    for path, common in zip(paths, found, strict=True):
        if not _is_common(common) or common != found[0]:
            raise InputError(f"{path}: not of the search that {paths[0]} is of; search it again")
    return found[0]


def _is_common(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() >= {*_STARTS}
        and isinstance(value.get("cells"), int)
        and isinstance(value.get("search"), dict)
    )


def _check_search(path: Path, common: dict[str, Any], wanted: dict[str, Any]) -> None:
    """See that a search is the wanted student's."""
    for name, value in wanted.items():
        if (found := common["search"].get(name)) != value:
            raise InputError(
                f"{path}: of a search with {name} {found}, not {value}; give the slices of this "
                "student's search"
            )
