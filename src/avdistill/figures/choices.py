"""The actions and subjects of the supplement's figures 1 to 4, chosen by rules and a seed.

Each figure's function takes the names of the actions to show. Where the data set lacks one,
another action replaces it. Chosen sequences of figures 1, 2 and 4 may be missing from the data set.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId

_TERRACE = 3  # the supplement's figures 2 and 3 show the third scenario
_SUBJECTS = 3  # of one action


def choose_scenes(
    dataset: DatasetDescription, actions: Sequence[str], seed: int
) -> list[list[SequenceId]]:
    """Choose a sequence for each scenario (rows) and action (columns).

    Each action is shown with one subject in all scenarios, drawn by the seed.
    """
    locations = range(1, len(dataset.scenarios) + 1)
    subjects = {
        label: choose_subjects(dataset, locations, [label], number=1, seed=[seed, label])[0]
        for label in choose_actions(dataset, actions, locations)
    }
    return [
        [SequenceId(location, subject, label + 1) for label, subject in subjects.items()]
        for location in locations
    ]


def choose_similar_actions(
    dataset: DatasetDescription, actions: Sequence[str], seed: int
) -> list[list[SequenceId]]:
    """Choose sequences of the third scenario, or of the last: a row for each of two subjects.

    One subject shows the first three actions, the other one the last three, as far as the data set
    has them. No action is shown twice. The seed draws the subjects, two different ones if possible.
    """
    location, first, second = terrace(dataset), actions[:3], actions[3:]
    reserved = [dataset.classes.index(name) for name in second if name in dataset.classes]
    shown = choose_actions(dataset, first, [location], but_not=reserved)
    groups = [shown, choose_actions(dataset, second, [location], but_not=shown)]
    rows: list[list[SequenceId]] = []
    for number, labels in enumerate(filter(None, groups)):
        (subject,) = choose_subjects(
            dataset,
            [location],
            labels,
            number=1,
            seed=[seed, number],
            but_not=[row[0].subject for row in rows],
        )
        rows.append([SequenceId(location, subject, label + 1) for label in labels])
    return rows


def choose_one_action(
    dataset: DatasetDescription, actions: Sequence[str], seed: int
) -> list[list[SequenceId]]:
    """Choose sequences of the action by three subjects in the third scenario, or in the last.

    They are one row. The seed draws the subjects.
    """
    location = terrace(dataset)
    (label,) = choose_actions(dataset, actions, [location])
    subjects = choose_subjects(dataset, [location], [label], number=_SUBJECTS, seed=[seed])
    return [[SequenceId(location, subject, label + 1) for subject in subjects]]


def choose_actions_by_scenario(
    dataset: DatasetDescription, actions: Sequence[str], seed: int
) -> list[list[SequenceId]]:
    """Choose the sequences of one subject, for each scenario (rows) and action (columns).

    The seed draws the subject.
    """
    locations = range(1, len(dataset.scenarios) + 1)
    labels = choose_actions(dataset, actions, locations)
    (subject,) = choose_subjects(dataset, locations, labels, number=1, seed=[seed])
    return [
        [SequenceId(location, subject, label + 1) for label in labels] for location in locations
    ]


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
    seed: Sequence[int],
    but_not: Collection[int] = (),
) -> list[int]:
    """Draw subjects, in the order of their numbers.

    Subjects with more of the sequences are drawn first. Subjects without any are never drawn.

    Parameters
    ----------
    locations, labels : scenarios and actions of the sequences that will be shown.
    number : how many subjects to draw; fewer are returned if there are not enough.
    seed : seed of the draw.
    but_not : subjects that are drawn only if there is no other.
    """
    import numpy as np  # noqa: PLC0415, the workflow needs no more than the list of figures

    wanted = [
        sequence
        for sequence in dataset.sequences()
        if sequence.location in locations and sequence.label in labels
    ]
    present = Counter(sequence.subject for sequence in wanted)
    order = np.random.default_rng(seed).permutation(sorted(present)).tolist()
    ranked = sorted(order, key=lambda subject: (subject in but_not, -present[subject]))
    return sorted(ranked[:number])


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """Join names as in a sentence: `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} {conjunction} {last}" if first else last
