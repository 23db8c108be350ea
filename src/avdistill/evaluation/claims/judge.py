"""All claims, each with the paper's statement, the criterion, and the functions that judge it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from avdistill.evaluation.claims.confusions import draws_many_classes
from avdistill.evaluation.claims.misses import always_missed
from avdistill.evaluation.claims.networks import (
    are_confused,
    are_hardest,
    by_class,
    by_network,
    has_errors_to,
    has_high_diagonal,
    hearnet_in_each_case,
    hearnet_leads_in_many_cases,
    leads,
    many_classes_are_hard,
    scenario_1_is_easier,
)
from avdistill.evaluation.claims.recordings import (
    every_subject_knocks_low_and_often,
    is_larger,
    low,
    mostly_shows,
    periodic,
    short_intervals,
)
from avdistill.evaluation.claims.results import Results
from avdistill.evaluation.claims.verdict import Item, Verdict, judged, together
from avdistill.evaluation.labels import network_label
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
ACOUSTIC, VISUAL = ("dualcamnet", "avnet"), ("resnet50", "temporal_resnet50")
LIT = ("lit_share", "share of lit cells")  # measures of spectrograms, and words for them
TAIL = ("tail_db", "tail of events, dB")
NOISE_FLOOR = ("noise_floor_db", "noise floor, dB")


class Finding(NamedTuple):
    """A claim with the verdict on it and on its parts."""

    claim: "Claim"
    verdict: Verdict
    items: tuple[Item, ...]


class Claim(NamedTuple):
    """A statement of the paper's supplement; it holds if all of its parts do.

    Attributes
    ----------
    statement : in the paper's words, or nearly so.
    criterion : the rule that decides, in words and numbers.
    parts : for each part a few words, the function that judges it, and the function's arguments
        after the results.
    networks : the networks that it is about.
    details : function that judges what is shown below the parts, but does not decide.
    """

    number: int
    statement: str
    criterion: str
    parts: tuple[tuple[Any, ...], ...]
    networks: tuple[str, ...] = ()
    details: Callable[[Results], list[Item]] = lambda results: []

    def judge(self, results: Results) -> Finding:
        """Return the verdict, and those on the parts."""
        items = [judged(what, judge, results, *given) for what, judge, *given in self.parts]
        verdict = together(*(item.verdict for item in items))
        return Finding(self, verdict, (*items, *self.details(results)))


def _pairs(network: str, *pairs: tuple[str, str]) -> tuple[Any, ...]:
    """Return the part of a claim that says which pairs of classes a student confuses."""
    return ", ".join(" with ".join(pair) for pair in pairs), are_confused, network, pairs


CLAIMS = (
    Claim(
        1,
        "Acoustic teachers (DualCamNet, AVNet) are more accurate than visual ones (ResNet-50, "
        "Temporal ResNet-50).",
        "For networks trained on all scenarios, each of the two acoustic teachers against each of "
        "the two visual ones. The first is more accurate if it has more test sequences right and "
        "the exact test of the sequences on which they differ has p of at most 0.05; not so if the "
        "other leads so, or if a lead of 10 points can be ruled out (by the 95 % interval, and 36 "
        "sequences at least). The claim holds if all four comparisons do.",
        tuple(
            (f"{network_label(acoustic)} over {network_label(visual)}", leads, acoustic, visual)
            for acoustic in ACOUSTIC
            for visual in VISUAL
        ),
        (*ACOUSTIC, *VISUAL),
    ),
    Claim(
        2,
        "DualCamNet's and AVNet's confusion matrices have very high diagonals.",
        "For DualCamNet and AVNet trained on all scenarios, the mean of the row-normalised "
        "diagonal is at least 80 %, with its 95 % interval above 80 %, and no class is below 50 %. "
        "Not so if that interval, or one class's, lies below.",
        tuple((network_label(network), has_high_diagonal, network) for network in ACOUSTIC),
        ACOUSTIC,
    ),
    Claim(
        3,
        "HearNet is better than OurSoundNet in many cases.",
        "A case is a scope and a supervision, (G), (D) or (R), for which both students were "
        "trained. “Many” is more than half of the cases: HearNet has more test sequences right in "
        "so many, with a 95 % interval of the share of cases (test sequences resampled, for all "
        "cases at once) above one half. Not so if that interval does not reach above one half. Not "
        "decidable with fewer than six sequences on which the students differ in a case, unless "
        "there are 36 sequences and more. Each case's own verdict is that of claim 1's comparison.",
        (("in many cases", hearnet_leads_in_many_cases),),
        ("hearnet", "soundnet"),
        hearnet_in_each_case,
    ),
    Claim(
        4,
        "HearNet's main confusions: hammering with knocking, clicking with typing, paper shaking "
        "with plastic crumpling.",
        "HearNet trained on all scenarios, averaged over (G), (D) and (R), of which the paper does "
        "not say which it shows. The three pairs are judged together, since one has about six test "
        "sequences; one of which a class has none is left out. They are the main confusions if a "
        "third of the errors in these classes' sequences go to the other class of the pair, with "
        "the 95 % interval above an even share; if the rate at which they are taken for each other "
        "(both directions averaged, then pairs) reaches 10 % and twice the mean of all other "
        "pairs; and if each pair's rate is above this mean. Not so if the interval of that share "
        "of errors lies below a third, or that of one pair's rate below 10 %. Not decidable with "
        "fewer than ten sequences of these classes.",
        (
            _pairs(
                "hearnet",
                ("hammering", "knocking"),
                ("clicking", "typing"),
                ("paper shaking", "plastic crumpling"),
            ),
        ),
        ("hearnet",),
    ),
    Claim(
        5,
        "OurSoundNet sends many classes to playing kendama and stick dropping; it confuses "
        "hammering with knocking, and paper shaking with stick dropping; peanut breaking is always "
        "missed (feeble sound).",
        "OurSoundNet trained on all scenarios, averaged over (G), (D) and (R). Many classes are "
        "sent to one if it draws at least 10 % of the crops of at least a quarter of the other "
        "classes (interval above an eighth) and takes at least twice an even share of their errors "
        "(interval above an even share); not so if an interval lies below what is asked for. "
        "Confused pairs are judged together, as in claim 4. Peanut breaking is always missed if at "
        "least 95 % of its crops are, and of as many test sequences of any class only with p of at "
        "most 0.05 (class membership shuffled over sequences); not so if half or more of one of "
        "its sequences is recognised, or if the 95 % interval of what is missed lies below 95 %. "
        "The claim holds if all four parts do.",
        (
            *(
                (f"many classes to {name}", by_network, draws_many_classes, "soundnet", name)
                for name in ("playing kendama", "stick dropping")
            ),
            _pairs("soundnet", ("hammering", "knocking"), ("paper shaking", "stick dropping")),
            ("peanut breaking missed", by_class, always_missed, "soundnet", "peanut breaking"),
        ),
        ("soundnet",),
    ),
    Claim(
        6,
        "ResNet-50 and Temporal ResNet-50 send many classes to clapping and clicking; whistling is "
        "always missed.",
        "For each of both networks trained on all scenarios. Many classes are sent to one if it "
        "draws at least 10 % of the crops of at least a quarter of the other classes (interval "
        "above an eighth) and takes at least twice an even share of their errors (interval above "
        "an even share); not so if an interval lies below what is asked for. Whistling is always "
        "missed if at least 95 % of its crops are, and of as many test sequences of any class only "
        "with p of at most 0.05 (class membership shuffled over sequences: one sequence is enough "
        "if there are 20 and none of the others is missed as much); not so if half or more of one "
        "of its sequences is recognised, or if the 95 % interval of what is missed lies below "
        "95 %. The claim holds if all six parts do.",
        tuple(
            (f"{network_label(network)}: {what}", look_up, judge, network, name)
            for network in VISUAL
            for what, look_up, judge, name in (
                ("many classes to clapping", by_class, draws_many_classes, "clapping"),
                ("many classes to clicking", by_class, draws_many_classes, "clicking"),
                ("whistling missed", by_network, always_missed, "whistling"),
            )
        ),
        VISUAL,
    ),
    Claim(
        7,
        "ResNet-50 trained and tested on one scenario is more accurate for all classes in scenario "
        "1 (the object is in plain view) than in 2 and 3 (clutter, other people, occlusion).",
        "ResNet-50's recall of each class in scenario 1 against that in scenario 2, and in 3, each "
        "network tested on its own scenario. It holds if no class is recognised less in scenario 1 "
        "and the exact sign test over classes has p of at most 0.05 (six classes that differ at "
        "least). Not so if that test says the opposite, if the 95 % intervals of a class lie apart "
        "with scenario 1 below, or if a mean lead of 10 points can be ruled out by the intervals "
        "of both means.",
        tuple(
            (f"scenario 1 over scenario {other}", scenario_1_is_easier, other) for other in (2, 3)
        ),
        ("resnet50",),
    ),
    Claim(
        8,
        "Its hardest classes: scenario 1, snapping fingers, speaking, plastic crumpling; scenario "
        "2, speaking, snapping fingers, playing kendama, paper shaking; scenario 3, many, clapping "
        "and snapping fingers among them.",
        "ResNet-50 trained and tested on one scenario. A scenario's classes are judged together, "
        "since one has about one test sequence; one that has none is left out. They are the "
        "hardest if their sequences are missed 10 points more than those of the other classes "
        "(share of crops), so much more than as many sequences of any class only with p of at most "
        "0.05 (class membership shuffled over sequences), and each of them 10 points more. Not so "
        "if the same test rules out 10 points more, for all of them or for one. Not decidable with "
        "too few sequences for such a p: two of twelve are enough. Scenario 3 is hard for many if "
        "of a third of the sequences, each class counting the same, half or more of the crops are "
        "missed (95 % interval above a sixth); not so if the interval lies below a third, which "
        "takes ten sequences of as many classes. The claim holds if all four parts do.",
        (
            *(
                (f"scenario {number}: {', '.join(names)}", are_hardest, number, names)
                for number, names in (
                    (1, ("snapping fingers", "speaking", "plastic crumpling")),
                    (2, ("speaking", "snapping fingers", "playing kendama", "paper shaking")),
                    (3, ("clapping", "snapping fingers")),
                )
            ),
            ("scenario 3: many", many_classes_are_hard, 3),
        ),
        ("resnet50",),
    ),
    Claim(
        9,
        "Its errors go to clapping in scenario 2, to knocking in scenario 3.",
        "ResNet-50 trained and tested on one scenario. Errors go to a class if its share of the "
        "other classes' errors is the largest that any class has and at least twice an even share, "
        "with the 95 % interval above an even share. Not so if the interval lies below. The claim "
        "holds if both parts do.",
        (
            ("scenario 2: errors to clapping", has_errors_to, 2, "clapping"),
            ("scenario 3: errors to knocking", has_errors_to, 3, "knocking"),
        ),
        ("resnet50",),
    ),
    Claim(
        10,
        "Spectrograms of scenario 1 are the cleanest; scenario 2 adds indoor echoes, scenario 3 "
        "ambient noise.",
        "Sequences of one action and subject in two scenarios are a pair; a measure is larger in "
        "one scenario if it is in at least two thirds of the pairs, with the exact 95 % interval "
        "of that share above one half (six pairs at least); not so if the interval lies below two "
        "thirds. Scenario 1 is the cleanest if the share of the spectrogram's cells within 40 dB "
        "of the loudest is larger in scenarios 2 and 3. Scenario 2 has echoes if the energy from "
        "50 to 200 ms after an event, relative to the first 50 ms, is larger than in scenarios 1 "
        "and 3. Scenario 3 has ambient noise if the noise floor (10th percentile of the level "
        "relative to the 95th) is higher than in scenarios 1 and 2. The claim holds if all six "
        "parts do.",
        (
            ("scenario 1 cleaner than 2", is_larger, *LIT, 2, 1),
            ("scenario 1 cleaner than 3", is_larger, *LIT, 3, 1),
            ("more echo in scenario 2 than 1", is_larger, *TAIL, 2, 1),
            ("more echo in scenario 2 than 3", is_larger, *TAIL, 2, 3),
            ("more ambient noise in scenario 3 than 1", is_larger, *NOISE_FLOOR, 3, 1),
            ("more ambient noise in scenario 3 than 2", is_larger, *NOISE_FLOOR, 3, 2),
        ),
    ),
    Claim(
        11,
        "Clapping and snapping fingers are periodic and concentrated at low frequencies; knocking "
        "repeats events at short intervals, at low frequencies, in every subject.",
        "An action shows a pattern if at least two thirds of its sequences do, with the exact 95 % "
        "interval of that share above one half (six sequences at least); not so if the interval "
        "lies below two thirds. Periodic: the autocorrelation of the sequence's events has a peak "
        "of at least 0.25 between 0.15 and 2 s, higher than as many events at random reach once in "
        "twenty. Low: more than half of the energy above the noise floor is below 1.5 kHz, a "
        "quarter of what is recorded. Short intervals: at least one event a second, with a median "
        "interval of at most 0.5 s. In every subject: of each, more than half of the sequences of "
        "knocking are low and have short intervals, and there are six subjects at least; not so if "
        "a subject has three sequences or more and none shows it. A sequence of which a pattern "
        "could not be measured is left out. The claim holds if all seven parts do.",
        (
            *(
                (f"{name}: {what}", mostly_shows, name, pattern)
                for name, what, pattern in (
                    ("clapping", "periodic", periodic),
                    ("clapping", "low frequencies", low),
                    ("snapping fingers", "periodic", periodic),
                    ("snapping fingers", "low frequencies", low),
                    ("knocking", "short intervals", short_intervals),
                    ("knocking", "low frequencies", low),
                )
            ),
            ("knocking: in every subject", every_subject_knocks_low_and_often),
        ),
    ),
)


def judge_claims(results: Results) -> list[Finding]:
    """Return the findings on all claims, in the paper's order."""
    return [claim.judge(results) for claim in CLAIMS]


def table_rows(findings: Sequence[Finding], runs: Sequence[Row], data_source: str) -> list[Row]:
    """Return findings as rows with `COLUMNS`: one for each claim and one for each of its parts.

    Parameters
    ----------
    runs : `network` and `initial_weights` of every run in the results.
    """
    rows = []
    for claim, verdict, items in findings:
        weights = {
            f"{row['network']}: {row['initial_weights']}": None
            for row in runs
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
