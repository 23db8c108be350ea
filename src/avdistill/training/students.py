"""Distilling students: one slice of the grid, then one student from all slices."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from avdistill.atomic import read_json, write_json
from avdistill.errors import InputError
from avdistill.networks.model_directory import MODEL_FILE, load_model, save_model
from avdistill.networks.registry import NetworkSpec
from avdistill.records.crops import Crop
from avdistill.training.examples import (
    EvaluationExamples,
    Material,
    TrainingExamples,
    labels_of,
)
from avdistill.training.fitting import Fitted, compile_model, fit
from avdistill.training.grid import (
    Cell,
    cell_of,
    merge_slices,
    rank,
    winner,
    write_cells,
)
from avdistill.training.history import read_history, write_history
from avdistill.training.losses import Loss, hinton_targets, training_targets
from avdistill.training.results import write_results
from avdistill.training.snapshot import Snapshot, remove_resume_folder, resume_folder
from avdistill.training.soft_labels import TeacherLogits
from avdistill.training.starting import FROM_SCRATCH, Start

SEARCH_FILE = "search.json"  # what all cells of a slice have in common

_STARTS = ("initial_weights", "teacher_initial_weights")  # among it


def search_slice(
    spec: NetworkSpec,
    num_classes: int,
    cells: Sequence[tuple[int, Cell]],
    *,
    training: TrainingExamples,
    validation: EvaluationExamples,
    teacher: TeacherLogits | None,
    loss: Loss = "generalized",
    start: Start = FROM_SCRATCH,
    seed: int,
    epochs: int,
    batch_size: int,
    identity: dict,
    title: str,
    output: Path,
) -> None:
    """Train a student for each cell; write `cells.csv`, and the best one's model and history.

    `search.json` says what the cells have in common: the loss, and what weights they, and their
    teacher, started from.
    The network is built and compiled once: cells differ in weights, learning rate and targets.
    A killed search goes on with the cell, and in it with the epoch, that it was at.

    Parameters
    ----------
    cells : positions in the configuration and cells, from `avdistill.training.grid.slice_of`.
    teacher : None for ground truth.
    loss : of distillation.
    start : what every cell starts from, its seed aside.
    identity : what else the result depends on, see `Snapshot`.
    """
    model, initial_weights = start.build(spec, num_classes, seed)
    compile_model(model, "generalized" if teacher is None else loss)
    folder = resume_folder(output)
    searched = Snapshot(folder / "cells.npz", identity)
    rows, best_history, best_weights = [], [], []
    if kept := searched.load():
        (rows, best_history), best_weights = kept[0], kept[1]["best"]
    for number, (position, cell) in list(enumerate(cells))[len(rows) :]:
        current = Snapshot(folder / f"cell{position}.npz", identity)
        fresh, _ = start.build(spec, num_classes, cell.seed(seed))
        model.set_weights(fresh.get_weights())
        fitted = fit(
            model,
            spec,
            training=training,
            targets_of=_targets(spec, cell, teacher, loss, num_classes),
            validation=validation,
            learning_rate=cell.learning_rate,
            epochs=epochs,
            batch_size=batch_size,
            snapshot=current,
            title=f"{title}, cell {number + 1} of {len(cells)} ({cell})",
        )
        row = {
            "cell": position,
            **cell._asdict(),
            "validation_loss": fitted.best["validation_loss"],
            "validation_accuracy": fitted.best["validation_accuracy"],
            "best_epoch": fitted.best_epoch,
            "epochs": epochs,
        }
        if rank(row) < min(map(rank, rows), default=(np.inf,)):
            best_history, best_weights = fitted.history, model.get_weights()
        rows.append(row)
        searched.save([rows, best_history], {"best": best_weights})
        current.remove()
    model.set_weights(best_weights)
    save_model(model, output / MODEL_FILE)
    write_history(output / "history.csv", best_history)
    common = {"initial_weights": initial_weights, "teacher_initial_weights": None}
    if teacher is not None:
        common |= {"teacher_initial_weights": teacher.initial_weights, "loss": loss}
    write_json(output / SEARCH_FILE, common)
    write_cells(output / "cells.csv", rows)
    remove_resume_folder(output)


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
    material: Material,
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
    InputError : the slices do not make a grid, or one of them is damaged.
    """
    merged = merge_slices([folder / "cells.csv" for folder in slices])
    best = winner(merged)
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
    common = _common([slice_ / SEARCH_FILE for slice_ in slices])
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
        **{name: common.pop(name) for name in _STARTS},
        chosen=cell_of(best)._asdict() | common,
    )


def _common(paths: Sequence[Path]) -> dict[str, Any]:
    """Read what all cells of all slices have in common."""
    found = [read_json(path) for path in paths]
    for path, common in zip(paths, found, strict=True):
        if not isinstance(common, dict) or not common.keys() >= {*_STARTS} or common != found[0]:
            raise InputError(f"{path}: not of the search that {paths[0]} is of; search it again")
    return found[0]
