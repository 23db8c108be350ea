import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.evaluation.claims.comparison import compare
from avdistill.evaluation.claims.confusions import (
    among_hardest,
    confused_pair,
    diagonal,
    draws_many_classes,
    errors_go_to,
)
from avdistill.evaluation.claims.results import mean_of
from avdistill.evaluation.claims.verdict import MissingError, Verdict
from avdistill.evaluation.mcnemar import exact_mcnemar

HAMMERING, KNOCKING, TYPING, CLICKING = map(
    ACTIONS.index, ("hammering", "knocking", "typing", "clicking")
)


def test_of_one_seed_the_comparison_is_mcnemars(outcomes):
    first = outcomes({"typing": {"clicking": 0.9}}, 3)
    second = outcomes({"knocking": {"hammering": 0.9}, "speaking": {"typing": 0.9}}, 3)
    found, expected = compare(first, second, seed=0), exact_mcnemar(first.right, second.right)
    assert (found.only_first, found.only_second, found.p) == expected
    assert found.lead == pytest.approx(first.right.mean() - second.right.mean())


def test_seeds_do_not_make_sequences(outcomes):
    first = outcomes({}, 1, ACTIONS[:5])
    second = outcomes({name: {"typing": 1.0} for name in ACTIONS}, 1, ACTIONS[:5])
    found = compare(mean_of([first] * 10), mean_of([second] * 10), seed=0)
    assert (found.only_first, found.sequences) == (5, 5)
    assert found.verdict() is Verdict.NOT_DECIDABLE  # p = 0.06 with ten seeds as with one


def test_pairs_are_weighed_by_class_and_placed(outcomes):
    both = outcomes({"hammering": {"knocking": 0.6}, "typing": {"clicking": 0.4}})
    verdict, numbers = confused_pair(both, KNOCKING, HAMMERING, named=3)
    assert verdict is Verdict.SUPPORTED
    assert numbers.startswith("taken for each other: 30 % (")
    assert "place 1 of 91 pairs; other pairs 0 % on average; needed: 10 %" in numbers
    assert "place 2 of 91" in confused_pair(both, CLICKING, TYPING, named=3)[1]


def test_what_every_pair_shows_is_no_main_confusion(outcomes):
    uniform = {a: {b: 0.1 for b in ACTIONS[:9] if b != a} for a in ACTIONS[:9]}
    found = outcomes(uniform, 60, ACTIONS[:9])
    assert confused_pair(found, HAMMERING, KNOCKING, named=3)[0] is Verdict.NOT_SUPPORTED


def test_pairs_behind_as_many_places_as_there_are_are_no_main_confusion(outcomes):
    taken = {
        name: {ACTIONS[label ^ 1]: 0.5 if label < 6 else 0.2}
        for label, name in enumerate(ACTIONS[:8])
    }
    found = outcomes(taken, 30, ACTIONS[:8])
    # Three pairs are confused more often; the tenth of 28 pairs is three places.
    assert confused_pair(found, 6, 7, named=2)[0] is Verdict.NOT_SUPPORTED
    assert confused_pair(found, 6, 7, named=4)[0] is Verdict.SUPPORTED


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


def test_a_class_is_not_hardest_where_all_are_as_hard(outcomes):
    taken = {name: {"typing": 0.7} for name in ACTIONS if name != "typing"}
    found = outcomes(taken | {"typing": {"clicking": 0.7}}, 160)
    assert among_hardest(found, KNOCKING, named=2)[0] is Verdict.NOT_SUPPORTED


def test_a_single_sequence_decides_nothing_of_a_class(outcomes):
    found = outcomes({"knocking": {"typing": 1.0}}, 1)
    assert among_hardest(found, KNOCKING, named=2)[0] is Verdict.NOT_DECIDABLE
    assert confused_pair(found, KNOCKING, TYPING, named=3)[0] is Verdict.NOT_DECIDABLE


def test_a_class_that_was_not_tested_is_missing(outcomes):
    found = outcomes({}, 3, ACTIONS[:3])
    with pytest.raises(MissingError, match="no test sequence of this class"):
        confused_pair(found, 0, KNOCKING, named=3)
    with pytest.raises(MissingError, match="no other pair"):
        confused_pair(outcomes({}, 3, ACTIONS[:2]), 0, 1, named=3)


def test_the_diagonal_counts_each_class_the_same(outcomes):
    few, many = outcomes({"typing": {"clicking": 1.0}}, 2), outcomes({}, 20, ("clicking",))
    assert diagonal(few).estimate == pytest.approx(13 / 14)
    assert diagonal(few, without=TYPING).estimate == 1
    assert diagonal(many).sequences == 20
