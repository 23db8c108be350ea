"""Claims about students: 3, 4 and 5."""

import numpy as np
import pandas as pd

from avdistill.evaluation.claims.comparison import MARGIN, compare, leads
from avdistill.evaluation.claims.confusions import (
    confused_pairs,
    draws_many_classes,
)
from avdistill.evaluation.claims.misses import always_missed
from avdistill.evaluation.claims.results import Results
from avdistill.evaluation.claims.uncertainty import counted, largest_unseen, per_cent
from avdistill.evaluation.claims.verdict import (
    Item,
    Judgement,
    Verdict,
    all_of,
    criterion,
    judged,
)
from avdistill.evaluation.intervals import resampled_interval

_MOST = 0.5  # of the cases
_DIFFERING = 6  # sequences: the fewest with which an exact two-sided test can reach p = 0.05

_HEARNET_PAIRS = (
    ("hammering", "knocking"),
    ("clicking", "typing"),
    ("paper shaking", "plastic crumpling"),
)
_SOUNDNET_PAIRS = (("hammering", "knocking"), ("paper shaking", "stick dropping"))


@criterion(
    """
    A case is a scope and a supervision, (G), (D) or (R), for which both students were trained.
    “Many” is more than half of the cases: HearNet has more test sequences right in so many, with a
    95 % interval of the share of cases (test sequences resampled, for all cases at once) above one
    half. Not so if that interval does not reach above one half. Not decidable with fewer than six
    sequences on which the students differ in a case, unless there are 36 sequences and more. Each
    case's own verdict is that of claim 1's comparison.
    """
)
def hearnet_leads_in_many_cases(results: Results) -> Judgement:
    """Judge claim 3."""
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
        # A case without a drawn sequence does not count as a lead of HearNet.
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


@criterion(
    """
    HearNet trained on all scenarios, averaged over (G), (D) and (R), of which the paper does not
    say which it shows. The three pairs are judged together, since one has about six test sequences;
    one of which a class has none is left out. They are the main confusions if a third of the errors
    in these classes' sequences go to the other class of the pair, with the 95 % interval above an
    even share; if the rate at which they are taken for each other (both directions averaged, then
    pairs) reaches 10 % and twice the mean of all other pairs; and if each pair's rate is above this
    mean. Not so if the interval of that share of errors lies below a third, or that of one pair's
    rate below 10 %. Not decidable with fewer than ten sequences of these classes.
    """
)
def hearnet_confusions(results: Results) -> Judgement:
    """Judge claim 4."""
    return all_of([_pairs(results, "hearnet", _HEARNET_PAIRS)])


@criterion(
    """
    OurSoundNet trained on all scenarios, averaged over (G), (D) and (R). Many classes are sent to
    one if it draws at least 10 % of the crops of at least a quarter of the other classes (interval
    above an eighth) and takes at least twice an even share of their errors (interval above an even
    share); not so if an interval lies below what is asked for. Confused pairs are judged together,
    as in claim 4. Peanut breaking is always missed if at least 95 % of its crops are, and of as
    many test sequences of any class only with p of at most 0.05 (class membership shuffled over
    sequences); not so if half or more of one of its sequences is recognised, or if the 95 %
    interval of what is missed lies below 95 %. The claim holds if all four parts do.
    """
)
def soundnet_confusions(results: Results) -> Judgement:
    """Judge claim 5."""

    def drawn(name: str) -> tuple[Verdict, str]:
        outcomes = results.any_supervision("soundnet")
        return draws_many_classes(outcomes, results.label(name), seed=results.seed)

    def missed() -> tuple[Verdict, str]:
        label = results.label("peanut breaking")
        return always_missed(results.any_supervision("soundnet"), label, seed=results.seed)

    items = [
        judged(f"many classes to {name}", drawn, name)
        for name in ("playing kendama", "stick dropping")
    ]
    items.append(_pairs(results, "soundnet", _SOUNDNET_PAIRS))
    return all_of([*items, judged("peanut breaking missed", missed)])


def _pairs(results: Results, network: str, pairs: tuple[tuple[str, str], ...]) -> Item:
    def confused() -> tuple[Verdict, str]:
        labels = {
            " with ".join(pair): (results.label(pair[0]), results.label(pair[1])) for pair in pairs
        }
        return confused_pairs(results.any_supervision(network), labels)

    return judged(", ".join(" with ".join(pair) for pair in pairs), confused)
