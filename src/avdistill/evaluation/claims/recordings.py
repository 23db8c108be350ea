"""Claims about recordings: 10 and 11."""

from collections.abc import Callable

import pandas as pd

from avdistill.evaluation.claims.results import Results
from avdistill.evaluation.claims.uncertainty import counted, p_in_words, share
from avdistill.evaluation.claims.verdict import MissingError, Verdict, decide
from avdistill.evaluation.sign_test import sign_test

MOSTLY = 2 / 3  # of pairs, or of sequences
PERIODIC = 0.25  # of the autocorrelation
LOW = 0.5  # of the energy
SHORT_S = 0.5  # s
REPEATED = 1.0  # events per second

_HALF = 0.5
_SUBJECTS = 6  # the fewest with which an exact two-sided test can reach p = 0.05
_LACKING = 3  # sequences of a subject: if none of so many shows a pattern, the subject lacks it


def is_larger(
    results: Results, measure: str, name: str, more: int, less: int
) -> tuple[Verdict, str]:
    """Judge whether a measure is larger in one scenario than in another (claim 10).

    Parameters
    ----------
    name : words for the measure.
    more, less : numbers of AVIA's scenarios.
    """
    measures = _measures(results)
    pairs = pd.DataFrame(
        {
            number: measures[measures["scenario"] == results.scenario(number)].set_index(
                ["action", "subject"]
            )[measure]
            for number in (more, less)
        }
    ).dropna()
    above, below, p = sign_test(pairs[more] - pairs[less])
    if not above + below:
        raise MissingError("no action and subject of which it could be measured in both")
    larger = share([1.0] * above + [0.0] * below)
    medians = pairs.median()
    numbers = (
        f"{name}: median {_number(medians[more])} against {_number(medians[less])}; larger in "
        f"{above} of {counted(above + below, 'pair')} ({100 * larger.interval[0]:.0f} to "
        f"{100 * larger.interval[1]:.0f} %), {p_in_words(p)}"
    )
    return decide(larger.estimate, larger.interval, bar=MOSTLY, null=_HALF), numbers


def periodic(measures: pd.DataFrame) -> tuple[pd.Series, str]:
    """Return which sequences are periodic, and numbers."""
    peak, chance = measures["periodicity"], measures["periodicity_by_chance"]
    return (peak >= PERIODIC) & (peak > chance), (
        f"median periodicity {_number(peak.median())}, by chance {_number(chance.median())}"
    )


def low(measures: pd.DataFrame) -> tuple[pd.Series, str]:
    """Return which sequences are concentrated at low frequencies, and numbers."""
    share_below = measures["low_share"].astype("Float64")  # compared, it keeps missing values
    return share_below > LOW, f"median share below 1.5 kHz {_number(share_below.median())}"


def short_intervals(measures: pd.DataFrame) -> tuple[pd.Series, str]:
    """Return which sequences repeat events at short intervals, and numbers."""
    interval = measures["median_interval_s"].astype("Float64")
    number = measures["events_per_second"]
    # A sequence with too few events for an interval still counts as measured.
    return (interval <= SHORT_S) & (number >= REPEATED), (
        f"median interval {_number(interval.median())} s, {_number(number.median())} events a "
        "second"
    )


Pattern = Callable[[pd.DataFrame], tuple[pd.Series, str]]


def mostly_shows(results: Results, name: str, shows: Pattern) -> tuple[Verdict, str]:
    """Judge whether the sequences of an action mostly show a pattern (claim 11)."""
    shown, numbers = shows(_sequences_of(results, name))
    shown = shown.dropna()
    if shown.empty:
        raise MissingError(f"no sequence of “{name}” of which it could be measured")
    mostly = share(shown.to_numpy(float))
    verdict = decide(mostly.estimate, mostly.interval, bar=MOSTLY, null=_HALF)
    return verdict, f"in {mostly}; {numbers}"


def every_subject_knocks_low_and_often(results: Results) -> tuple[Verdict, str]:
    """Judge whether most of every subject's sequences of knocking show both patterns (claim 11)."""
    measures = _sequences_of(results, "knocking")
    # If one measure is missing, the other can still rule the pattern out.
    shown = (low(measures)[0] & short_intervals(measures)[0]).dropna().astype(float)
    if shown.empty:
        raise MissingError("no sequence of “knocking” of which it could be measured")
    by_subject = shown.groupby(measures["subject"]).agg(["mean", "size"])
    mostly = int((by_subject["mean"] > _HALF).sum())
    lacking = int(((by_subject["mean"] == 0) & (by_subject["size"] >= _LACKING)).sum())
    numbers = (
        f"in most sequences of {mostly} of {counted(len(by_subject), 'subject')}; in none of three "
        f"or more of {lacking}"
    )
    if lacking:
        return Verdict.NOT_SUPPORTED, numbers
    everyone = mostly == len(by_subject) >= _SUBJECTS
    return Verdict.SUPPORTED if everyone else Verdict.NOT_DECIDABLE, numbers


def _sequences_of(results: Results, name: str) -> pd.DataFrame:
    measures = _measures(results)
    chosen = measures[measures["action"] == results.label(name) + 1]
    if chosen.empty:
        raise MissingError(f"no sequence of “{name}” was measured")
    return chosen


def _measures(results: Results) -> pd.DataFrame:
    if results.measures is None:
        raise MissingError("no spectrogram was measured: this run has no audio")
    return results.measures


def _number(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.3g}".replace("-", "−")
