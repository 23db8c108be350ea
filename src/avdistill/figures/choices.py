"""The actions and subjects of the supplement's figures 1 to 4, chosen by rules and a seed."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId

_TERRACE = 3  # the supplement's figures 2 and 3 show the third scenario


def is_present(dataset: DatasetDescription, sequence: SequenceId) -> bool:
    """Return whether the data set has a sequence."""
    return sequence.name not in dataset.missing


def choose_actions(
    dataset: DatasetDescription,
    wanted: Sequence[str],
    locations: Collection[int],
    *,
    but_not: Collection[int] = (),
) -> list[int]:
    """Return the labels of the wanted actions that have sequences, in their order.

    Other actions, the first ones, replace those that have none. If there are too few, fewer labels
    are returned.

    Parameters
    ----------
    locations : the scenarios that must have a sequence.
    but_not : labels that must not be replacements.
    """
    there = {one.label for one in dataset.sequences() if one.location in locations}
    names = {dataset.classes[label]: label for label in sorted(there)}
    labels = [names[name] for name in wanted if name in names]
    others = [label for label in names.values() if label not in (*labels, *but_not)]
    return labels + others[: len(wanted) - len(labels)]


def lacking_note(dataset: DatasetDescription, wanted: Sequence[str], shown: Collection[int]) -> str:
    """Return a line that lists the wanted actions that are not shown; empty if all are."""
    lacking = [name for name in wanted if name not in [dataset.classes[label] for label in shown]]
    return f"\nthe data set has no {listed(lacking, 'or')}" if lacking else ""


def terrace(dataset: DatasetDescription) -> int:
    """Return the number of the third scenario, AVIA's outdoor terrace, or of the last one."""
    locations = {sequence.location for sequence in dataset.sequences()}
    return _TERRACE if _TERRACE in locations else max(locations)


def choose_subjects(
    dataset: DatasetDescription,
    locations: Collection[int],
    labels: Collection[int],
    *,
    number: int,
    generator: np.random.Generator,
    but_not: Collection[int] = (),
) -> list[int]:
    """Draw subjects, in the order of their numbers.

    Subjects with more of the sequences are drawn first. Subjects without any are never drawn.

    Parameters
    ----------
    locations, labels : scenarios and actions of the sequences that will be shown.
    number : how many subjects to draw; fewer are returned if there are not enough.
    but_not : subjects that are drawn only if there is no other.
    """
    wanted = [
        sequence
        for sequence in dataset.sequences()
        if sequence.location in locations and sequence.label in labels
    ]
    present = Counter(sequence.subject for sequence in wanted)
    order = generator.permutation(sorted(present)).tolist()
    ranked = sorted(order, key=lambda subject: (subject in but_not, -present[subject]))
    return sorted(ranked[:number])


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """Join names as in a sentence: `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} {conjunction} {last}" if first else last
