"""Hand-made predictions and measures, on AVIA's classes and scenarios."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, SCENARIOS
from avdistill.evaluation.claims.judge import CLAIMS
from avdistill.evaluation.claims.results import Outcomes, Results, by_sequence
from avdistill.evaluation.claims.verdict import Verdict
from avdistill.evaluation.predictions import check_predictions
from avdistill.evaluation.spectrogram_measures import COLUMNS

CROPS = 10

Taken = Mapping[str, Mapping[str, float]]  # by actual class, share of its crops by predicted class


@pytest.fixture(scope="session")
def avia() -> DatasetDescription:
    """Describe data with AVIA's classes and scenarios."""
    return DatasetDescription("simulated", ACTIONS, SCENARIOS, 9, 30)


@pytest.fixture(scope="session")
def predictions() -> Callable[..., pd.DataFrame]:
    """Predict ten crops of each of so many sequences a class; what is not `taken` is right."""

    def make(taken: Taken, per_class: int = 20, only: tuple[str, ...] = ACTIONS) -> pd.DataFrame:
        rows = []
        for name in only:
            label, predicted = ACTIONS.index(name), []
            for other, share in taken.get(name, {}).items():
                predicted += [ACTIONS.index(other)] * round(share * CROPS)
            predicted += [label] * (CROPS - len(predicted))
            for subject in range(1, per_class + 1):
                sequence = f"Location_01/Subject_{subject:02d}/Action_{label + 1:03d}"
                rows += [(sequence, start, label, crop) for start, crop in enumerate(predicted)]
        table = pd.DataFrame(rows, columns=["sequence", "start", "actual", "predicted"])
        logits = np.eye(len(ACTIONS), dtype=np.float32)[table["predicted"]]
        columns = [f"logit_{label}" for label in range(len(ACTIONS))]
        table = table.join(pd.DataFrame(logits, columns=columns))
        check_predictions(table, "hand-made")
        return table

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
