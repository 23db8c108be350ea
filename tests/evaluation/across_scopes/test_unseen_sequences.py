import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.avia.dataset import DatasetDescription
from avdistill.evaluation.across_scopes.unseen_sequences import unseen_test_sequences
from avdistill.records.splits import split_sequences

RECORDINGS = [f"Location_0{i}/Subject_0{j}/Action_001" for i in (1, 2) for j in range(1, 9)]
PARTS = ("training", "validation", "test")

splits = st.dictionaries(st.sampled_from(RECORDINGS), st.sampled_from(PARTS)).map(
    lambda parts: pd.DataFrame({"sequence": list(parts), "split": list(parts.values())})
)


def part(split: pd.DataFrame, name: str) -> set[str]:
    return set(split.loc[split["split"] == name, "sequence"])


@settings(deadline=None, max_examples=200, derandomize=True)
@given(target=splits, own=splits, teachers=st.lists(splits, max_size=2))
def test_no_recording_seen_in_training_or_validation_is_tested_on(target, own, teachers):
    tested = set(unseen_test_sequences(target, [own, *teachers]))
    for seen in (own, *teachers):
        assert not tested & (part(seen, "training") | part(seen, "validation"))
    # And nothing else is left out: the rule costs no more test data than it must.
    left_out = part(target, "test") - tested
    assert all(
        any(name in part(seen, "training") | part(seen, "validation") for seen in (own, *teachers))
        for name in left_out
    )
    assert tested <= part(target, "test")


@settings(deadline=None, max_examples=30, derandomize=True)
@given(target=splits)
def test_on_its_own_scope_a_network_keeps_its_whole_test_split(target):
    assert set(unseen_test_sequences(target, [target])) == part(target, "test")


DATASET = DatasetDescription("simulated", ("a", "b"), ("x", "y"), 9, 6)


@pytest.mark.parametrize("strategy", ["paper", "stratified", "subject"])
@pytest.mark.parametrize("own", ["all", "scenario1"])
@pytest.mark.parametrize("target", ["all", "scenario1", "scenario2"])
def test_real_splits_of_every_strategy_keep_apart(strategy, own, target):
    splits = {scope: split_sequences(DATASET, scope, strategy, 42) for scope in DATASET.scopes}
    tested = set(unseen_test_sequences(splits[target], [splits[own]]))
    assert not tested & (part(splits[own], "training") | part(splits[own], "validation"))
    if strategy != "paper" or own == target or {own, target} == {"scenario1", "scenario2"}:
        assert tested == part(splits[target], "test")
