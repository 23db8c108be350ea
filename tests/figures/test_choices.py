import pytest

from avdistill.avia.vocabulary import SequenceId
from avdistill.figures.choices import (
    choose_actions,
    choose_subjects,
    lacking_note,
    listed,
    terrace,
)

THREE = ("anechoic chamber", "open-space office", "outdoor terrace")


def without(locations, subjects, actions) -> tuple[str, ...]:
    return tuple(
        SequenceId(location, subject, action).name
        for location in locations
        for subject in subjects
        for action in actions
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (("whistling", "clapping"), [2, 0]),  # in the order wanted, not the data set's
        (("typing", "whistling"), [2, 0]),  # clapping stands in
        (("typing", "whistling", "hammering", "speaking"), [2, 0, 1]),  # no more to stand in
    ],
)
def test_lacking_actions_are_replaced_by_the_first_others(describe, wanted, expected):
    assert choose_actions(describe(), wanted, [1]) == expected


def test_reserved_actions_do_not_stand_in(describe):
    assert choose_actions(describe(), ("typing", "whistling"), [1], but_not=[0]) == [2, 1]


def test_an_action_without_a_sequence_there_is_lacking(describe):
    dataset = describe(missing=without([1], [1, 2, 3], [3]))
    assert choose_actions(dataset, ("whistling",), [1]) == [0]
    assert choose_actions(dataset, ("whistling",), [1, 2]) == [2]


def test_note_names_what_is_lacking_and_is_empty_otherwise(describe):
    wanted = ("typing", "whistling", "speaking")
    note = "\nthe data set has no typing or speaking"
    assert lacking_note(describe(), wanted, [2, 0]) == note
    assert lacking_note(describe(), ("whistling",), [2]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_terrace_is_the_third_scenario_or_the_last(describe):
    assert terrace(describe()) == 2
    assert terrace(describe(scenarios=(*THREE, "cellar"))) == 3
    gone = without([3], [1, 2, 3], [1, 2, 3])
    assert terrace(describe(scenarios=THREE, missing=gone)) == 2


def drawn(dataset, **options) -> set[tuple[int, ...]]:
    arguments = {"locations": [1, 2], "labels": [0], "number": 1} | options
    return {tuple(choose_subjects(dataset, seed=[seed], **arguments)) for seed in range(30)}


def test_subjects_are_drawn_by_the_seed_and_ordered(describe):
    assert drawn(describe()) == {(1,), (2,), (3,)}
    assert drawn(describe(), number=2) == {(1, 2), (1, 3), (2, 3)}
    assert drawn(describe(), number=9) == {(1, 2, 3)}


def test_who_has_every_sequence_goes_first_and_who_has_none_is_never_drawn(describe):
    dataset = describe(missing=without([1], [2], [1]) + without([1, 2], [3], [1]))
    assert drawn(dataset) == {(1,)}
    assert drawn(dataset, number=3) == {(1, 2)}
    assert drawn(dataset, labels=[1]) == {(1,), (2,), (3,)}


def test_the_same_subject_is_drawn_again_only_if_there_is_no_other(describe):
    assert drawn(describe(), but_not=[2]) == {(1,), (3,)}
    assert drawn(describe(subjects=1), but_not=[1]) == {(1,)}
