"""Every verdict of the claims about recordings turned each way by hand-made measures."""

from collections.abc import Callable

import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.evaluation.claims.judge import CLAIMS
from avdistill.evaluation.claims.recordings import LOW, MOSTLY, PERIODIC, REPEATED, SHORT_S
from avdistill.evaluation.claims.verdict import Verdict

YES, NO, OPEN = Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Verdict.NOT_DECIDABLE
WHOLE = "whole"

# What turns a claim, or a part of it, which way: functions of the fixture `measures`.
EVIDENCE: dict[tuple[int, str], dict[Verdict, Callable]] = {}


def evidence(number: int, part: str, yes: Callable, no: Callable, undecided: Callable) -> None:
    assert (number, part) not in EVIDENCE
    EVIDENCE[number, part] = {YES: yes, NO: no, OPEN: undecided}


# 10. Noise of the scenarios.
NOISE = {
    "scenario 1 cleaner than 2": ("lit_share", 2, 1),
    "scenario 1 cleaner than 3": ("lit_share", 3, 1),
    "more echo in scenario 2 than 1": ("tail_db", 2, 1),
    "more echo in scenario 2 than 3": ("tail_db", 2, 3),
    "more ambient noise in scenario 3 than 1": ("noise_floor_db", 3, 1),
    "more ambient noise in scenario 3 than 2": ("noise_floor_db", 3, 2),
}
for part, (measure, more, less) in NOISE.items():
    evidence(
        10,
        part,
        lambda measures, m=measure, more=more: measures({more: {m: 0.9}}),
        lambda measures, m=measure, less=less: measures({less: {m: 0.9}}),
        lambda measures: measures(),  # no pair differs
    )
AS_SAID = {2: {"lit_share": 0.5, "tail_db": 0.9}, 3: {"lit_share": 0.5, "noise_floor_db": 0.9}}
evidence(
    10,
    WHOLE,
    lambda measures: measures(AS_SAID),
    lambda measures: measures(AS_SAID | {1: {"tail_db": 0.9}, 2: {"tail_db": 0.5}}),
    lambda measures: measures({2: AS_SAID[2]}),
)

# 11. Patterns of actions.
PERIODICAL = {"periodicity": 0.8, "periodicity_by_chance": 0.2}
DEEP = {"low_share": 0.9}
QUICK = {"median_interval_s": 0.3, "events_per_second": 3.0}
PATTERNS = {
    "clapping: periodic": ("clapping", PERIODICAL, {"periodicity": 0.1}),
    "clapping: low frequencies": ("clapping", DEEP, {"low_share": 0.1}),
    "snapping fingers: periodic": ("snapping fingers", PERIODICAL, {"periodicity": 0.1}),
    "snapping fingers: low frequencies": ("snapping fingers", DEEP, {"low_share": 0.1}),
    "knocking: short intervals": ("knocking", QUICK, {"median_interval_s": 0.9}),
    "knocking: low frequencies": ("knocking", DEEP, {"low_share": 0.1}),
    "knocking: in every subject": ("knocking", DEEP | QUICK, {"low_share": 0.1}),
}
for part, (name, shown, not_shown) in PATTERNS.items():
    evidence(
        11,
        part,
        lambda measures, name=name, shown=shown: measures(actions={name: shown}),
        lambda measures, name=name, not_shown=not_shown: measures(actions={name: not_shown}),
        # One subject: three sequences are too few.
        lambda measures, name=name, shown=shown: measures(actions={name: shown}, subjects=1),
    )
SHOWN = {name: PERIODICAL | DEEP for name in ("clapping", "snapping fingers")}
SHOWN["knocking"] = DEEP | QUICK
evidence(
    11,
    WHOLE,
    lambda measures: measures(actions=SHOWN),
    lambda measures: measures(actions=SHOWN | {"clapping": DEEP | {"periodicity": 0.1}}),
    lambda measures: measures(actions=SHOWN, subjects=1),
)

TURNS = [
    (number, part, verdict, make)
    for (number, part), ways in EVIDENCE.items()
    for verdict, make in ways.items()
]


@pytest.mark.parametrize(
    ("number", "part", "verdict", "make"),
    TURNS,
    ids=[f"{number}-{part}-{verdict}" for number, part, verdict, _ in TURNS],
)
def test_hand_made_measures_turn_each_verdict_each_way(number, part, verdict, make, request):
    results, judged, measures = map(request.getfixturevalue, ("results", "judged", "measures"))
    assert judged(results(measures=make(measures)), number)[part] is verdict


def test_every_part_of_these_claims_is_turned_each_way(judged, results):
    parts = {(number, part) for number in (10, 11) for part in judged(results(), number)}
    assert parts == set(EVIDENCE)
    assert all(set(ways) == {YES, NO, OPEN} for ways in EVIDENCE.values())


def test_fewer_than_six_pairs_decide_nothing(judged, results, measures, avia):
    table = measures(AS_SAID)
    few = table[(table["subject"] == 1) & (table["action"] <= 5)]
    assert judged(results(measures=few), 10)["scenario 1 cleaner than 2"] is OPEN
    few = table[(table["subject"] == 1) & (table["action"] <= 6)]
    assert judged(results(measures=few), 10)["scenario 1 cleaner than 2"] is YES


def test_what_could_not_be_measured_makes_no_pair(judged, results, measures):
    table = measures(AS_SAID)
    table.loc[table["scenario"] == 1, "tail_db"] = float("nan")
    found = judged(results(measures=table), 10)
    assert found["more echo in scenario 2 than 1"] is OPEN
    assert found["more echo in scenario 2 than 3"] is YES


@pytest.mark.parametrize(
    ("part", "column", "shown"),
    [
        ("clapping: low frequencies", "low_share", DEEP),
        ("knocking: short intervals", "median_interval_s", QUICK),
        ("knocking: in every subject", "low_share", DEEP | QUICK),
    ],
)
def test_what_could_not_be_measured_shows_nothing_and_is_not_said_to(  # noqa: PLR0917
    part, column, shown, judged, results, measures
):
    name = part.partition(":")[0]
    table = measures(actions={name: shown})
    of_action = table["action"] == ACTIONS.index(name) + 1
    table.loc[of_action & (table["scenario"] == 1), column] = float("nan")
    assert judged(results(measures=table), 11)[part] is YES  # a third that counted as no
    table.loc[of_action, column] = float("nan")
    assert judged(results(measures=table), 11)[part] is OPEN
    [item] = [item for item in CLAIMS[10].judge(results(measures=table)).items if item.what == part]
    assert item.numbers == f"no sequence of “{name}” of which it could be measured"


def test_less_than_an_event_a_second_is_measured_and_repeats_nothing(judged, results, measures):
    nothing = {"knocking": {"events_per_second": 0.1, "median_interval_s": float("nan")}}
    found = judged(results(measures=measures(actions=nothing)), 11)
    assert found["knocking: short intervals"] is NO
    assert found["knocking: in every subject"] is NO


def test_a_high_peak_that_chance_reaches_too_is_not_periodic(judged, results, measures):
    chance = {"clapping": {"periodicity": 0.5, "periodicity_by_chance": 0.6}}
    assert judged(results(measures=measures(actions=chance)), 11)["clapping: periodic"] is NO


def test_the_criterion_tells_the_thresholds_that_decide():
    criterion = CLAIMS[10].criterion
    assert (MOSTLY, PERIODIC, LOW, SHORT_S, REPEATED) == (2 / 3, 0.25, 0.5, 0.5, 1.0)
    for told in ("two thirds", "0.25", "more than half of the energy", "0.5 s", "one event a s"):
        assert told in criterion
