"""Claims about teachers: 1, 2, 6, 7, 8 and 9."""

from avdistill.evaluation.claims.comparison import MARGIN, compare
from avdistill.evaluation.claims.confusions import (
    HALF,
    diagonal,
    draws_many_classes,
    errors_go_to,
    recall,
)
from avdistill.evaluation.claims.misses import always_missed, hardest, many_are_hard
from avdistill.evaluation.claims.results import Outcomes, Results
from avdistill.evaluation.claims.uncertainty import (
    counted,
    p_in_words,
)
from avdistill.evaluation.claims.verdict import (
    Judgement,
    MissingError,
    Verdict,
    all_of,
    criterion,
    decide,
    judged,
    together,
)
from avdistill.evaluation.intervals import LEVEL
from avdistill.evaluation.labels import network_label
from avdistill.evaluation.mcnemar import sign_test

ACOUSTIC, VISUAL = ("dualcamnet", "avnet"), ("resnet50", "temporal_resnet50")
HIGH = 0.8  # of a diagonal

_HARDEST = {
    1: ("snapping fingers", "speaking", "plastic crumpling"),
    2: ("speaking", "snapping fingers", "playing kendama", "paper shaking"),
    3: ("clapping", "snapping fingers"),
}
_ERRORS = {2: "clapping", 3: "knocking"}


@criterion(
    """
    For networks trained on all scenarios, each of the two acoustic teachers against each of the two
    visual ones. The first is more accurate if it has more test sequences right and the exact test
    of the sequences on which they differ has p of at most 0.05; not so if the other leads so, or if
    a lead of 10 points can be ruled out (by the 95 % interval, and 36 sequences at least). The
    claim holds if all four comparisons do.
    """
)
def acoustic_teachers_lead(results: Results) -> Judgement:
    """Judge claim 1."""

    def lead(acoustic: str, visual: str) -> tuple[Verdict, str]:
        one, other = results.teacher(acoustic), results.teacher(visual)
        comparison = compare(one, other, seed=results.seed)
        return comparison.verdict(), str(comparison)

    return all_of(
        [
            judged(
                f"{network_label(acoustic)} over {network_label(visual)}", lead, acoustic, visual
            )
            for acoustic in ACOUSTIC
            for visual in VISUAL
        ]
    )


@criterion(
    """
    For DualCamNet and AVNet trained on all scenarios, the mean of the row-normalised diagonal is at
    least 80 %, with its 95 % interval above 80 %, and no class is below 50 %. Not so if that
    interval, or one class's, lies below.
    """
)
def acoustic_diagonals_are_high(results: Results) -> Judgement:
    """Judge claim 2."""

    def high(network: str) -> tuple[Verdict, str]:
        outcomes = results.teacher(network)
        mean = diagonal(outcomes)
        classes = {label: recall(outcomes, label) for label in outcomes.recalls.index}
        worst = min(classes, key=lambda label: (classes[label].estimate, label))
        no_low_class = together(
            *(decide(one.estimate, one.interval, bar=HALF, null=-1) for one in classes.values())
        )
        numbers = (
            f"diagonal {mean}; lowest class {results.dataset.classes[worst]}, {classes[worst]}"
        )
        verdict = decide(mean.estimate, mean.interval, bar=HIGH, null=HIGH)
        return together(verdict, no_low_class), numbers

    return all_of([judged(network_label(network), high, network) for network in ACOUSTIC])


@criterion(
    """
    For each of both networks trained on all scenarios. Many classes are sent to one if it draws at
    least 10 % of the crops of at least a quarter of the other classes (interval above an eighth)
    and takes at least twice an even share of their errors (interval above an even share); not so if
    an interval lies below what is asked for. Whistling is always missed if at least 95 % of its
    crops are, and of as many test sequences of any class only with p of at most 0.05 (class
    membership shuffled over sequences: one sequence is enough if there are 20 and none of the
    others is missed as much); not so if half or more of one of its sequences is recognised, or if
    the 95 % interval of what is missed lies below 95 %. The claim holds if all six parts do.
    """
)
def visual_teachers_draw_and_miss(results: Results) -> Judgement:
    """Judge claim 6."""

    def drawn(network: str, name: str) -> tuple[Verdict, str]:
        label = results.label(name)
        return draws_many_classes(results.teacher(network), label, seed=results.seed)

    def missed(network: str) -> tuple[Verdict, str]:
        return always_missed(
            results.teacher(network), results.label("whistling"), seed=results.seed
        )

    items = []
    for network in VISUAL:
        label = network_label(network)
        for name in ("clapping", "clicking"):
            items.append(judged(f"{label}: many classes to {name}", drawn, network, name))
        items.append(judged(f"{label}: whistling missed", missed, network))
    return all_of(items)


@criterion(
    """
    ResNet-50's recall of each class in scenario 1 against that in scenario 2, and in 3, each
    network tested on its own scenario. It holds if no class is recognised less in scenario 1 and
    the exact sign test over classes has p of at most 0.05 (six classes that differ at least). Not
    so if that test says the opposite, if the 95 % intervals of a class lie apart with scenario 1
    below, or if a mean lead of 10 points can be ruled out by the intervals of both means.
    """
)
def scenario_1_is_easiest(results: Results) -> Judgement:
    """Judge claim 7."""

    def easier(other: int) -> tuple[Verdict, str]:
        return _easier_for_all(_resnet50_of(results, 1), _resnet50_of(results, other))

    return all_of([judged(f"scenario 1 over scenario {other}", easier, other) for other in (2, 3)])


def _easier_for_all(first: Outcomes, second: Outcomes) -> tuple[Verdict, str]:
    recalls = (first.recalls - second.recalls).dropna().round(9)  # of classes tested in both
    if recalls.empty:
        raise MissingError("no class was tested in both")
    higher, lower = int((recalls > 0).sum()), int((recalls < 0).sum())
    p = sign_test(higher, lower)
    apart = [
        label
        for label in recalls.index
        if recall(first, label).interval[1] < recall(second, label).interval[0]
    ]
    one, other = diagonal(first), diagonal(second)
    numbers = (
        f"{one} against {other}; higher in {higher}, lower in {lower} of "
        f"{counted(len(recalls), 'class')} tested in both, {p_in_words(p)}"
    )
    if apart or (p <= 1 - LEVEL and lower > higher):
        return Verdict.NOT_SUPPORTED, numbers
    if p <= 1 - LEVEL and not lower:
        return Verdict.SUPPORTED, numbers
    ruled_out = one.interval[1] - other.interval[0] < MARGIN
    return Verdict.NOT_SUPPORTED if ruled_out else Verdict.NOT_DECIDABLE, numbers


@criterion(
    """
    ResNet-50 trained and tested on one scenario. A scenario's classes are judged together, since
    one has about one test sequence; one that has none is left out. They are the hardest if their
    sequences are missed 10 points more than those of the other classes (share of crops), so much
    more than as many sequences of any class only with p of at most 0.05 (class membership shuffled
    over sequences), and each of them 10 points more. Not so if the same test rules out 10 points
    more, for all of them or for one. Not decidable with too few sequences for such a p: two of
    twelve are enough. Scenario 3 is hard for many if of a third of the sequences, each class
    counting the same, half or more of the crops are missed (95 % interval above a sixth); not so if
    the interval lies below a third, which takes ten sequences of as many classes. The claim holds
    if all four parts do.
    """
)
def hardest_classes_of_scenarios(results: Results) -> Judgement:
    """Judge claim 8."""

    def hard(number: int) -> tuple[Verdict, str]:
        labels = {name: results.label(name) for name in _HARDEST[number]}
        return hardest(_resnet50_of(results, number), labels, seed=results.seed)

    def many() -> tuple[Verdict, str]:
        return many_are_hard(_resnet50_of(results, 3))

    items = [
        judged(f"scenario {number}: {', '.join(names)}", hard, number)
        for number, names in _HARDEST.items()
    ]
    return all_of([*items, judged("scenario 3: many", many)])


@criterion(
    """
    ResNet-50 trained and tested on one scenario. Errors go to a class if its share of the other
    classes' errors is the largest that any class has and at least twice an even share, with the 95
    % interval above an even share. Not so if the interval lies below. The claim holds if both parts
    do.
    """
)
def errors_of_scenarios(results: Results) -> Judgement:
    """Judge claim 9."""

    def drawn(number: int, name: str) -> tuple[Verdict, str]:
        return errors_go_to(_resnet50_of(results, number), results.label(name))

    return all_of(
        [
            judged(f"scenario {number}: errors to {name}", drawn, number, name)
            for number, name in _ERRORS.items()
        ]
    )


def _resnet50_of(results: Results, number: int) -> Outcomes:
    """Return the outcomes of ResNet-50 trained and tested on one of AVIA's scenarios."""
    return results.teacher("resnet50", f"scenario{results.scenario(number)}")
