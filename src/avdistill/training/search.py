"""Searching the grid: students trained for every cell of one slice of it."""

import math
import sys
from functools import partial

import keras
import numpy as np

from avdistill.examples.scope_data import ScopeData, labels_of
from avdistill.files.atomic import write_json
from avdistill.networks.registry import build
from avdistill.records.crops import Crop
from avdistill.results.grid import Cell, rank, write_cells
from avdistill.results.history import best_epoch, write_history
from avdistill.results.model_folder import MODEL_FILE, save_model
from avdistill.results.soft_labels import TeacherLogits, open_teacher
from avdistill.runs.run_file import write_run_file
from avdistill.runs.settings import SearchSettings
from avdistill.training.cells import cells_to_search
from avdistill.training.fitting import DivergedError, Examples, fit, prepare_training
from avdistill.training.job import Job
from avdistill.training.losses import hinton_targets, training_targets
from avdistill.training.snapshot import remove_resume_folder

SEARCH_FILE = "search.json"  # initial weights of all cells and of the teacher, in words

# A cell's columns about its best epoch, where it has none.
_DIVERGED = {"validation_loss": math.inf, "validation_accuracy": 0.0, "best_epoch": 0}


def search_slice(data: ScopeData, settings: SearchSettings, job: Job) -> None:
    """Train a student for each cell; write `cells.csv`, and the best one's model and history.

    A cell whose training diverges ranks last. Where all of a slice diverge, its model is untrained
    and its history empty. The network is built and compiled once: cells differ in weights, learning
    rate and targets. A killed search goes on with the cell, and in it with the epoch, that it was
    at.

    Parameters
    ----------
    data : its inputs also name the teacher's soft labels, another scope's grid and published
        weights, as far as they are needed.

    Raises
    ------
    InputError : as `cells_to_search`, `open_teacher` or `fit`, or weights cannot be read.
    """
    cells = cells_to_search(settings, data.inputs.grid)
    teacher = open_teacher(data.inputs.soft_labels, data.split, data.num_classes)
    model, initial_weights = _build_student(data, settings, settings.seed)
    loss = "generalized" if teacher is None else settings.loss
    trainee = prepare_training(model, data.spec, job.devices, loss)
    examples = Examples.of(data, job)
    searched = job.snapshot("cells")
    rows, best_history, best_weights = [], [], []
    if kept := searched.load():
        (rows, best_history), best_weights = kept[0], kept[1].get("best", [])
    job.logs.forget_cells(keep={row["cell"] for row in rows})
    for number, (position, cell) in list(enumerate(cells))[len(rows) :]:
        cell_job = job.for_cell(position, f"cell {number + 1} of {len(cells)} ({cell})")
        cell_seed = cell.seed(settings.seed)
        model.set_weights(_build_student(data, settings, cell_seed)[0].get_weights())
        row = {"cell": position, **cell._asdict(), **_DIVERGED, "epochs": job.fitting.epochs}
        targets_of = partial(_targets, data, settings, teacher, cell)
        try:
            history = fit(trainee, examples, targets_of, cell.learning_rate, cell_job)
        except DivergedError as error:
            print(f"{error}; this cell counts as failed", file=sys.stderr, flush=True)
        else:
            best = history[best_epoch(history) - 1]
            row |= {name: best[name] for name in ("validation_loss", "validation_accuracy")}
            row["best_epoch"] = best["epoch"]
            if rank(row) < min(map(rank, rows), default=(np.inf,)):
                best_history, best_weights = history, model.get_weights()
        rows.append(row)
        searched.save([rows, best_history], {"best": best_weights})
        cell_job.snapshot().remove()
    if best_history:
        model.set_weights(best_weights)
    else:
        model, _ = _build_student(data, settings, settings.seed)
    save_model(model, job.output / MODEL_FILE)
    write_history(job.output / "history.csv", best_history)
    write_run_file(job.output, job.description)
    facts = {
        "initial_weights": initial_weights,
        "teacher_initial_weights": teacher and teacher.initial_weights,
    }
    write_json(job.output / SEARCH_FILE, facts)
    write_cells(job.output / "cells.csv", rows)
    remove_resume_folder(job.output)


def _build_student(data: ScopeData, settings: SearchSettings, seed: int) -> tuple[keras.Model, str]:
    """Build a student; also return what its weights are, in words.

    Raises
    ------
    InputError : the file of weights is missing, damaged or of another network.
    """
    options = {}
    if settings.batch_norm_decay is not None:
        options["batch_norm_decay"] = settings.batch_norm_decay
    model = build(settings.network, data.num_classes, seed, **options)
    if (file := data.inputs.weights) is None:
        return model, "random"
    load = data.spec.module.load_published_weights
    return model, load(model, file, settings.initial_weights_sha256)


def _targets(
    data: ScopeData,
    settings: SearchSettings,
    teacher: TeacherLogits | None,
    cell: Cell,
    crops: list[Crop],
) -> np.ndarray:
    """Return the targets of crops in a cell."""
    labels = labels_of(crops)
    if teacher is None:
        return training_targets(labels, data.num_classes)
    soft = {
        "teacher_logits": teacher.of_crops(crops, data.spec.length_seconds),
        "temperature": cell.temperature,
        "imitation": cell.imitation,
    }
    if settings.loss == "hinton":
        return hinton_targets(labels, **soft)
    return training_targets(labels, data.num_classes, **soft)
