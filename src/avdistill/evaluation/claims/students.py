"""Claims about students: 3, 4 and 5. Each judge's docstring holds its criterion."""

import numpy as np
import pandas as pd

from avdistill.evaluation.claims.comparison import MARGIN, compare, leads
from avdistill.evaluation.claims.confusions import (
    always_missed,
    confused_pair,
    draws_many_classes,
)
from avdistill.evaluation.claims.results import Results
from avdistill.evaluation.claims.uncertainty import counted, largest_unseen, per_cent
from avdistill.evaluation.claims.verdict import (
    Item,
    Judgement,
    Verdict,
    all_of,
    judged,
)
from avdistill.evaluation.intervals import resampled_interval

_MOST = 0.5  # of the cases
_DIFFERING = 6  # sequences: the least with which an exact two-sided test can reach 0.05

_HEARNET_PAIRS = (
    ("hammering", "knocking"),
    ("clicking", "typing"),
    ("paper shaking", "plastic crumpling"),
)
_SOUNDNET_PAIRS = (("hammering", "knocking"), ("paper shaking", "stick dropping"))


def hearnet_leads_in_many_cases(results: Results) -> Judgement:
    """Judge claim 3.

    Criterion: a case is a scope and a supervision, (G), (D) or (R), for which both students were
    trained. “Many” is more than half of the cases: HearNet has more test sequences right in so
    many, with a 95 % interval of the share of cases (test sequences resampled, for all cases at
    once) above one half. Not so if that interval does not reach above one half. Not decidable with
    fewer than six sequences on which the students differ in a case, unless there are 36 sequences
    and more. Each case's own verdict is that of claim 1's comparison.
    """
    cases = results.paired_students("hearnet", "soundnet")
    items = []
    for case, (hearnet, soundnet) in cases.items():
        comparison = compare(hearnet, soundnet, seed=results.seed)
        items.append(Item(case, comparison.verdict(), str(comparison)))
    if not cases:
        nothing = "HearNet and OurSoundNet were not both trained on one scope and supervision"
        return Judgement(
            Verdict.NOT_DECIDABLE, (Item("in many cases", Verdict.NOT_DECIDABLE, nothing),)
        )
    lead = pd.DataFrame({case: leads(*pair) for case, pair in cases.items()})
    tested = lead.notna().to_numpy(float)
    values = lead.fillna(0).to_numpy()

    def share_of_cases(drawn: np.ndarray) -> np.ndarray:
        # A case of which no sequence was drawn is not one in which HearNet leads.
        return ((drawn @ values > 1e-9) & (drawn @ tested > 0)).mean(axis=1)

    low, high = resampled_interval(len(lead), share_of_cases, seed=results.seed)
    differing = int((values != 0).any(axis=1).sum())
    leading = int((lead.mean() > 0).sum())
    if differing < _DIFFERING and largest_unseen(len(lead)) >= MARGIN:
        verdict = Verdict.NOT_DECIDABLE
    elif low > _MOST:
        verdict = Verdict.SUPPORTED
    else:
        verdict = Verdict.NOT_SUPPORTED if high <= _MOST else Verdict.NOT_DECIDABLE
    numbers = (
        f"HearNet leads in {leading} of {counted(len(cases), 'case')} ({per_cent(low)} to "
        f"{per_cent(high)}); they differ on {differing} of {counted(len(lead), 'sequence')}"
    )
    return Judgement(verdict, (Item("in many cases", verdict, numbers), *items))


def hearnet_confusions(results: Results) -> Judgement:
    """Judge claim 4.

    Criterion: HearNet trained on all scenarios, averaged over (G), (D) and (R), of which the paper
    does not say which it shows. Two classes are a main confusion if the rate at which they are
    taken for each other (both directions averaged) reaches 10 %, twice the mean of all other
    pairs, and a place among the largest tenth of all pairs, with the 95 % interval above that
    mean and above 5 %. Not so if the interval lies below what is asked for. The claim holds if all
    three pairs are.
    """
    return all_of(_pairs(results, "hearnet", _HEARNET_PAIRS))


def soundnet_confusions(results: Results) -> Judgement:
    """Judge claim 5.

    Criterion: OurSoundNet trained on all scenarios, averaged over (G), (D) and (R). Many classes
    are sent to one if it draws at least 10 % of the crops of at least a quarter of the other
    classes (interval above an eighth) and takes at least twice an even share of their errors
    (interval above an even share). Confused pairs are judged as in claim 4. Peanut breaking is
    always missed if at least 95 % of its crops are, with the interval above one half (six
    sequences at least). Not so if an interval lies below what is asked for. The claim holds if all
    five parts do.
    """

    def drawn(name: str) -> tuple[Verdict, str]:
        outcomes = results.any_supervision("soundnet")
        return draws_many_classes(outcomes, results.label(name), seed=results.seed)

    def missed() -> tuple[Verdict, str]:
        return always_missed(results.any_supervision("soundnet"), results.label("peanut breaking"))

    items = [
        judged(f"many classes to {name}", drawn, name)
        for name in ("playing kendama", "stick dropping")
    ]
    items += _pairs(results, "soundnet", _SOUNDNET_PAIRS)
    return all_of([*items, judged("peanut breaking missed", missed)])


def _pairs(results: Results, network: str, pairs: tuple[tuple[str, str], ...]) -> list[Item]:
    def confused(first: str, second: str) -> tuple[Verdict, str]:
        labels = results.label(first), results.label(second)
        return confused_pair(results.any_supervision(network), *labels, named=len(pairs))

    return [judged(f"{first} with {second}", confused, first, second) for first, second in pairs]
