"""No recording seen in training or validation is ever tested on."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.errors import InputError
from avdistill.transfer.esc10 import FOLDS
from avdistill.transfer.external import masks_of_fold
from avdistill.transfer.scopes import parts_of

RECORDINGS = [f"Location_0{i}/Subject_0{j}/Action_001" for i in (1, 2) for j in range(1, 7)]
PARTS = ("training", "validation", "test")

splits = st.dictionaries(st.sampled_from(RECORDINGS), st.sampled_from(PARTS)).map(
    lambda parts: pd.DataFrame({"sequence": list(parts), "split": list(parts.values())})
)


def known(split: pd.DataFrame) -> set[str]:
    return set(split.loc[split["split"] != "test", "sequence"])


@settings(deadline=None, max_examples=150, derandomize=True)
@given(target=splits, own=splits, teacher=splits)
def test_across_scopes(target, own, teacher):
    if not {"training", "validation"} <= set(target["split"]):
        with pytest.raises(InputError, match="empty"):
            parts_of(target, [own, teacher])
        return
    training, validation, test = parts_of(target, [own, teacher])
    for seen in (known(own), known(teacher), known(target), set(training), set(validation)):
        assert not seen & set(test)
    assert not set(training) & set(validation)
    assert set(training) | set(validation) == known(target)
    # And no more is left out than must be.
    assert set(test) == set(target["sequence"]) - known(target) - known(own) - known(teacher)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(fold_of=st.dictionaries(st.integers(0, 40), st.sampled_from(FOLDS), min_size=1))
def test_across_folds(fold_of):
    sources = np.repeat(list(fold_of), 2)  # two clips of each recording
    folds = np.array([fold_of[source] for source in sources])
    tested = []
    for fold in FOLDS:
        training, validation, test = (set(sources[mask]) for mask in masks_of_fold(fold, folds))
        assert not test & (training | validation)
        assert not training & validation
        assert training | validation | test == set(fold_of)
        tested += sorted(test)
    assert sorted(tested) == sorted(fold_of)  # each exactly once


def test_the_next_fold_validates():
    folds = np.array([1, 2, 3, 4, 5])
    chosen = [[folds[mask].tolist() for mask in masks_of_fold(fold, folds)] for fold in (1, 5)]
    assert chosen == [[[3, 4, 5], [2], [1]], [[2, 3, 4], [1], [5]]]
