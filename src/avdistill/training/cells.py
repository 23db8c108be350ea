"""Which cells of the grid one job searches."""

from pathlib import Path

from avdistill.errors import InputError
from avdistill.networks.registry import network_spec
from avdistill.results.grid import Cell, cell_of, grid_cells, read_cells, slice_of, winner
from avdistill.runs.inputs import JobInputs
from avdistill.runs.settings import SearchSettings


def number_of_cells(settings: SearchSettings) -> int:
    """Count the cells of the whole grid."""
    return 1 if settings.takes_cell_of_another_scope else len(_own_cells(settings))


def cells_to_search(settings: SearchSettings, grid: Path | None) -> list[tuple[int, Cell]]:
    """List the cells of a slice, each with its position in the whole grid.

    Parameters
    ----------
    grid : of another scope, whose best cell is the only one where the settings name none.

    Raises
    ------
    InputError : values of the grid are missing, unwanted or repeated, there is no such slice, or
        the other grid is missing, damaged or of another supervision.
    """
    if grid is None:
        cells = _own_cells(settings)
    else:
        cells = [cell_of(winner(read_cells(grid)))]
        if settings.run.is_distilled != (cells[0].temperature is not None):
            raise InputError(f"{grid}: is of another supervision")
    return slice_of(cells, settings.slice, settings.slices)


def _own_cells(settings: SearchSettings) -> list[Cell]:
    return grid_cells(
        settings.supervision,
        settings.learning_rates,
        settings.temperatures,
        settings.imitations,
    )


def check_inputs(settings: SearchSettings, inputs: JobInputs) -> None:
    """Check that a search is given the files that its settings ask for, and no others.

    Raises
    ------
    InputError : as `JobInputs.check`.
    """
    inputs.check_network(network_spec(settings.network))
    inputs.check(
        {"soft_labels": settings.run.is_distilled},
        f"{settings.network} learns from {settings.supervision}",
    )
    inputs.check(
        {"weights": settings.initial_weights_sha256 is not None},
        "initial_weights_sha256 and its file belong together",
    )
    inputs.check(
        {"grid": settings.takes_cell_of_another_scope},
        "either the settings or another grid name the cells",
    )
