"""Claims about recordings: 10 and 11."""

from collections.abc import Callable

import pandas as pd

from avdistill.evaluation.claims.results import Results
from avdistill.evaluation.claims.uncertainty import counted, p_in_words, share
from avdistill.evaluation.claims.verdict import (
    Judgement,
    MissingError,
    Verdict,
    all_of,
    criterion,
    decide,
    judged,
)
from avdistill.evaluation.mcnemar import sign_test

MOSTLY = 2 / 3  # of pairs, or of sequences
PERIODIC = 0.25  # of the autocorrelation
LOW = 0.5  # of the energy
SHORT_S = 0.5  # s
REPEATED = 1.0  # events per second

_HALF = 0.5
_SUBJECTS = 6  # the fewest with which an exact two-sided test can reach p = 0.05
_LACKING = 3  # sequences of a subject: if none of so many shows a pattern, the subject lacks it


@criterion(
    """
    Sequences of one action and subject in two scenarios are a pair; a measure is larger in one
    scenario if it is in at least two thirds of the pairs, with the exact 95 % interval of that
    share above one half (six pairs at least); not so if the interval lies below two thirds.
    Scenario 1 is the cleanest if the share of the spectrogram's cells within 40 dB of the loudest
    is larger in scenarios 2 and 3. Scenario 2 has echoes if the energy from 50 to 200 ms after an
    event, relative to the first 50 ms, is larger than in scenarios 1 and 3. Scenario 3 has ambient
    noise if the noise floor (10th percentile of the level relative to the 95th) is higher than in
    scenarios 1 and 2. The claim holds if all six parts do.
    """
)
def scenarios_differ_in_noise(results: Results) -> Judgement:
    """Judge claim 10."""
    parts = [
        ("scenario 1 cleaner than 2", "lit_share", 2, 1, "share of lit cells"),
        ("scenario 1 cleaner than 3", "lit_share", 3, 1, "share of lit cells"),
        ("more echo in scenario 2 than 1", "tail_db", 2, 1, "tail of events, dB"),
        ("more echo in scenario 2 than 3", "tail_db", 2, 3, "tail of events, dB"),
        ("more ambient noise in scenario 3 than 1", "noise_floor_db", 3, 1, "noise floor, dB"),
        ("more ambient noise in scenario 3 than 2", "noise_floor_db", 3, 2, "noise floor, dB"),
    ]
    return all_of([judged(what, _larger, results, *part) for what, *part in parts])


def _larger(results: Results, measure: str, more: int, less: int, name: str) -> tuple[Verdict, str]:
    measures = _measures(results)
    pairs = pd.DataFrame(
        {
            number: measures[measures["scenario"] == results.scenario(number)].set_index(
                ["action", "subject"]
            )[measure]
            for number in (more, less)
        }
    ).dropna()
    above = int((pairs[more] > pairs[less]).sum())
    below = int((pairs[more] < pairs[less]).sum())
    if not above + below:
        raise MissingError("no action and subject of which it could be measured in both")
    larger = share([1.0] * above + [0.0] * below)
    medians = pairs.median()
    numbers = (
        f"{name}: median {_number(medians[more])} against {_number(medians[less])}; larger in "
        f"{above} of {counted(above + below, 'pair')} ({100 * larger.interval[0]:.0f} to "
        f"{100 * larger.interval[1]:.0f} %), {p_in_words(sign_test(above, below))}"
    )
    return decide(larger.estimate, larger.interval, bar=MOSTLY, null=_HALF), numbers


@criterion(
    """
    An action shows a pattern if at least two thirds of its sequences do, with the exact 95 %
    interval of that share above one half (six sequences at least); not so if the interval lies
    below two thirds. Periodic: the autocorrelation of the sequence's events has a peak of at least
    0.25 between 0.15 and 2 s, higher than as many events at random reach once in twenty. Low: more
    than half of the energy above the noise floor is below 1.5 kHz, a quarter of what is recorded.
    Short intervals: at least one event a second, with a median interval of at most 0.5 s. In every
    subject: of each, more than half of the sequences of knocking are low and have short intervals,
    and there are six subjects at least; not so if a subject has three sequences or more and none
    shows it. A sequence of which a pattern could not be measured is left out. The claim holds if
    all seven parts do.
    """
)
def patterns_of_actions(results: Results) -> Judgement:
    """Judge claim 11."""
    parts = [
        ("clapping", "periodic", _periodic),
        ("clapping", "low frequencies", _low),
        ("snapping fingers", "periodic", _periodic),
        ("snapping fingers", "low frequencies", _low),
        ("knocking", "short intervals", _short_intervals),
        ("knocking", "low frequencies", _low),
    ]
    items = [
        judged(f"{name}: {what}", _mostly, results, name, shows) for name, what, shows in parts
    ]
    return all_of([*items, judged("knocking: in every subject", _every_subject, results)])


def _periodic(measures: pd.DataFrame) -> tuple[pd.Series, str]:
    peak, chance = measures["periodicity"], measures["periodicity_by_chance"]
    return (peak >= PERIODIC) & (peak > chance), (
        f"median periodicity {_number(peak.median())}, by chance {_number(chance.median())}"
    )


def _low(measures: pd.DataFrame) -> tuple[pd.Series, str]:
    low = measures["low_share"].astype("Float64")  # comparisons of this type keep missing values
    return low > LOW, f"median share below 1.5 kHz {_number(low.median())}"


def _short_intervals(measures: pd.DataFrame) -> tuple[pd.Series, str]:
    interval = measures["median_interval_s"].astype("Float64")
    number = measures["events_per_second"]
    # A sequence with too few events for an interval still counts as measured.
    return (interval <= SHORT_S) & (number >= REPEATED), (
        f"median interval {_number(interval.median())} s, {_number(number.median())} events a "
        "second"
    )


Pattern = Callable[[pd.DataFrame], tuple[pd.Series, str]]


def _mostly(results: Results, name: str, shows: Pattern) -> tuple[Verdict, str]:
    shown, numbers = shows(_sequences_of(results, name))
    shown = shown.dropna()
    if shown.empty:
        raise MissingError(f"no sequence of “{name}” of which it could be measured")
    mostly = share(shown.to_numpy(float))
    verdict = decide(mostly.estimate, mostly.interval, bar=MOSTLY, null=_HALF)
    return verdict, f"in {mostly}; {numbers}"


def _every_subject(results: Results) -> tuple[Verdict, str]:
    measures = _sequences_of(results, "knocking")
    # If one measure is missing, the other can still rule the pattern out.
    shown = (_low(measures)[0] & _short_intervals(measures)[0]).dropna().astype(float)
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
