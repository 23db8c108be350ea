"""Every verdict of every claim, and of every part of it, turned each way by hand-made results."""

import dataclasses
import re
from collections.abc import Callable

import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.evaluation.claims.confusions import HALF, MAIN, MANY, OFTEN
from avdistill.evaluation.claims.judge import CLAIMS, judge_claims
from avdistill.evaluation.claims.misses import ALWAYS, CLEARLY, MANY_HARD
from avdistill.evaluation.claims.verdict import Verdict

YES, NO, OPEN = Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Verdict.NOT_DECIDABLE
WHOLE = "whole"
NAMES = {
    "dualcamnet": "DualCamNet",
    "avnet": "AVNet",
    "resnet50": "ResNet-50",
    "temporal_resnet50": "Temporal ResNet-50",
}
ACOUSTIC, VISUAL = ("dualcamnet", "avnet"), ("resnet50", "temporal_resnet50")
SUPERVISIONS = ("ground_truth", "dualcamnet", "resnet50")

# What turns a claim, or a part of it, which way: functions of the fixture `outcomes` that give
# tests by network, supervision and scope. Claims 10 and 11 are turned in test_recordings.py.
EVIDENCE: dict[tuple[int, str], dict[Verdict, Callable]] = {}


def evidence(number: int, part: str, yes: Callable, no: Callable, undecided: Callable) -> None:
    assert (number, part) not in EVIDENCE
    EVIDENCE[number, part] = {YES: yes, NO: no, OPEN: undecided}


def everything(share: float, into: str) -> dict:
    """Send a share of all other classes' crops into one."""
    return {name: {into: share} for name in ACTIONS if name != into}


def both_ways(*pairs: tuple[str, str]) -> dict:
    return {a: {b: 0.5} for pair in pairs for a, b in (pair, pair[::-1])}


def teacher(network: str, scope: str = "all") -> tuple:
    return network, "ground_truth", scope


def one(key: tuple, taken: dict, per_class: int = 20) -> Callable:
    """Test a single network."""
    return lambda outcomes: {key: outcomes(taken, per_class)}


def merged(*parts: Callable) -> Callable:
    return lambda make: {key: test for part in parts for key, test in part(make).items()}


# 1. Acoustic teachers against visual ones.
def two(good: str, bad: str, per_class: int = 4, wrong: float = 0.8) -> Callable:
    return merged(
        one(teacher(good), {}, per_class),
        one(teacher(bad), everything(wrong, "typing"), per_class),
    )


for acoustic in ACOUSTIC:
    for visual in VISUAL:
        evidence(
            1,
            f"{NAMES[acoustic]} over {NAMES[visual]}",
            two(acoustic, visual),
            two(visual, acoustic),
            two(acoustic, visual, per_class=1, wrong=0.1),
        )
evidence(
    1,
    WHOLE,
    merged(two("dualcamnet", "resnet50"), two("avnet", "temporal_resnet50")),
    merged(two("dualcamnet", "resnet50"), two("temporal_resnet50", "avnet")),
    two("dualcamnet", "resnet50"),  # the other two were not trained
)

# 2. Diagonals.
for network in ACOUSTIC:
    evidence(
        2,
        NAMES[network],
        one(teacher(network), {}, 4),
        one(teacher(network), everything(0.5, "typing"), 4),
        one(teacher(network), {}, 1),
    )
evidence(
    2,
    WHOLE,
    merged(*(one(teacher(network), {}, 4) for network in ACOUSTIC)),
    merged(
        one(teacher("dualcamnet"), {}, 4),
        # A high mean with a class that is missed: one element of the diagonal is not high.
        one(teacher("avnet"), {"typing": {"clicking": 1.0}}, 20),
    ),
    one(teacher("dualcamnet"), {}, 4),
)


# 3. HearNet and OurSoundNet.
def students(hearnet: dict, soundnet: dict, per_class: int = 2, cases: int = 3) -> Callable:
    return lambda outcomes: {
        (network, supervision, "all"): outcomes(taken, per_class)
        for network, taken in (("hearnet", hearnet), ("soundnet", soundnet))
        for supervision in SUPERVISIONS[:cases]
    }


for part in (WHOLE, "in many cases"):
    evidence(
        3,
        part,
        students({}, everything(0.8, "typing")),
        students(everything(0.8, "typing"), {}),
        students({}, {"typing": {"clicking": 0.8}}, per_class=1),
    )

# 4. HearNet's pairs.
HEARNET = ("hearnet", "dualcamnet", "all")
HEARNET_PAIRS = (
    ("hammering", "knocking"),
    ("clicking", "typing"),
    ("paper shaking", "plastic crumpling"),
)
for part in (WHOLE, ", ".join(" with ".join(pair) for pair in HEARNET_PAIRS)):
    evidence(
        4,
        part,
        one(HEARNET, both_ways(*HEARNET_PAIRS)),
        one(HEARNET, both_ways(*HEARNET_PAIRS[:2]), 40),
        one(HEARNET, both_ways(*HEARNET_PAIRS), 1),
    )

# 5. OurSoundNet.
SOUNDNET = ("soundnet", "ground_truth", "all")
SOUNDNET_PAIRS = (("hammering", "knocking"), ("paper shaking", "stick dropping"))
MANY_CLASSES = ("speaking", "whistling", "clicking", "typing", "clapping")


def many_to(*names: str) -> dict:
    return {name: {into: 0.9 / len(names) for into in names} for name in MANY_CLASSES}


SOUNDNET_WHOLE = {
    **many_to("playing kendama", "stick dropping"),
    **both_ways(*SOUNDNET_PAIRS),
    "peanut breaking": {"playing kendama": 1.0},
}
for name in ("playing kendama", "stick dropping"):
    evidence(
        5,
        f"many classes to {name}",
        one(SOUNDNET, many_to(name)),
        one(SOUNDNET, many_to("plastic crumpling")),
        one(SOUNDNET, many_to(name), 1),
    )
evidence(
    5,
    ", ".join(" with ".join(pair) for pair in SOUNDNET_PAIRS),
    one(SOUNDNET, both_ways(*SOUNDNET_PAIRS)),
    one(SOUNDNET, {}, 40),
    one(SOUNDNET, both_ways(*SOUNDNET_PAIRS), 2),
)
evidence(
    5,
    "peanut breaking missed",
    one(SOUNDNET, {"peanut breaking": {"typing": 1.0}}, 2),
    one(SOUNDNET, {"peanut breaking": {"typing": 0.5}}, 2),
    one(SOUNDNET, everything(1.0, "typing"), 2),  # so are others
)
evidence(
    5,
    WHOLE,
    one(SOUNDNET, SOUNDNET_WHOLE),
    one(SOUNDNET, SOUNDNET_WHOLE | {"peanut breaking": {}}),
    one(SOUNDNET, SOUNDNET_WHOLE, 2),
)

# 6. Visual teachers.
VISUAL_WHOLE = {
    name: {"clapping": 0.5, "clicking": 0.5}
    for name in ("speaking", "typing", "knocking", "hammering", "whistling")
}
for network in VISUAL:
    for name in ("clapping", "clicking"):
        taken = {other: {name: 0.9} for other in ("speaking", "typing", "knocking", "hammering")}
        evidence(
            6,
            f"{NAMES[network]}: many classes to {name}",
            one(teacher(network), taken),
            one(teacher(network), everything(0.5, "paper shaking")),
            one(teacher(network), taken, 1),
        )
    evidence(
        6,
        f"{NAMES[network]}: whistling missed",
        one(teacher(network), {"whistling": {"clicking": 1.0}}),
        one(teacher(network), {}),
        one(teacher(network), {"whistling": {"clicking": 0.8}}, 3),
    )
evidence(
    6,
    WHOLE,
    merged(*(one(teacher(network), VISUAL_WHOLE) for network in VISUAL)),
    merged(one(teacher("resnet50"), VISUAL_WHOLE), one(teacher("temporal_resnet50"), {})),
    merged(*(one(teacher(network), VISUAL_WHOLE, 1) for network in VISUAL)),
)


# 7, 8, 9. ResNet-50 on each scenario.
def scenarios(*taken: dict | None, per_class: int = 10) -> Callable:
    return lambda outcomes: {
        teacher("resnet50", f"scenario{number}"): outcomes(one_of, per_class)
        for number, one_of in enumerate(taken, start=1)
        if one_of is not None
    }


WORSE = everything(0.5, "typing")
for number, order in ((2, lambda other: ({}, other)), (3, lambda other: ({}, None, other))):
    swapped = {2: (WORSE, {}), 3: (WORSE, None, {})}[number]
    evidence(
        7,
        f"scenario 1 over scenario {number}",
        scenarios(*order(WORSE)),
        scenarios(*swapped),
        scenarios(*order({}), per_class=2),
    )
evidence(
    7,
    WHOLE,
    scenarios({}, WORSE, WORSE),
    scenarios({}, WORSE, {}),  # equal, and with enough sequences to say so
    scenarios({}, WORSE),
)

HARDEST = {
    1: ("snapping fingers", "speaking", "plastic crumpling"),
    2: ("speaking", "snapping fingers", "playing kendama", "paper shaking"),
    3: ("clapping", "snapping fingers"),
}
for number, names in HARDEST.items():
    before = [None] * (number - 1)
    evidence(
        8,
        f"scenario {number}: {', '.join(names)}",
        scenarios(*before, {name: {"typing": 0.9} for name in names}, per_class=2),
        scenarios(*before, {}, per_class=2),
        scenarios(*before, everything(0.9, "typing"), per_class=2),  # all are as hard
    )
evidence(
    8,
    "scenario 3: many",
    scenarios(None, None, everything(0.9, "typing")),
    scenarios(None, None, {}),
    scenarios(None, None, {"typing": {"clicking": 0.9}}, per_class=1),
)
HARD = [{name: {"typing": 0.9} for name in HARDEST[number]} for number in (1, 2, 3)]
HARD[2] |= {name: {"typing": 0.6} for name in ("whistling", "knocking", "hammering")}
evidence(
    8,
    WHOLE,
    scenarios(*HARD),
    scenarios(*HARD[:2], {}, per_class=2),
    scenarios(*HARD[:2], everything(0.9, "typing"), per_class=1),
)

for number, name in ((2, "clapping"), (3, "knocking")):
    before = [None] * (number - 1)
    evidence(
        9,
        f"scenario {number}: errors to {name}",
        scenarios(*before, everything(0.3, name)),
        scenarios(*before, everything(0.3, "typing")),
        scenarios(*before, {}),
    )
evidence(
    9,
    WHOLE,
    scenarios(None, everything(0.3, "clapping"), everything(0.3, "knocking")),
    scenarios(None, everything(0.3, "clapping"), everything(0.3, "clapping")),
    scenarios(None, everything(0.3, "clapping")),
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
def test_hand_made_results_turn_each_verdict_each_way(number, part, verdict, make, request):
    results, judged, outcomes = map(request.getfixturevalue, ("results", "judged", "outcomes"))
    assert judged(results(make(outcomes)), number)[part] is verdict


def test_every_part_of_every_claim_about_networks_is_turned_each_way(judged, results):
    parts = {(number, part) for number in range(1, 10) for part in judged(results(), number)}
    assert parts == set(EVIDENCE)
    assert all(set(ways) == {YES, NO, OPEN} for ways in EVIDENCE.values())


def test_a_case_of_claim_3_is_a_comparison_of_its_own(judged, outcomes, results):
    for (hearnet, soundnet), verdict in {
        (0.0, 0.8): YES,
        (0.8, 0.0): NO,
        (0.0, 0.1): OPEN,
    }.items():
        make = students(everything(hearnet, "typing"), everything(soundnet, "typing"), 1)
        found = judged(results(make(outcomes)), 3)
        assert found["soft labels of DualCamNet (D), all scenarios"] is verdict
        assert len(found) == 5


def test_nothing_run_leaves_every_claim_open_and_says_what_is_missing(results):
    findings = judge_claims(results())
    assert [finding.claim.number for finding in findings] == list(range(1, 12))
    for finding in findings:
        assert finding.verdict is OPEN
        for item in finding.items:
            assert item.verdict is OPEN
            assert "not" in item.numbers or "no " in item.numbers


def test_a_class_or_scenario_that_the_data_lack_leaves_what_names_it_open(avia, results, outcomes):
    classes = tuple("sawing" if name == "hammering" else name for name in ACTIONS)
    other = dataclasses.replace(avia, classes=classes, scenarios=("cellar", *avia.scenarios[1:]))
    tests = one(HEARNET, {})(outcomes) | scenarios({}, {}, {})(outcomes)
    found = {
        finding.claim.number: finding.items for finding in judge_claims(results(tests, None, other))
    }
    assert found[4][0].verdict is OPEN
    assert "no class “hammering”" in found[4][0].numbers
    assert "no class" not in found[5][0].numbers
    assert "no scenario “anechoic chamber”" in found[7][0].numbers


def test_scenarios_are_found_by_name_not_by_place(avia, judged, results, outcomes):
    turned = dataclasses.replace(avia, scenarios=avia.scenarios[::-1])
    tests = scenarios(WORSE, WORSE, {})(outcomes)  # scenario 3 here is the anechoic chamber
    assert judged(results(tests), 7)[WHOLE] is NO
    assert judged(results(tests, None, turned), 7)[WHOLE] is YES


def test_the_same_results_give_the_same_findings(outcomes, measures, results):
    def findings():
        tests = merged(
            students(everything(0.3, "typing"), everything(0.6, "clapping")),
            scenarios(WORSE, everything(0.3, "clapping"), everything(0.6, "typing"), per_class=3),
            *(one(teacher(network), VISUAL_WHOLE, 3) for network in (*ACOUSTIC, *VISUAL)),
        )(outcomes)
        return judge_claims(results(tests, measures({2: {"lit_share": 0.9}})))

    assert findings() == findings()


def test_there_are_the_papers_eleven_claims_each_with_a_criterion_in_numbers():
    assert [claim.number for claim in CLAIMS] == list(range(1, 12))
    assert len({claim.parts for claim in CLAIMS}) == 11
    for claim in CLAIMS:
        assert any(character.isdigit() for character in claim.criterion)
        judges = {judge for _, judge, *_ in claim.parts}
        pattern = rf"claim {claim.number}\b"
        assert all(re.search(pattern, judge.__doc__) for judge in judges)


def test_criteria_tell_the_thresholds_that_decide():
    criteria = {claim.number: claim.criterion for claim in CLAIMS}
    assert (OFTEN, MANY, MAIN, HALF) == (0.1, 0.25, 1 / 3, 0.5)
    assert (ALWAYS, CLEARLY, MANY_HARD) == (0.95, 0.1, 1 / 3)
    assert "reaches 10 % and twice the mean" in criteria[4]
    assert "a third of the errors" in criteria[4]
    for number in (5, 6):
        assert "at least 10 % of the crops of at least a quarter" in criteria[number]
        assert "at least 95 % of its crops" in criteria[number]
    assert "10 points more than those of the other classes" in criteria[8]
    assert "a third of the sequences" in criteria[8]
