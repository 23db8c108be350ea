import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.evaluation.claims.misses import always_missed, hardest, many_are_hard
from avdistill.evaluation.claims.verdict import MissingError, Verdict

KNOCKING, TYPING = map(ACTIONS.index, ("knocking", "typing"))
NAMED = {"knocking": KNOCKING, "typing": TYPING}
YES, NO, OPEN = Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Verdict.NOT_DECIDABLE


def missed(outcomes, share, per_class, only=ACTIONS):
    return outcomes({"knocking": {"typing": share}}, per_class, only)


@pytest.mark.parametrize(
    ("share", "per_class", "verdict"),
    [
        (1.0, 2, YES),
        (0.9, 2, OPEN),
        (0.5, 2, NO),
        (0.8, 5, OPEN),
        (0.8, 40, NO),  # the interval lies below 95 %
        (1.0, 1, OPEN),  # one of 14 sequences
        (0.0, 1, OPEN),
    ],
)
def test_always_is_more_than_often(outcomes, share, per_class, verdict):
    assert always_missed(missed(outcomes, share, per_class), KNOCKING, seed=0)[0] is verdict


def test_one_sequence_that_is_recognised_speaks_against_always(outcomes):
    found = missed(outcomes, 1.0, 2)
    shares = found.shares.copy()
    name = found.of(KNOCKING).index[0]
    shares.loc[name] = 0.0
    shares.loc[name, KNOCKING] = 1.0
    assert always_missed(found, KNOCKING, seed=0)[0] is YES
    assert always_missed(found._replace(shares=shares), KNOCKING, seed=0)[0] is NO


def test_too_few_sequences_decide_nothing_and_say_how_many_would(outcomes):
    for share in (0.0, 1.0):
        numbers = always_missed(missed(outcomes, share, 1), KNOCKING, seed=0)[1]
        assert numbers.endswith(
            "1 of 14 sequences: too few to tell from chance, at least 2 are needed"
        )
        one = {"knocking": KNOCKING}
        assert "at least 2 are needed" in hardest(missed(outcomes, share, 1), one, seed=0)[1]


def test_where_all_is_missed_no_class_is_said_to_be(outcomes):
    taken = {name: {"typing": 1.0} for name in ACTIONS if name != "typing"}
    found = outcomes(taken, 2)
    assert always_missed(found, KNOCKING, seed=0)[0] is OPEN
    assert hardest(found, {"knocking": KNOCKING}, seed=0)[0] is OPEN
    # Of all that are missed alike none is the hardest: ten points more is ruled out.
    even = outcomes(taken | {"typing": {"clicking": 1.0}}, 2)
    assert hardest(even, NAMED, seed=0)[0] is NO


def test_the_hardest_are_so_together_and_each_by_ten_points(outcomes):
    def judged(knocking, typing, per_class=2):
        taken = {"knocking": {"speaking": knocking}, "typing": {"speaking": typing}}
        return hardest(outcomes(taken, per_class), NAMED, seed=0)

    assert judged(0.5, 0.3)[0] is YES
    assert judged(0.5, 0.0, per_class=1)[0] is OPEN
    assert judged(0.5, 0.0)[0] is NO  # that typing is harder than all others is ruled out
    assert judged(0.0, 0.0, per_class=1)[0] is NO
    verdict, numbers = judged(0.5, 0.3, per_class=1)
    assert verdict is YES
    assert "p = 0.011" in numbers  # one choice of 91
    assert "knocking 50 %, typing 30 %" in numbers


def test_classes_that_were_not_tested_are_told(outcomes):
    found = missed(outcomes, 1.0, 3, ("knocking", "clicking", "speaking"))
    verdict, numbers = hardest(found, NAMED, seed=0)
    assert verdict is YES
    assert numbers.endswith("not tested: typing")
    with pytest.raises(MissingError, match="no test sequence of this class"):
        always_missed(found, TYPING, seed=0)
    with pytest.raises(MissingError, match="no test sequence of these"):
        hardest(found, {"typing": TYPING}, seed=0)
    alone = missed(outcomes, 1.0, 3, ("knocking",))
    with pytest.raises(MissingError, match="no other"):
        always_missed(alone, KNOCKING, seed=0)
    with pytest.raises(MissingError, match="of no other"):
        hardest(alone, NAMED, seed=0)


def test_many_are_hard_if_a_third_is_and_ten_sequences_are_needed(outcomes):
    def judged(hard, classes=14):
        taken = {name: {"stick dropping": 0.5} for name in ACTIONS[:hard]}
        return many_are_hard(outcomes(taken, 1, ACTIONS[:classes]))

    assert [judged(hard)[0] for hard in (0, 1, 5, 6)] == [NO, OPEN, OPEN, YES]
    assert judged(0, 10)[0] is NO
    assert judged(9, 9) == (
        OPEN,
        "misses half or more of 100 % (66 to 100 %; 9 sequences), each class counting the same; "
        "too few, at least 10 are needed, of as many classes",
    )
