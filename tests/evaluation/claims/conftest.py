"""Hand-made predictions and measures, on AVIA's classes and scenarios."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, SCENARIOS, SequenceId
from avdistill.evaluation.claims.judge import CLAIMS
from avdistill.evaluation.claims.results import Outcomes, Results, by_sequence
from avdistill.evaluation.claims.verdict import Verdict
from avdistill.evaluation.spectrogram_measures import COLUMNS
from avdistill.records.splits import split_sequences
from avdistill.results.predictions import check_predictions

CROPS = 10

Taken = Mapping[str, Mapping[str, float]]  # by actual class, share of its crops by predicted class


@pytest.fixture(scope="session")
def avia() -> DatasetDescription:
    """Describe data with AVIA's classes and scenarios."""
    return DatasetDescription("simulated", ACTIONS, SCENARIOS, 9, 30)


def _crops(label: int, taken: Mapping[str, float]) -> list[int]:
    """Predict a sequence's ten crops; what is not `taken` is right."""
    predicted = []
    for other, share in taken.items():
        predicted += [ACTIONS.index(other)] * round(share * CROPS)
    return predicted + [label] * (CROPS - len(predicted))


def _table(crops: Mapping[SequenceId, list[int]]) -> pd.DataFrame:
    rows = [
        (sequence.name, start, sequence.label, crop)
        for sequence, predicted in crops.items()
        for start, crop in enumerate(predicted)
    ]
    table = pd.DataFrame(rows, columns=["sequence", "start", "actual", "predicted"])
    logits = np.eye(len(ACTIONS), dtype=np.float32)[table["predicted"]]
    columns = [f"logit_{label}" for label in range(len(ACTIONS))]
    table = table.join(pd.DataFrame(logits, columns=columns))
    check_predictions(table, "hand-made")
    return table


@pytest.fixture(scope="session")
def predictions() -> Callable[..., pd.DataFrame]:
    """Predict ten crops of each of so many sequences a class; what is not `taken` is right."""

    def make(taken: Taken, per_class: int = 20, only: tuple[str, ...] = ACTIONS) -> pd.DataFrame:
        crops = {}
        for name in only:
            label = ACTIONS.index(name)
            for subject in range(1, per_class + 1):
                crops[SequenceId(1, subject, label + 1)] = _crops(label, taken.get(name, {}))
        return _table(crops)

    return make


@pytest.fixture(scope="session")
def tested(avia: DatasetDescription) -> Callable[..., Outcomes]:
    """Predict the very test sequences of a split of AVIA: 37 or 42 of all, 12 or 14 of a scenario.

    Classes that `taken` does not name are recognised, but for up to `rest` of a sequence's crops.
    """

    def make(taken: Taken, scope: str, strategy: str, rest: float) -> Outcomes:
        split = split_sequences(avia, scope, strategy, 42)
        names = set(split.loc[split["split"] == "test", "sequence"])
        random, crops = np.random.default_rng(0), {}
        for sequence in avia.sequences(scope):
            if sequence.name not in names:
                continue
            own = ACTIONS[sequence.label]
            wrong = random.choice([name for name in ACTIONS if name != own])
            some = {wrong: random.integers(round(rest * CROPS) + 1) / CROPS}
            crops[sequence] = _crops(sequence.label, taken.get(own, some))
        return by_sequence(_table(crops))

    return make


@pytest.fixture(scope="session")
def outcomes(predictions: Callable[..., pd.DataFrame]) -> Callable[..., Outcomes]:
    """Sum up hand-made predictions by sequence; the parameters are theirs."""
    made: dict[str, Outcomes] = {}

    def make(taken: Taken, per_class: int = 20, only: tuple[str, ...] = ACTIONS) -> Outcomes:
        key = repr((taken, per_class, only))
        if key not in made:
            made[key] = by_sequence(predictions(taken, per_class, only))
        return made[key]

    return make


@pytest.fixture(scope="session")
def measures(avia: DatasetDescription) -> Callable[..., pd.DataFrame]:
    """Give measures of AVIA's sequences.

    All measures are `usual`, except in a scenario (`scenarios`, by number) or of an action
    (`actions`, by name) for which others are given.
    """

    def make(
        scenarios: Mapping[int, dict[str, float]] | None = None,
        actions: Mapping[str, dict[str, float]] | None = None,
        subjects: int = 9,
        usual: float = 0.3,
    ) -> pd.DataFrame:
        rows = []
        for sequence in avia.sequences():
            if sequence.subject > subjects:
                continue
            row = dict.fromkeys(COLUMNS, usual)
            row |= {"sequence": sequence.name, "scenario": sequence.location}
            row |= {"subject": sequence.subject, "action": sequence.action}
            row |= (scenarios or {}).get(sequence.location, {})
            rows.append(row | (actions or {}).get(ACTIONS[sequence.label], {}))
        return pd.DataFrame(rows, columns=COLUMNS)

    return make


@pytest.fixture(scope="session")
def results(avia: DatasetDescription) -> Callable[..., Results]:
    """Put outcomes, by network, supervision and scope, and measures together."""

    def make(
        tests: Mapping[tuple, Outcomes] | None = None,
        measures: pd.DataFrame | None = None,
        dataset: DatasetDescription = avia,
    ) -> Results:
        return Results(dataset, dict(tests or {}), measures, seed=0)

    return make


@pytest.fixture(scope="session")
def judged() -> Callable[[Results, int], dict[str, Verdict]]:
    """Judge a claim by its number: verdicts by part, and of the `whole`."""

    def judge(results: Results, number: int) -> dict[str, Verdict]:
        judgement = CLAIMS[number - 1].judge(results)
        return {"whole": judgement.verdict} | {i.what: i.verdict for i in judgement.items}

    return judge
