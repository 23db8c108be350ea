"""Claims about networks: 1 to 9."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from avdistill.evaluation.claims.confusions import (
    HALF,
    confused_pairs,
    diagonal,
    errors_go_to,
    recall,
)
from avdistill.evaluation.claims.misses import hardest, many_are_hard
from avdistill.evaluation.claims.results import Outcomes, Results
from avdistill.evaluation.claims.uncertainty import (
    counted,
    largest_unseen,
    p_in_words,
    per_cent,
)
from avdistill.evaluation.claims.verdict import (
    Item,
    MissingError,
    Verdict,
    decide,
    together,
)
from avdistill.evaluation.intervals import LEVEL, bootstrap_interval, resampled_interval
from avdistill.evaluation.sign_test import sign_test

MARGIN = 0.1  # 37 sequences cannot distinguish a lead below 10 percentage points from none
HIGH = 0.8  # of a diagonal

_MOST = 0.5  # of the cases
_DIFFERING = 6  # sequences: the fewest with which an exact two-sided test can reach p = 0.05


def leads(results: Results, first: str, second: str) -> tuple[Verdict, str]:
    """Judge whether one network is more accurate than another (claim 1)."""
    return more_accurate(results.outcomes_of(first), results.outcomes_of(second), seed=results.seed)


def more_accurate(first: Outcomes, second: Outcomes, *, seed: int) -> tuple[Verdict, str]:
    """Judge whether the first of two networks is more accurate, on the same sequences.

    Each sequence is judged by its mean logits, averaged over seeds. Supported: the first leads,
    with p of at most 0.05 in the exact two-sided sign test of the sequences that one network has
    right more often; for one seed this is McNemar's test. Not supported: the second leads, with p
    of at most 0.05, or the paired 95 % interval of the lead rules out 10 points. With fewer than 36
    sequences nothing is ruled out: an exact interval holds such a lead even if the networks never
    differ.

    Parameters
    ----------
    seed : seed of the bootstrap over whole sequences.
    """
    lead = _leads(first, second)
    only_first, only_second, p = sign_test(lead)
    ends = bootstrap_interval(lead.to_numpy(), lead.index, seed=seed, bounds=(-1.0, 1.0))
    low, high = (f"{100 * end:+.0f}".replace("-", "−") for end in ends)
    one, other = float(first.right.mean()), float(second.right.mean())
    numbers = (
        f"{per_cent(one)} against {per_cent(other)} of {counted(len(lead), 'sequence')}; "
        f"lead {low} to {high} points; {only_first} against {only_second} sequences, "
        f"{p_in_words(p)}"
    )
    if p <= 1 - LEVEL and one > other and only_first > only_second:
        return Verdict.SUPPORTED, numbers
    behind = p <= 1 - LEVEL and one < other and only_first < only_second
    ruled_out = max(ends[1], largest_unseen(len(lead))) < MARGIN
    return Verdict.NOT_SUPPORTED if behind or ruled_out else Verdict.NOT_DECIDABLE, numbers


def _leads(first: Outcomes, second: Outcomes) -> pd.Series:
    """Return by sequence how much more often the first is right, between -1 and 1."""
    return (first.right - second.right).round(9)


def has_high_diagonal(results: Results, network: str) -> tuple[Verdict, str]:
    """Judge whether a network recognises most of each class (claim 2)."""
    outcomes = results.outcomes_of(network)
    mean = diagonal(outcomes)
    classes = {label: recall(outcomes, label) for label in outcomes.recalls.index}
    worst = min(classes, key=lambda label: (classes[label].estimate, label))
    no_low_class = together(
        *(decide(one.estimate, one.interval, bar=HALF, null=-1) for one in classes.values())
    )
    verdict = decide(mean.estimate, mean.interval, bar=HIGH, null=HIGH)
    return together(verdict, no_low_class), (
        f"diagonal {mean}; lowest class {results.dataset.classes[worst]}, {classes[worst]}"
    )


def hearnet_leads_in_many_cases(results: Results) -> tuple[Verdict, str]:
    """Judge whether HearNet leads OurSoundNet in many cases (claim 3)."""
    cases = results.paired_students("hearnet", "soundnet")
    if not cases:
        raise MissingError(
            "HearNet and OurSoundNet were not both trained on one scope and supervision"
        )
    lead = pd.DataFrame({case: _leads(*pair) for case, pair in cases.items()})
    tested = lead.notna().to_numpy(float)
    values = lead.fillna(0).to_numpy()

    def share_of_cases(drawn: np.ndarray) -> np.ndarray:
        # A case without a drawn sequence does not count as a lead of HearNet.
        return ((drawn @ values > 1e-9) & (drawn @ tested > 0)).mean(axis=1)

    low, high = resampled_interval(len(lead), share_of_cases, seed=results.seed)
    differing = int((values != 0).any(axis=1).sum())
    numbers = (
        f"HearNet leads in {(lead.mean() > 0).sum()} of {counted(len(cases), 'case')} "
        f"({per_cent(low)} to {per_cent(high)}); they differ on {differing} of "
        f"{counted(len(lead), 'sequence')}"
    )
    if differing < _DIFFERING and largest_unseen(len(lead)) >= MARGIN:
        return Verdict.NOT_DECIDABLE, numbers
    if low > _MOST:
        return Verdict.SUPPORTED, numbers
    return Verdict.NOT_SUPPORTED if high <= _MOST else Verdict.NOT_DECIDABLE, numbers


def hearnet_in_each_case(results: Results) -> list[Item]:
    """Judge whether HearNet is more accurate than OurSoundNet, in each case for itself."""
    return [
        Item(case, *more_accurate(*pair, seed=results.seed))
        for case, pair in results.paired_students("hearnet", "soundnet").items()
    ]


def are_confused(
    results: Results, network: str, pairs: tuple[tuple[str, str], ...]
) -> tuple[Verdict, str]:
    """Judge whether pairs of classes are a student's main confusions (claim 4, claim 5)."""
    labels = {" with ".join(pair): tuple(map(results.label, pair)) for pair in pairs}
    return confused_pairs(results.outcomes_of(network), labels)


Judge = Callable[..., tuple[Verdict, str]]  # called with outcomes, a label and a seed


def by_network(results: Results, judge: Judge, network: str, name: str) -> tuple[Verdict, str]:
    """Judge one class of a network (claim 5, claim 6); without both, the network is named."""
    return judge(results.outcomes_of(network), results.label(name), seed=results.seed)


def by_class(results: Results, judge: Judge, network: str, name: str) -> tuple[Verdict, str]:
    """Judge one class of a network (claim 5, claim 6); without both, the class is named."""
    label = results.label(name)
    return judge(results.outcomes_of(network), label, seed=results.seed)


def scenario_1_is_easier(results: Results, other: int) -> tuple[Verdict, str]:
    """Judge whether ResNet-50 recognises every class better in scenario 1 (claim 7)."""
    first, second = _of_scenario(results, 1), _of_scenario(results, other)
    recalls = (first.recalls - second.recalls).dropna().round(9)  # of classes tested in both
    if recalls.empty:
        raise MissingError("no class was tested in both")
    higher, lower, p = sign_test(recalls)
    apart = any(
        recall(first, label).interval[1] < recall(second, label).interval[0]
        for label in recalls.index
    )
    one, two = diagonal(first), diagonal(second)
    numbers = (
        f"{one} against {two}; higher in {higher}, lower in {lower} of "
        f"{counted(len(recalls), 'class')} tested in both, {p_in_words(p)}"
    )
    if apart or (p <= 1 - LEVEL and lower > higher):
        return Verdict.NOT_SUPPORTED, numbers
    if p <= 1 - LEVEL and not lower:
        return Verdict.SUPPORTED, numbers
    ruled_out = one.interval[1] - two.interval[0] < MARGIN
    return Verdict.NOT_SUPPORTED if ruled_out else Verdict.NOT_DECIDABLE, numbers


def are_hardest(results: Results, number: int, names: tuple[str, ...]) -> tuple[Verdict, str]:
    """Judge whether classes are ResNet-50's hardest in a scenario (claim 8)."""
    labels = {name: results.label(name) for name in names}
    return hardest(_of_scenario(results, number), labels, seed=results.seed)


def many_classes_are_hard(results: Results, number: int) -> tuple[Verdict, str]:
    """Judge whether many classes of a scenario are hard for ResNet-50 (claim 8)."""
    return many_are_hard(_of_scenario(results, number))


def has_errors_to(results: Results, number: int, name: str) -> tuple[Verdict, str]:
    """Judge whether ResNet-50's errors in a scenario go to one class (claim 9)."""
    return errors_go_to(_of_scenario(results, number), results.label(name))


def _of_scenario(results: Results, number: int) -> Outcomes:
    """Return the outcomes of ResNet-50 trained and tested on one of AVIA's scenarios."""
    return results.outcomes_of("resnet50", f"scenario{results.scenario(number)}")
