"""What the supplement's figures 1 to 4 show: a seed chooses among a data set's, nobody by eye."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId

_TERRACE = 3  # the supplement's figures 2 and 3 are of the third scenario


def is_present(dataset: DatasetDescription, sequence: SequenceId) -> bool:
    """Whether the data set does not lack a sequence."""
    return sequence.name not in dataset.missing


def choose_actions(
    dataset: DatasetDescription,
    wanted: Sequence[str],
    locations: Collection[int],
    *,
    but_not: Collection[int] = (),
) -> list[int]:
    """Return the labels of the wanted actions, in their order, that there are sequences of.

    The first others take the place of those that are not there; where there are no more, they
    are fewer.

    Parameters
    ----------
    locations : where there must be a sequence.
    but_not : labels that must not stand in.
    """
    there = {one.label for one in dataset.sequences() if one.location in locations}
    names = {dataset.classes[label]: label for label in sorted(there)}
    labels = [names[name] for name in wanted if name in names]
    others = [label for label in names.values() if label not in (*labels, *but_not)]
    return labels + others[: len(wanted) - len(labels)]


def lacking_note(dataset: DatasetDescription, wanted: Sequence[str], shown: Collection[int]) -> str:
    """Say, on a line of its own, which wanted actions are not among the labels shown, if any."""
    lacking = [name for name in wanted if name not in [dataset.classes[label] for label in shown]]
    return f"\nthe data set has no {listed(lacking, 'or')}" if lacking else ""


def terrace(dataset: DatasetDescription) -> int:
    """Return the third scenario, AVIA's outdoor terrace, or the last if there are fewer."""
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

    Who has more of the sequences goes before who has fewer, and who has none is never drawn.

    Parameters
    ----------
    locations, labels : whose sequences will be shown.
    number : how many subjects; fewer if there are no more.
    but_not : drawn only if there is nobody else.
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
