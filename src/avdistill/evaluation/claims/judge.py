"""All claims, each with the paper's statement and the function that judges it."""

from collections.abc import Sequence
from typing import NamedTuple

from avdistill.evaluation.claims import recordings, students, teachers
from avdistill.evaluation.claims.results import Results
from avdistill.evaluation.claims.verdict import Item, Judge, Verdict
from avdistill.evaluation.tables import Row

COLUMNS = (
    "claim",
    "part",
    "verdict",
    "numbers",
    "statement",
    "criterion",
    "initial_weights",
    "data_source",
)


class Claim(NamedTuple):
    """A statement of the paper's supplement.

    Attributes
    ----------
    statement : in the paper's words, or nearly so.
    judge : the function that judges it by its criterion.
    networks : the networks that it is about.
    """

    number: int
    statement: str
    judge: Judge
    networks: tuple[str, ...]

    @property
    def criterion(self) -> str:
        """Return the rule that decides, in words and numbers."""
        return self.judge.criterion


class Finding(NamedTuple):
    """A claim with the verdict on it and on its parts."""

    claim: Claim
    verdict: Verdict
    items: tuple[Item, ...]


CLAIMS = (
    Claim(
        1,
        "Acoustic teachers (DualCamNet, AVNet) are more accurate than visual ones (ResNet-50, "
        "Temporal ResNet-50).",
        teachers.acoustic_teachers_lead,
        (*teachers.ACOUSTIC, *teachers.VISUAL),
    ),
    Claim(
        2,
        "DualCamNet's and AVNet's confusion matrices have very high diagonals.",
        teachers.acoustic_diagonals_are_high,
        teachers.ACOUSTIC,
    ),
    Claim(
        3,
        "HearNet is better than OurSoundNet in many cases.",
        students.hearnet_leads_in_many_cases,
        ("hearnet", "soundnet"),
    ),
    Claim(
        4,
        "HearNet's main confusions: hammering with knocking, clicking with typing, paper shaking "
        "with plastic crumpling.",
        students.hearnet_confusions,
        ("hearnet",),
    ),
    Claim(
        5,
        "OurSoundNet sends many classes to playing kendama and stick dropping; it confuses "
        "hammering with knocking, and paper shaking with stick dropping; peanut breaking is always "
        "missed (feeble sound).",
        students.soundnet_confusions,
        ("soundnet",),
    ),
    Claim(
        6,
        "ResNet-50 and Temporal ResNet-50 send many classes to clapping and clicking; whistling is "
        "always missed.",
        teachers.visual_teachers_draw_and_miss,
        teachers.VISUAL,
    ),
    Claim(
        7,
        "ResNet-50 trained and tested on one scenario is more accurate for all classes in scenario "
        "1 (the object is in plain view) than in 2 and 3 (clutter, other people, occlusion).",
        teachers.scenario_1_is_easiest,
        ("resnet50",),
    ),
    Claim(
        8,
        "Its hardest classes: scenario 1, snapping fingers, speaking, plastic crumpling; scenario "
        "2, speaking, snapping fingers, playing kendama, paper shaking; scenario 3, many, clapping "
        "and snapping fingers among them.",
        teachers.hardest_classes_of_scenarios,
        ("resnet50",),
    ),
    Claim(
        9,
        "Its errors go to clapping in scenario 2, to knocking in scenario 3.",
        teachers.errors_of_scenarios,
        ("resnet50",),
    ),
    Claim(
        10,
        "Spectrograms of scenario 1 are the cleanest; scenario 2 adds indoor echoes, scenario 3 "
        "ambient noise.",
        recordings.scenarios_differ_in_noise,
        (),
    ),
    Claim(
        11,
        "Clapping and snapping fingers are periodic and concentrated at low frequencies; knocking "
        "repeats events at short intervals, at low frequencies, in every subject.",
        recordings.patterns_of_actions,
        (),
    ),
)


def judge_claims(results: Results) -> list[Finding]:
    """Return the findings on all claims, in the paper's order."""
    return [Finding(claim, *claim.judge(results)) for claim in CLAIMS]


def table_rows(
    findings: Sequence[Finding], initial_weights: Sequence[Row], data_source: str
) -> list[Row]:
    """Return findings as rows with `COLUMNS`: one for each claim and one for each of its parts.

    Parameters
    ----------
    initial_weights : `network` and `initial_weights` of every network in the results.
    """
    rows = []
    for claim, verdict, items in findings:
        weights = {
            f"{row['network']}: {row['initial_weights']}": None
            for row in initial_weights
            if row["network"] in claim.networks
        }
        row = {
            "claim": claim.number,
            "verdict": verdict,
            "statement": claim.statement,
            "criterion": claim.criterion,
            "initial_weights": ", ".join(weights),
            "data_source": data_source,
        }
        rows.append(row)
        rows += [
            row | {"part": item.what, "verdict": item.verdict, "numbers": item.numbers}
            for item in items
        ]
    return rows
