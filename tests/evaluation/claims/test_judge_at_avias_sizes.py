"""Both verdicts of the claims about networks, reached with as few test sequences as AVIA has."""

import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.evaluation.claims.verdict import Verdict

YES, NO = Verdict.SUPPORTED, Verdict.NOT_SUPPORTED
ACOUSTIC, VISUAL = ("dualcamnet", "avnet"), ("resnet50", "temporal_resnet50")
ALL, SCENARIOS = ("all",), ("scenario1", "scenario2", "scenario3")
SIZES = {
    ("paper", "all"): 37,
    ("stratified", "all"): 42,
    ("paper", "1"): 12,
    ("stratified", "1"): 14,
}


def everything(share, into):
    return {name: {into: share} for name in ACTIONS if name != into}


def both_ways(share, *pairs):
    return {a: {b: share} for pair in pairs for a, b in (pair, pair[::-1])}


def missed(share, *names):
    """Send crops of some classes where none of them belongs."""
    return {name: {"paper ripping": share} for name in names}


PAIRS = (
    ("hammering", "knocking"),
    ("clicking", "typing"),
    ("paper shaking", "plastic crumpling"),
)
SOUNDNET = (
    {
        name: {"playing kendama": 0.3, "stick dropping": 0.3}
        for name in ("speaking", "whistling", "clicking", "typing", "clapping", "snapping fingers")
    }
    | both_ways(0.4, ("hammering", "knocking"), ("paper shaking", "stick dropping"))
    | {"peanut breaking": {"playing kendama": 0.6, "stick dropping": 0.4}}
)
DRAWN = (
    {
        name: {"clapping": 0.3, "clicking": 0.3}
        for name in ("speaking", "typing", "knocking", "hammering", "stick dropping")
    }
    | {"snapping fingers": {"clapping": 0.7}, "whistling": {"clapping": 0.5, "clicking": 0.5}}
)  # fmt: skip
HARDEST = (
    missed(0.8, "snapping fingers", "speaking", "plastic crumpling"),
    missed(0.8, "speaking", "snapping fingers", "playing kendama", "paper shaking"),
    missed(0.9, "clapping", "snapping fingers")
    | missed(0.6, "playing kendama", "typing", "speaking", "hammering"),
)

RECOGNISED = tuple(
    {name: {} for name in names}
    for names in (HARDEST[0], HARDEST[1], ("clapping", "snapping fingers"))
)


def both(networks, taken):
    return {network: taken for network in networks}


# By claim: what supports it and what speaks against it, by network and scope; and how many crops
# of the other classes' sequences are wrong at most.
EVIDENCE = {
    1: (
        both(ACOUSTIC, {}) | both(VISUAL, everything(0.6, "typing")),
        both(ACOUSTIC, everything(0.6, "typing")) | both(VISUAL, {}),
        0.4,
    ),
    2: (
        both(ACOUSTIC, {"typing": {"clicking": 0.2}, "knocking": {"hammering": 0.3}}),
        both(ACOUSTIC, everything(0.6, "typing")),
        0,
    ),
    3: (
        {"hearnet": {}, "soundnet": everything(0.6, "typing")},
        {"hearnet": everything(0.6, "typing"), "soundnet": {}},
        0.3,
    ),
    4: ({"hearnet": both_ways(0.3, *PAIRS)}, {"hearnet": everything(0.3, "speaking")}, 0.2),
    5: ({"soundnet": SOUNDNET}, {"soundnet": everything(0.4, "plastic crumpling")}, 0.3),
    6: (
        both(VISUAL, DRAWN),
        both(VISUAL, everything(0.4, "paper shaking")),
        0.4,
    ),
    7: (
        {"resnet50": ({}, everything(0.5, "typing"), everything(0.4, "clapping"))},
        {"resnet50": (everything(0.5, "typing"), {}, {})},
        0,
    ),
    8: ({"resnet50": HARDEST}, {"resnet50": RECOGNISED}, 0.4),
    9: (
        {"resnet50": ({}, everything(0.4, "clapping"), everything(0.4, "knocking"))},
        {"resnet50": ({}, everything(0.4, "knocking"), everything(0.4, "clapping"))},
        0.2,
    ),
}


@pytest.mark.parametrize("strategy", ["paper", "stratified"])
@pytest.mark.parametrize("verdict", [YES, NO])
@pytest.mark.parametrize("number", EVIDENCE)
def test_every_part_is_turned_both_ways(  # noqa: PLR0917
    number, verdict, strategy, tested, results, judged
):
    yes, no, rest = EVIDENCE[number]
    tests = {}
    for network, taken in (yes if verdict is YES else no).items():
        scopes = SCENARIOS if isinstance(taken, tuple) else ALL
        for scope, one in zip(scopes, taken if scopes == SCENARIOS else (taken,), strict=True):
            outcomes = tested(one, scope, strategy, rest)
            assert len(outcomes.actual) == SIZES[strategy, "all" if scope == "all" else "1"]
            tests[network, "ground_truth", scope] = outcomes
    found = judged(results(tests), number)
    assert found == dict.fromkeys(found, verdict)
