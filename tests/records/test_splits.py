"""Which sequences train, validate and test."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, SCENARIOS
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.files.csv_tables import write_frame
from avdistill.records.splits import (
    SPLITS,
    STRATEGIES,
    read_split,
    sequences_of,
    split_sequences,
)


def dataset(
    subjects: int = 9, classes: int = 14, scenarios: int = 3, missing: tuple[str, ...] = ()
) -> DatasetDescription:
    return DatasetDescription(
        "AVIA", ACTIONS[:classes], SCENARIOS[:scenarios], subjects, 30, missing
    )


def numbers(split) -> tuple[int, ...]:
    return tuple(int((split["split"] == name).sum()) for name in SPLITS)


datasets = st.builds(
    dataset,
    subjects=st.integers(3, 12),
    classes=st.integers(2, 14),
    scenarios=st.integers(1, 3),
    missing=st.sampled_from([(), ("Location_01/Subject_01/Action_001",)]),
)


def test_the_papers_numbers():
    assert numbers(split_sequences(dataset(), "all", "paper", 42)) == (302, 39, 37)
    for scenario in ("scenario1", "scenario2", "scenario3"):
        assert numbers(split_sequences(dataset(), scenario, "paper", 42)) == (100, 14, 12)


def test_the_papers_permutation():
    split = split_sequences(dataset(), "all", "paper", 42)
    names = sorted(split["sequence"])
    order = np.random.RandomState(42).permutation(378)
    assert sequences_of(split, "training") == sorted(names[i] for i in order[:302])
    assert sequences_of(split, "test") == sorted(names[i] for i in order[-37:])
    assert order[:5].tolist() == [287, 329, 323, 145, 55]  # frozen by NumPy


@pytest.mark.parametrize(
    ("subjects", "expected"), [(3, (1, 1, 1)), (5, (3, 1, 1)), (9, (7, 1, 1)), (20, (16, 2, 2))]
)
def test_stratified_numbers_in_each_action_and_scenario(
    subjects: int, expected: tuple[int, int, int]
):
    split = split_sequences(dataset(subjects), "all", "stratified", 0)
    for _, group in split.groupby(["action", "scenario"]):
        assert numbers(group) == expected


@pytest.mark.parametrize("strategy", ["stratified", "subject"])
def test_subject_numbers(strategy: str):
    split = split_sequences(dataset(9), "all", strategy, 0)
    assert numbers(split) == (7 * 42, 42, 42)


@pytest.mark.parametrize("strategy", ["stratified", "subject"])
def test_too_few_to_divide(strategy: str):
    with pytest.raises(InputError, match="too few to divide"):
        split_sequences(dataset(2), "all", strategy, 0)


def test_a_group_with_too_few_left_is_named():
    missing = tuple(f"Location_02/Subject_{subject:02d}/Action_003" for subject in (1, 2, 3))
    with pytest.raises(InputError, match=r"2 subjects for action 3 in scenario 2: too few"):
        split_sequences(dataset(5, missing=missing), "all", "stratified", 0)


def test_the_papers_strategy_without_a_test_sequence():
    with pytest.raises(InputError, match="leaves test of scope scenario1 without a sequence"):
        split_sequences(dataset(3, classes=2), "scenario1", "paper", 0)


def test_unknown_strategy_and_scope():
    with pytest.raises(InputError, match="unknown split strategy 'random'"):
        split_sequences(dataset(), "all", "random", 0)
    with pytest.raises(InputError, match="unknown scope 'scenario4'"):
        split_sequences(dataset(), "scenario4", "paper", 0)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(datasets, st.sampled_from(list(STRATEGIES)), st.integers(0, 2**31))
def test_every_sequence_is_in_exactly_one_split(
    description: DatasetDescription, strategy: str, seed: int
):
    for scope in description.scopes:
        try:
            split = split_sequences(description, scope, strategy, seed)
        except InputError:
            continue  # too few to divide: tested above
        expected = [sequence.name for sequence in description.sequences(scope)]
        assert split["sequence"].tolist() == expected
        parts = [set(sequences_of(split, name)) for name in SPLITS]
        assert all(parts)
        assert sum(map(len, parts)) == len(set.union(*parts)) == len(expected)
        again = split_sequences(description, scope, strategy, seed)
        assert again.equals(split)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(datasets, st.integers(0, 2**31))
def test_no_subject_is_in_two_splits(description: DatasetDescription, seed: int):
    splits = [split_sequences(description, scope, "subject", seed) for scope in description.scopes]
    for split in splits:
        subjects = split.groupby("subject")["split"].nunique()
        assert (subjects == 1).all()
    whole = dict(zip(splits[-1]["sequence"], splits[-1]["split"], strict=True))
    for split in splits[:-1]:  # nor in two splits of different scopes
        assert dict(zip(split["sequence"], split["split"], strict=True)).items() <= whole.items()


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.integers(4, 12), st.integers(2, 14), st.integers(1, 3), st.integers(0, 2**31))
def test_stratified_scopes_agree(subjects: int, classes: int, scenarios: int, seed: int):
    description = dataset(subjects, classes, scenarios)
    whole = split_sequences(description, "all", "stratified", seed)
    for scenario in range(1, scenarios + 1):
        own = split_sequences(description, f"scenario{scenario}", "stratified", seed)
        part = whole[whole["scenario"] == scenario].reset_index(drop=True)
        assert own.equals(part)


def test_command(tmp_path: Path, make_dataset, capsys: pytest.CaptureFixture):
    output = tmp_path / "splits" / "all.csv"
    options = ["--dataset", str(make_dataset()), "--scope", "all", "--output", str(output)]
    assert main(["split-sequences", *options, "--strategy", "stratified", "--seed", "1"]) == 0
    first = output.read_bytes()
    assert first.splitlines()[0] == b"sequence,action,scenario,subject,split"
    assert main(["split-sequences", *options, "--strategy", "stratified", "--seed", "1"]) == 0
    assert output.read_bytes() == first
    split = read_split(output)
    assert numbers(split) == (4, 4, 4)
    assert split["action"].max() == 2
    output.unlink()
    make_dataset(subjects=2)
    assert main(["split-sequences", *options, "--strategy", "subject"]) == 1
    assert "2 subjects: too few to divide" in capsys.readouterr().err
    assert not output.exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "not a split"),
        ("a,b\n1,2\n", "not a split"),
        ("sequence,action,scenario,subject,split\nx,1,1,1,train\n", "not a split"),
        ("sequence,action,scenario,subject,split\n" + "x,1,1,1,test\n" * 2, "twice"),
    ],
)
def test_damaged_split(tmp_path: Path, content: str, problem: str):
    path = tmp_path / "all.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=rf"{path}: .*{problem}"):
        read_split(path)


def test_missing_split(tmp_path: Path):
    with pytest.raises(InputError, match=r"all.csv: no such split"):
        read_split(tmp_path / "all.csv")


def test_round_trip(tmp_path: Path):
    split = split_sequences(dataset(), "all", "paper", 42)
    write_frame(tmp_path / "all.csv", split)
    assert read_split(tmp_path / "all.csv").equals(split)
