"""Selecting a student: the best cell of all slices of a grid."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from avdistill.errors import InputError
from avdistill.examples.scope_data import ScopeData
from avdistill.files.atomic import read_json
from avdistill.results.grid import cell_of, merge_slices, winner, write_cells
from avdistill.results.history import best_epoch, read_history
from avdistill.results.model_folder import MODEL_FILE, load_model
from avdistill.runs.run import Run
from avdistill.runs.run_file import RUN_FILE, JobDescription, read_run_file
from avdistill.runs.settings import SearchSettings, read_section
from avdistill.training.cells import number_of_cells
from avdistill.training.results import write_results
from avdistill.training.search import SEARCH_FILE


def select_student(data: ScopeData, run: Run, description: JobDescription, output: Path) -> None:
    """Merge the slices into `grid.csv`, take the winner, predict once on test, write its folder.

    Parameters
    ----------
    data : its inputs also name the slices.
    run : of the student.
    description : of this job.

    Raises
    ------
    InputError : the slices are not all those of one search, or are of another student's; one of
        them is damaged; or every cell diverged.
    """
    cells = data.inputs.slices
    slices = [file.parent for file in cells]
    settings = _search_of(slices, run, data)
    merged = merge_slices(cells, number_of_cells(settings))
    best = winner(merged)
    if math.isinf(best["validation_loss"]):
        raise InputError(
            f"{slices[0].parent}: training diverged in every cell; search smaller learning rates"
        )
    folder = slices[int(best["slice"])]
    model = load_model(folder / MODEL_FILE)
    if model.name != run.network or model.output_shape[-1] != data.num_classes:
        raise InputError(
            f"{folder / MODEL_FILE}: is a {model.name} with {model.output_shape[-1]} classes, not "
            f"a {run.network} with {data.num_classes}; delete the slice and search it again"
        )
    history = read_history(folder / "history.csv").to_dict("records")
    if (len(history), best_epoch(history)) != (int(best["epochs"]), int(best["best_epoch"])):
        raise InputError(
            f"{folder}: history.csv and cells.csv do not belong together; search the slice again"
        )
    facts = _initial_weights([folder / SEARCH_FILE for folder in slices]) | cell_of(best)._asdict()
    if run.is_distilled:
        facts["loss"] = settings.loss
    write_cells(output / "grid.csv", merged.drop(columns="slice").to_dict("records"))
    write_results(output, model, data, history, facts=facts, description=description)


def _search_of(slices: Sequence[Path], run: Run, data: ScopeData) -> SearchSettings:
    """Return the settings of the search that all slices are of, which must be the run's."""
    files = [folder / RUN_FILE for folder in slices]
    first, *others = (_without_slice(read_run_file(file)) for file in files)
    for file, other in zip(files[1:], others, strict=True):
        if other != first:
            raise InputError(f"{file}: not of the search of {files[0]}; search it again")
    settings = read_section(SearchSettings, first["settings"], f"{files[0]}: wrong settings")
    if settings.run != run:
        raise InputError(
            f"{files[0]}: of the search for {settings.run.title}, not for {run.title}; give the "
            "slices of this student's search"
        )
    if first["digests"].get("split") != data.split_sha256:
        raise InputError(
            f"{files[0]}: of a search with another split than {data.inputs.split}; give the slices "
            "of a search with this split"
        )
    return settings


def _without_slice(job: JobDescription) -> dict[str, Any]:
    settings = {name: value for name, value in job.settings.items() if name != "slice"}
    return job.identity() | {"settings": settings}


def _initial_weights(files: Sequence[Path]) -> dict[str, str | None]:
    """Read the initial weights of the students and of their teacher, in words."""
    found = [read_json(file) for file in files]
    names = {"initial_weights", "teacher_initial_weights"}
    for file, facts in zip(files, found, strict=True):
        if not isinstance(facts, dict) or facts.keys() != names or facts != found[0]:
            raise InputError(
                f"{file}: does not say the initial weights that all slices have; search it again"
            )
    return found[0]
