"""Claims about teachers: 1, 2, 6, 7, 8 and 9. Each judge's docstring holds its criterion."""

from avdistill.evaluation.claims.comparison import MARGIN, compare
from avdistill.evaluation.claims.confusions import (
    HALF,
    always_missed,
    among_hardest,
    diagonal,
    draws_many_classes,
    errors_go_to,
    many_are_hard,
    recall,
)
from avdistill.evaluation.claims.results import Outcomes, Results
from avdistill.evaluation.claims.uncertainty import (
    counted,
    p_told,
)
from avdistill.evaluation.claims.verdict import (
    Judgement,
    MissingError,
    Verdict,
    all_of,
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


def acoustic_teachers_lead(results: Results) -> Judgement:
    """Judge claim 1.

    Criterion: for networks trained on all scenarios, each of the two acoustic teachers against
    each of the two visual ones. The first is more accurate if it has more test sequences right and
    the exact test of the sequences on which they differ has p of at most 0.05; not so if the other
    leads so, or if a lead of 10 points can be ruled out (by the 95 % interval, and 36 sequences at
    least). The claim holds if all four comparisons do.
    """

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


def acoustic_diagonals_are_high(results: Results) -> Judgement:
    """Judge claim 2.

    Criterion: for DualCamNet and AVNet trained on all scenarios, the mean of the row-normalised
    diagonal is at least 80 %, with its 95 % interval above 80 %, and no class is below 50 %. Not
    so if that interval, or one class's, lies below.
    """

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


def visual_teachers_draw_and_miss(results: Results) -> Judgement:
    """Judge claim 6.

    Criterion: for each of both networks trained on all scenarios. Many classes are sent to one if
    it draws at least 10 % of the crops of at least a quarter of the other classes (interval above
    an eighth) and takes at least twice an even share of their errors (interval above an even
    share). Whistling is always missed if at least 95 % of its crops are, with the interval above
    one half (six sequences at least). Not so if an interval lies below what is asked for. The
    claim holds if all six parts do.
    """

    def drawn(network: str, name: str) -> tuple[Verdict, str]:
        label = results.label(name)
        return draws_many_classes(results.teacher(network), label, seed=results.seed)

    def missed(network: str) -> tuple[Verdict, str]:
        return always_missed(results.teacher(network), results.label("whistling"))

    items = []
    for network in VISUAL:
        told = network_label(network)
        for name in ("clapping", "clicking"):
            items.append(judged(f"{told}: many classes to {name}", drawn, network, name))
        items.append(judged(f"{told}: whistling missed", missed, network))
    return all_of(items)


def scenario_1_is_easiest(results: Results) -> Judgement:
    """Judge claim 7.

    Criterion: ResNet-50's recall of each class in scenario 1 against that in scenario 2, and in 3,
    each network tested on its own scenario. It holds if no class is recognised less in scenario 1
    and the exact sign test over classes has p of at most 0.05 (six classes that differ at least).
    Not so if that test says the opposite, if the 95 % intervals of a class lie apart with scenario
    1 below, or if a mean lead of 10 points can be ruled out by the intervals of both means.
    """

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
        f"{counted(len(recalls), 'class')} tested in both, {p_told(p)}"
    )
    if apart or (p <= 1 - LEVEL and lower > higher):
        return Verdict.NOT_SUPPORTED, numbers
    if p <= 1 - LEVEL and not lower:
        return Verdict.SUPPORTED, numbers
    ruled_out = one.interval[1] - other.interval[0] < MARGIN
    return Verdict.NOT_SUPPORTED if ruled_out else Verdict.NOT_DECIDABLE, numbers


def hardest_classes_of_scenarios(results: Results) -> Judgement:
    """Judge claim 8.

    Criterion: ResNet-50 trained and tested on one scenario. A class is among its hardest if the
    share of its crops that is missed is among the largest third of all classes' (or as many as the
    paper names), and 10 points above the other classes' mean, with the 95 % interval above that of
    this mean. Scenario 3 is hard for many if half or more of the crops of at least a quarter of the
    classes are missed (interval above an eighth; two sequences a class at least). Not so if an
    interval lies below what is asked for. The claim holds if all parts do.
    """

    def hard(number: int, name: str) -> tuple[Verdict, str]:
        label, named = results.label(name), len(_HARDEST[number])
        return among_hardest(_resnet50_of(results, number), label, named=named)

    def many() -> tuple[Verdict, str]:
        return many_are_hard(_resnet50_of(results, 3), seed=results.seed)

    items = [
        judged(f"scenario {number}: {name}", hard, number, name)
        for number, names in _HARDEST.items()
        for name in names
    ]
    return all_of([*items, judged("scenario 3: many", many)])


def errors_of_scenarios(results: Results) -> Judgement:
    """Judge claim 9.

    Criterion: ResNet-50 trained and tested on one scenario. Errors go to a class if its share of
    the other classes' errors is the largest that any class has and at least twice an even share,
    with the 95 % interval above an even share. Not so if the interval lies below. The claim holds
    if both parts do.
    """

    def drawn(number: int, name: str) -> tuple[Verdict, str]:
        return errors_go_to(_resnet50_of(results, number), results.label(name))

    return all_of(
        [
            judged(f"scenario {number}: errors to {name}", drawn, number, name)
            for number, name in _ERRORS.items()
        ]
    )


def _resnet50_of(results: Results, number: int) -> Outcomes:
    """ResNet-50 trained and tested on one of AVIA's scenarios."""
    return results.teacher("resnet50", f"scenario{results.scenario(number)}")
