"""The students' grid: its cells, its slices, and the choice of the best cell."""

import itertools
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from avdistill.errors import InputError
from avdistill.files.csv_tables import (
    CsvTable,
    finite,
    finite_or_nan,
    read_frame,
    write_frame,
)
from avdistill.networks.registry import GROUND_TRUTH

COLUMNS = {
    "cell": int,  # position in the order of the configuration, from 0
    "learning_rate": finite,
    "temperature": finite_or_nan,  # NaN without soft labels, also in the next column
    "imitation": finite_or_nan,
    "validation_loss": float,  # infinite if training diverged; then the next two are 0
    "validation_accuracy": finite,
    "best_epoch": int,
    "epochs": int,
}

_TABLE = CsvTable("grid", COLUMNS, "run search-grid")


class Cell(NamedTuple):
    """One combination of hyperparameters.

    Attributes
    ----------
    learning_rate : learning rate of Adam.
    temperature, imitation : T and λ of the distillation loss; None for ground truth.
    """

    learning_rate: float
    temperature: float | None = None
    imitation: float | None = None

    def __str__(self) -> str:
        """Return the cell as progress and errors show it."""
        if self.temperature is None:
            return f"learning rate {self.learning_rate:g}"
        return f"learning rate {self.learning_rate:g}, T {self.temperature:g}, λ {self.imitation:g}"

    def seed(self, seed: int) -> int:
        """Return the cell's seed, from the run's seed and the cell's values, not its position."""
        values = repr(tuple(None if value is None else float(value) for value in self))
        return int(np.random.default_rng([seed, zlib.crc32(values.encode())]).integers(2**31))


def grid_cells(
    supervision: str,
    learning_rates: Sequence[float],
    temperatures: Sequence[float],
    imitations: Sequence[float],
) -> list[Cell]:
    """Return the cells in the configuration's order: λ varies fastest, then T.

    Raises
    ------
    InputError : values are missing, superfluous, repeated or out of range.
    """
    truth = supervision == GROUND_TRUTH
    values = {
        "learning rates": learning_rates,
        "temperatures": temperatures,
        "imitations": imitations,
    }
    cases = [
        *((not rate > 0, f"learning rate {rate:g} is not above 0") for rate in learning_rates),
        *((not t > 0, f"temperature {t:g} is not above 0") for t in temperatures),
        *((not 0 <= i <= 1, f"imitation {i:g} is not in 0 to 1") for i in imitations),
        (not learning_rates, "there is no learning rate"),
        *((len(set(v)) < len(v), f"{name} repeat a value") for name, v in values.items()),
        (truth and (temperatures or imitations), "ground truth has no temperatures and imitations"),
        (
            not truth and not (temperatures and imitations),
            f"soft labels of {supervision} need temperatures and imitations",
        ),
    ]
    if problems := [problem for is_so, problem in cases if is_so]:
        raise InputError(f"the grid: {'; '.join(problems)}")
    if truth:
        return [Cell(rate) for rate in learning_rates]
    return list(itertools.starmap(Cell, itertools.product(*values.values())))


def slice_of(cells: Sequence[Cell], number: int, slices: int) -> list[tuple[int, Cell]]:
    """Return every `slices`-th cell from cell `number` on, with its position.

    Raises
    ------
    InputError : there is no such slice, or it would be empty.
    """
    if not 0 <= number < slices <= len(cells):
        raise InputError(
            f"slice {number} of {slices}: {len(cells)} cells have slices 0 to {len(cells) - 1} at "
            "most; give a smaller number of slices, and a slice below it"
        )
    return list(enumerate(cells))[number::slices]


def rank(row: pd.Series | dict) -> tuple[float, float, int]:
    """Return a key for the best cell: higher accuracy, then lower loss, then earlier position."""
    return (-row["validation_accuracy"], row["validation_loss"], row["cell"])


def winner(cells: pd.DataFrame) -> pd.Series:
    """Return the row of the best cell; see `rank`."""
    return min((row for _, row in cells.iterrows()), key=rank)


def write_cells(path: Path, rows: list[dict]) -> None:
    """Write searched cells as CSV, atomically."""
    write_frame(path, pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("cell"))


def read_cells(path: Path) -> pd.DataFrame:
    """Return the cells of cells.csv or grid.csv; raise `InputError` if missing or damaged."""
    cells = read_frame(path, _TABLE)
    if cells.empty or cells["validation_loss"].isna().any():
        raise _TABLE.error(path, "no cell, or one without a validation loss")
    return cells


def cell_of(row: pd.Series) -> Cell:
    """Return the hyperparameters of a row of `read_cells`."""
    temperature, imitation = (
        None if pd.isna(row[name]) else float(row[name]) for name in ("temperature", "imitation")
    )
    return Cell(float(row["learning_rate"]), temperature, imitation)


def merge_slices(paths: Sequence[Path], number: int) -> pd.DataFrame:
    """Return the cells of all slices, in the configuration's order.

    Parameters
    ----------
    number : number of cells of the whole grid.

    Returns
    -------
    A table with `COLUMNS` and `slice`, the position in `paths` of the slice with the cell.

    Raises
    ------
    InputError : a cell is missing or comes twice.
    """
    tables = [read_cells(path).assign(slice=place) for place, path in enumerate(paths)]
    merged = pd.concat(tables, ignore_index=True).sort_values("cell", ignore_index=True)
    if merged["cell"].tolist() != list(range(number)):
        raise InputError(
            f"{', '.join(map(str, paths))}: these slices do not make a whole grid of {number}, "
            f"their cells are {', '.join(map(str, merged['cell']))}; give all slices of one search"
        )
    return merged
