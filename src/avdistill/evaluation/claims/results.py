"""What claims are judged on: every network's test predictions, by sequence, and the recordings."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SCENARIOS
from avdistill.errors import InputError
from avdistill.evaluation.claims.verdict import MissingError
from avdistill.evaluation.labels import network_label, supervision_label
from avdistill.networks.registry import GROUND_TRUTH, NETWORKS
from avdistill.results.accuracy import sequences_right
from avdistill.results.metrics import run_of
from avdistill.results.model_folder import check_classes, read_model_description
from avdistill.results.predictions import num_classes, read_predictions

PAPER_SUPERVISIONS = (  # (G), (D), (R)
    GROUND_TRUTH,
    *(name for name, spec in NETWORKS.items() if spec.letter),
)


class Outcomes(NamedTuple):
    """What a network makes of its test sequences, averaged over seeds.

    Attributes
    ----------
    shares : a row per sequence, by name and sorted, and a column per label: the share of the
        sequence's crops that are taken for it.
    actual : label of each sequence.
    right : of each sequence, the share of seeds whose mean logits are largest at its label.
    """

    shares: pd.DataFrame
    actual: pd.Series
    right: pd.Series

    @property
    def recalls(self) -> pd.Series:
        """Diagonal of the row-normalised confusion matrix, by label; only of labels tested."""
        return self.recognised.groupby(self.actual).mean()

    @property
    def recognised(self) -> pd.Series:
        """Of each sequence, the share of its crops that are taken for what they are."""
        own = self.shares.to_numpy()[np.arange(len(self.actual)), self.actual]
        return pd.Series(own, self.actual.index)

    def of(self, label: int) -> pd.DataFrame:
        """Rows of `shares` of the sequences of one label."""
        return self.shares[self.actual == label]


Key = tuple[str, str, str]  # network, supervision, scope


@dataclass(frozen=True)
class Results:
    """Everything that a claim can be judged on.

    Attributes
    ----------
    outcomes : by network, supervision and scope, on the scope's own test split.
    measures : of every sequence's spectrogram, or None where nothing was recorded to hear; see
        `avdistill.evaluation.spectrogram_measures`.
    seed : of the resampling.
    """

    dataset: DatasetDescription
    outcomes: dict[Key, Outcomes]
    measures: pd.DataFrame | None
    seed: int

    def label(self, name: str) -> int:
        """Label of a class; one that the data set lacks is a `MissingError`."""
        if name not in self.dataset.classes:
            raise MissingError(f"the data set has no class “{name}”")
        return self.dataset.classes.index(name)

    def scenario(self, number: int) -> int:
        """Give the number in this data set of one of AVIA's scenarios, found by its name.

        Raises
        ------
        MissingError : it is not among this data set's.
        """
        name = SCENARIOS[number - 1]
        if name not in self.dataset.scenarios:
            raise MissingError(f"the data set has no scenario “{name}”")
        return self.dataset.scenarios.index(name) + 1

    def teacher(self, network: str, scope: str = "all") -> Outcomes:
        """Give a teacher's tests; one that was not trained is a `MissingError`."""
        return self.student(network, GROUND_TRUTH, scope)

    def student(self, network: str, supervision: str, scope: str) -> Outcomes:
        """Give the tests of a network that one supervision trained."""
        if (network, supervision, scope) not in self.outcomes:
            raise MissingError(_not_trained(network, scope))
        return self.outcomes[network, supervision, scope]

    def any_supervision(self, network: str, scope: str = "all") -> Outcomes:
        """Average a student's tests over (G), (D) and (R), as many of them as there are.

        The supplement does not say which of them its confusion matrices show.
        """
        found = [
            self.outcomes[network, supervision, scope]
            for supervision in PAPER_SUPERVISIONS
            if (network, supervision, scope) in self.outcomes
        ]
        if not found:
            raise MissingError(_not_trained(network, scope))
        return mean_of(found)

    def paired_students(self, first: str, second: str) -> dict[str, tuple[Outcomes, Outcomes]]:
        """Pair two students wherever both were trained by (G), (D) or (R) on a scope."""
        return {
            f"{supervision_label(supervision)}, {scope_words(scope)}": (
                self.outcomes[first, supervision, scope],
                self.outcomes[second, supervision, scope],
            )
            for scope in self.dataset.scopes
            for supervision in PAPER_SUPERVISIONS
            if (first, supervision, scope) in self.outcomes
            and (second, supervision, scope) in self.outcomes
        }


def _not_trained(network: str, scope: str) -> str:
    return f"{network_label(network)} was not trained on {scope_words(scope)} in this run"


def scope_words(scope: str) -> str:
    """Call a scope `all scenarios` or `scenario 1`."""
    return "all scenarios" if scope == "all" else scope.replace("scenario", "scenario ")


def by_sequence(predictions: pd.DataFrame) -> Outcomes:
    """Sum up one network's predictions by sequence."""
    labels = range(num_classes(predictions))
    shares = pd.crosstab(predictions["sequence"], predictions["predicted"], normalize="index")
    return Outcomes(
        shares.reindex(columns=labels, fill_value=0.0).sort_index(),
        predictions.groupby("sequence")["actual"].first().sort_index(),
        sequences_right(predictions).astype(float).sort_index(),
    )


def mean_of(tests: Sequence[Outcomes]) -> Outcomes:
    """Average outcomes on the same sequences: those remain the unit, however many seeds."""
    return Outcomes(
        sum(test.shares for test in tests) / len(tests),
        tests[0].actual,
        sum(test.right for test in tests) / len(tests),
    )


def read_outcomes(
    paths: Sequence[Path], dataset: DatasetDescription
) -> tuple[dict[Key, Outcomes], list[dict[str, Any]]]:
    """Read predictions, each beside its network's description.

    Returns
    -------
    outcomes : by network, supervision and scope, averaged over seeds.
    descriptions : of all networks, sorted by network, supervision, scope and seed.

    Raises
    ------
    InputError : a file is missing or damaged, a network is of other data or other classes than
        the data set, comes twice, or was tested on other sequences than others of its scope.
    """
    descriptions: dict[tuple, dict[str, Any]] = {}
    outcomes: dict[tuple, Outcomes] = {}
    actual: dict[str, pd.Series] = {}  # by scope
    for path in paths:
        description = read_model_description(path.parent)
        run, scope = run_of(description), description["scope"]
        if run in descriptions:
            raise InputError(f"{path}: a second result of one network; name each file once")
        descriptions[run] = description
        outcomes[run] = _read(path, description, dataset)
        if not outcomes[run].actual.equals(actual.setdefault(scope, outcomes[run].actual)):
            raise InputError(
                f"{path}: tested on other sequences than another network of {scope_words(scope)}; "
                "run both again"
            )
    seeds: dict[Key, list[Outcomes]] = {}
    for network, supervision, scope, seed in sorted(outcomes):
        seeds.setdefault((network, supervision, scope), []).append(
            outcomes[network, supervision, scope, seed]
        )
    means = {key: mean_of(tests) for key, tests in seeds.items()}
    return means, [descriptions[run] for run in sorted(descriptions)]


def _read(path: Path, description: dict[str, Any], dataset: DatasetDescription) -> Outcomes:
    check_classes(description, dataset, path.parent)
    if description["data_source"] != dataset.source:
        raise InputError(
            f"{path}: made on {description['data_source']} data, but the data set is "
            f"{dataset.source}; give predictions of one data set"
        )
    predictions = read_predictions(path)
    if predictions.empty or num_classes(predictions) != len(dataset.classes):
        raise InputError(
            f"{path}: {len(predictions)} crops of {num_classes(predictions)} classes; it takes "
            "some, of the data set's; delete it and run again"
        )
    return by_sequence(predictions)
