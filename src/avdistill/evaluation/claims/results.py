"""The results that claims are judged on: test predictions by sequence, and measured recordings."""

import itertools
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
from avdistill.evaluation.labels import network_label, scope_words, supervision_label
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
    """A network's test results by sequence, averaged over seeds.

    Attributes
    ----------
    shares : the share of a sequence's crops that are taken for a label. Rows are sequences, sorted
        by name; columns are labels.
    actual : the label of each sequence.
    right : for each sequence, the share of seeds whose mean logits are largest at its label.
    """

    shares: pd.DataFrame
    actual: pd.Series
    right: pd.Series

    @property
    def recalls(self) -> pd.Series:
        """Return the diagonal of the row-normalised confusion matrix, for the labels tested."""
        return self.recognised.groupby(self.actual).mean()

    @property
    def recognised(self) -> pd.Series:
        """Return for each sequence the share of its crops that are classified correctly."""
        own = self.shares.to_numpy()[np.arange(len(self.actual)), self.actual]
        return pd.Series(own, self.actual.index)

    def of(self, label: int) -> pd.DataFrame:
        """Return the rows of `shares` of the sequences of one label.

        Raises
        ------
        MissingError : none of its sequences was tested.
        """
        rows = self.shares[self.actual == label]
        if rows.empty:
            raise MissingError("no test sequence of this class")
        return rows


Key = tuple[str, str, str]  # network, supervision, scope


@dataclass(frozen=True)
class Results:
    """All results that a claim can be judged on.

    Attributes
    ----------
    outcomes : by network, supervision and scope, on the scope's own test split.
    measures : measures of every sequence's spectrogram, or None if there is no audio; see
        `avdistill.evaluation.spectrogram_measures`.
    seed : seed of the resampling.
    """

    dataset: DatasetDescription
    outcomes: dict[Key, Outcomes]
    measures: pd.DataFrame | None
    seed: int

    def label(self, name: str) -> int:
        """Return the label of a class; raise `MissingError` if the data set lacks the class."""
        if name not in self.dataset.classes:
            raise MissingError(f"the data set has no class “{name}”")
        return self.dataset.classes.index(name)

    def scenario(self, number: int) -> int:
        """Return the number that one of AVIA's scenarios has in this data set, found by its name.

        Raises
        ------
        MissingError : the data set does not have this scenario.
        """
        name = SCENARIOS[number - 1]
        if name not in self.dataset.scenarios:
            raise MissingError(f"the data set has no scenario “{name}”")
        return self.dataset.scenarios.index(name) + 1

    def outcomes_of(self, network: str, scope: str = "all") -> Outcomes:
        """Return a network's outcomes; of a student, averaged over (G), (D) and (R).

        The supplement does not say for which of them its confusion matrices are. Those that were
        not trained are left out.

        Raises
        ------
        MissingError : the network was not trained.
        """
        keys = [(network, supervision, scope) for supervision in PAPER_SUPERVISIONS]
        found = [self.outcomes[key] for key in keys if key in self.outcomes]
        if not found:
            raise MissingError(
                f"{network_label(network)} was not trained on {scope_words(scope)} in this run"
            )
        return mean_of(found)

    def paired_students(self, first: str, second: str) -> dict[str, tuple[Outcomes, Outcomes]]:
        """Return pairs of outcomes, one for each case of (G), (D) or (R) that has both students."""
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


def by_sequence(predictions: pd.DataFrame) -> Outcomes:
    """Return one network's predictions summed up by sequence."""
    labels = range(num_classes(predictions))
    shares = pd.crosstab(predictions["sequence"], predictions["predicted"], normalize="index")
    return Outcomes(
        shares.reindex(columns=labels, fill_value=0.0).sort_index(),
        predictions.groupby("sequence")["actual"].first().sort_index(),
        sequences_right(predictions).astype(float).sort_index(),
    )


def mean_of(tests: Sequence[Outcomes]) -> Outcomes:
    """Return the mean of outcomes on the same sequences; the unit stays the sequence."""
    return Outcomes(
        sum(test.shares for test in tests) / len(tests),
        tests[0].actual,
        sum(test.right for test in tests) / len(tests),
    )


def read_outcomes(
    paths: Sequence[Path], dataset: DatasetDescription
) -> tuple[dict[Key, Outcomes], list[dict[str, Any]]]:
    """Read predictions and, from the same folders, their networks' descriptions.

    Returns
    -------
    outcomes : by network, supervision and scope, averaged over seeds.
    descriptions : of all networks, sorted by network, supervision, scope and seed.

    Raises
    ------
    InputError : a file is missing or damaged, a network has other data or classes than the data
        set, comes twice, or was tested on other sequences than another network of its scope.
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
    means = {
        key: mean_of([outcomes[run] for run in seeds])
        for key, seeds in itertools.groupby(sorted(outcomes), key=lambda run: run[:-1])
    }
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
