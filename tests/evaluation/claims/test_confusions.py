import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.evaluation.claims.confusions import (
    confused_pairs,
    diagonal,
    draws_many_classes,
    errors_go_to,
)
from avdistill.evaluation.claims.networks import more_accurate
from avdistill.evaluation.claims.results import mean_of
from avdistill.evaluation.claims.uncertainty import p_in_words
from avdistill.evaluation.claims.verdict import MissingError, Verdict
from avdistill.evaluation.sign_test import sign_test

HAMMERING, KNOCKING, TYPING, CLICKING = map(
    ACTIONS.index, ("hammering", "knocking", "typing", "clicking")
)
PAIRS = {"hammering": (HAMMERING, KNOCKING), "typing": (TYPING, CLICKING)}


def test_of_one_seed_the_comparison_is_mcnemars(outcomes):
    first = outcomes({"typing": {"clicking": 0.9}}, 3)
    second = outcomes({"knocking": {"hammering": 0.9}, "speaking": {"typing": 0.9}}, 3)
    only_first, only_second, p = sign_test(first.right - second.right)
    assert (only_first, only_second) == (6, 3)
    _, numbers = more_accurate(first, second, seed=0)
    assert numbers.endswith(f"; 6 against 3 sequences, {p_in_words(p)}")
    assert numbers.startswith("93 % against 86 % of 42 sequences; lead ")


def test_seeds_do_not_make_sequences(outcomes):
    first = outcomes({}, 1, ACTIONS[:5])
    second = outcomes({name: {"typing": 1.0} for name in ACTIONS}, 1, ACTIONS[:5])
    verdict, numbers = more_accurate(mean_of([first] * 10), mean_of([second] * 10), seed=0)
    assert "of 5 sequences; " in numbers
    assert numbers.endswith("; 5 against 0 sequences, p = 0.062")  # as with one seed
    assert verdict is Verdict.NOT_DECIDABLE


def test_pairs_are_weighed_by_class_and_judged_together(outcomes):
    both = outcomes({"hammering": {"knocking": 0.6}, "typing": {"clicking": 0.4}})
    verdict, numbers = confused_pairs(both, PAIRS)
    assert verdict is Verdict.SUPPORTED
    assert "other: 25 % (hammering 30 %, typing 20 %), other pairs 0 % on average" in numbers
    # One of them is not confused at all, and with enough sequences this can be said.
    taken = {"hammering": {"knocking": 0.9}}
    assert confused_pairs(outcomes(taken, 5), PAIRS)[0] is Verdict.NOT_DECIDABLE
    assert confused_pairs(outcomes(taken, 40), PAIRS)[0] is Verdict.NOT_SUPPORTED


def test_what_every_pair_shows_is_no_main_confusion(outcomes):
    uniform = {a: {b: 0.1 for b in ACTIONS[:9] if b != a} for a in ACTIONS[:9]}
    found = outcomes(uniform, 60, ACTIONS[:9])
    assert confused_pairs(found, PAIRS)[0] is Verdict.NOT_SUPPORTED


def test_pairs_with_fewer_than_ten_sequences_decide_nothing_and_say_so(outcomes):
    for taken in ({"hammering": {"knocking": 1.0}}, {"hammering": {"typing": 1.0}}):
        verdict, numbers = confused_pairs(outcomes(taken, 4), {"one": (HAMMERING, KNOCKING)})
        assert verdict is Verdict.NOT_DECIDABLE
        assert numbers.endswith("8 sequences: too few, at least 10 are needed")


def test_classes_without_errors_have_no_main_confusion_to_judge(outcomes):
    verdict, numbers = confused_pairs(outcomes({}, 3), PAIRS)
    assert verdict is Verdict.NOT_DECIDABLE
    assert numbers.endswith("no errors in these classes")


def test_one_class_sent_elsewhere_is_not_many(outcomes):
    found = outcomes({"hammering": {"typing": 1.0}, "knocking": {"typing": 1.0}})
    verdict, numbers = draws_many_classes(found, TYPING, seed=0)
    assert "draws 10 % or more of 2 of 13 classes" in numbers
    assert verdict is Verdict.NOT_SUPPORTED


def test_many_classes_but_few_of_their_errors_are_no_attraction(outcomes):
    taken = {
        a: {"typing": 0.1, "clicking": 0.8} for a in ACTIONS if a not in ("typing", "clicking")
    }
    found = outcomes(taken, 40)
    assert draws_many_classes(found, TYPING, seed=0)[0] is Verdict.NOT_SUPPORTED
    assert draws_many_classes(found, CLICKING, seed=0)[0] is Verdict.SUPPORTED


def test_errors_weigh_by_how_many_they_are(outcomes):
    # Nine crops in ten of two classes go to knocking, one in ten of four others to typing.
    taken = {a: {"knocking": 0.9} for a in ACTIONS[:2]} | {a: {"typing": 0.1} for a in ACTIONS[2:6]}
    verdict, numbers = errors_go_to(outcomes(taken), KNOCKING)
    assert numbers.startswith("82 % (")
    assert verdict is Verdict.SUPPORTED


def test_pairs_that_were_not_tested_are_missing(outcomes):
    found = outcomes({"clicking": {"typing": 0.5}}, 5, ("clicking", "typing", "speaking"))
    verdict, numbers = confused_pairs(found, PAIRS)
    assert verdict is Verdict.SUPPORTED
    assert "not tested: hammering" in numbers
    with pytest.raises(MissingError, match="of no pair"):
        confused_pairs(outcomes({}, 3, ACTIONS[:3]), PAIRS)
    with pytest.raises(MissingError, match="no other pair"):
        confused_pairs(outcomes({}, 3, ("clicking", "typing")), PAIRS)


def test_the_diagonal_counts_each_class_the_same(outcomes):
    few, many = outcomes({"typing": {"clicking": 1.0}}, 2), outcomes({}, 20, ("clicking",))
    assert diagonal(few).estimate == pytest.approx(13 / 14)
    assert diagonal(many).sequences == 20
