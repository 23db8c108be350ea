"""Splits of sequences into training, validation and test (supplement, section 2).

A sequence is never divided, and never in two splits.
"""

import collections
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError
from avdistill.files.csv_tables import CsvTable, read_frame

if TYPE_CHECKING:
    import pandas as pd

SPLITS = ("training", "validation", "test")


def _split(text: str) -> str:
    if text not in SPLITS:
        raise ValueError(f"{text!r} is none of {', '.join(SPLITS)}")
    return text


_TABLE = CsvTable(
    "split",
    {"sequence": str, "action": int, "scenario": int, "subject": int, "split": _split},
    "run split-sequences",
)


def split_sequences(
    dataset: DatasetDescription, scope: str, strategy: str, seed: int
) -> "pd.DataFrame":
    """Divide the sequences of a scope.

    Parameters
    ----------
    strategy : `paper`, all sequences permuted together, 80/10/10 (378 give 302/39/37);
        `stratified`, within each action and scenario, so that the split of `all` restricted to a
        scenario is that scenario's own; `subject`, no subject in two splits, the same subjects
        in every scope.
    seed : of the permutations; 42 is the released code's.

    Returns
    -------
    Columns sequence, action, scenario, subject (numbers from 1) and split, by sequence.

    Raises
    ------
    InputError : unknown scope or strategy, or too few to divide in three.
    """
    import pandas as pd  # noqa: PLC0415

    sequences = dataset.sequences(scope)
    if strategy not in STRATEGIES:
        raise InputError(f"unknown split strategy {strategy!r}; one of {', '.join(STRATEGIES)}")
    split_of = STRATEGIES[strategy](dataset, sequences, seed)
    rows = [
        (sequence.name, sequence.action, sequence.location, sequence.subject, split_of[sequence])
        for sequence in sequences
    ]
    frame = pd.DataFrame(rows, columns=list(_TABLE.columns))
    if absent := [split for split in SPLITS if not (frame["split"] == split).any()]:
        raise InputError(
            f"strategy {strategy} leaves {' and '.join(absent)} of scope {scope} without a "
            f"sequence, having {len(sequences)} to divide; use more subjects or `stratified`"
        )
    return frame


def _split_as_paper(
    dataset: DatasetDescription, sequences: list[SequenceId], seed: int
) -> dict[SequenceId, str]:
    """Permute as the released code does; floor(0.8 n) train, floor(0.1 n) test, the rest validate.

    The supplement's 302, 39 and 37: the released code has 37 for validation and 39 for test.
    """
    # Lexical order, and NumPy's legacy generator, whose permutations are frozen for good.
    order = np.random.RandomState(seed).permutation(len(sequences))
    num_training, num_test = len(sequences) * 8 // 10, len(sequences) // 10
    num_validation = len(sequences) - num_training - num_test
    return _assign([sequences[i] for i in order], num_training, num_validation)


def _split_stratified(
    dataset: DatasetDescription, sequences: list[SequenceId], seed: int
) -> dict[SequenceId, str]:
    groups, split_of = collections.defaultdict(list), {}
    for sequence in sequences:
        groups[sequence.location, sequence.action].append(sequence)
    for (location, action), group in groups.items():
        order = np.random.default_rng([seed, location, action]).permutation(len(group))
        what = f"subjects for action {action} in scenario {location}"
        held_out = _num_held_out(len(group), what)
        split_of |= _assign([group[i] for i in order], len(group) - 2 * held_out, held_out)
    return split_of


def _split_by_subject(
    dataset: DatasetDescription, sequences: list[SequenceId], seed: int
) -> dict[SequenceId, str]:
    held_out = _num_held_out(dataset.subjects, "subjects")
    order = np.random.default_rng([seed]).permutation(dataset.subjects) + 1
    split_of = _assign(order.tolist(), dataset.subjects - 2 * held_out, held_out)
    return {sequence: split_of[sequence.subject] for sequence in sequences}


STRATEGIES = {
    "paper": _split_as_paper,
    "stratified": _split_stratified,
    "subject": _split_by_subject,
}


def _num_held_out(number: int, what: str) -> int:
    """Return how many of `number` go to validation, and as many to test: a tenth, at least one."""
    if number < len(SPLITS):
        raise InputError(
            f"{number} {what}: too few to divide into {', '.join(SPLITS)}; "
            "use at least 3 subjects, or the strategy `paper`"
        )
    return max(1, round(number / 10))


def _assign(ordered: list, num_training: int, num_validation: int) -> dict:
    """Assign the first to training, the next to validation and the last to test."""
    numbers = num_training, num_validation, len(ordered) - num_training - num_validation
    return dict(zip(ordered, np.repeat(SPLITS, numbers).tolist(), strict=True))


def read_split(path: Path) -> "pd.DataFrame":
    """Read a split back, from a CSV file.

    Raises
    ------
    InputError : no such file, other columns, an unknown split, or a sequence twice.
    """
    split = read_frame(path, _TABLE)
    if split["sequence"].duplicated().any():
        raise _TABLE.error(path, "a sequence is listed twice")
    return split


def sequences_of(split: "pd.DataFrame", name: str) -> list[str]:
    """Return the names of the sequences of `training`, `validation` or `test`, in lexical order."""
    return sorted(split.loc[split["split"] == name, "sequence"])
