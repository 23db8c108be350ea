import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, SCENARIOS, SequenceId
from avdistill.cli import main
from avdistill.errors import InputError

NUMBERS = st.integers(1, 9999)


@pytest.fixture
def avia():
    return DatasetDescription("AVIA", ACTIONS, SCENARIOS, subjects=9, sequence_seconds=30)


def test_avia_has_378_sequences_in_lexical_order(avia):
    names = [sequence.name for sequence in avia.sequences()]
    assert len(set(names)) == 378
    assert names == sorted(names)
    assert avia.scopes == ("scenario1", "scenario2", "scenario3", "all")
    assert [len(avia.sequences(scope)) for scope in avia.scopes] == [126, 126, 126, 378]
    assert {sequence.location for sequence in avia.sequences("scenario2")} == {2}


def test_unknown_scope_is_refused(avia):
    with pytest.raises(InputError, match="unknown scope 'scenario4'; the data set has scenario1"):
        avia.sequences("scenario4")


@settings(deadline=None, derandomize=True)
@given(location=NUMBERS, subject=NUMBERS, action=NUMBERS)
def test_a_sequence_is_known_by_its_name(location, subject, action):
    sequence = SequenceId(location, subject, action)
    assert SequenceId.parse(sequence.name) == sequence
    assert sequence.label == action - 1


def test_raw_folders_count_actions_from_zero():
    assert SequenceId(1, 3, 5).name == "Location_01/Subject_03/Action_005"
    assert SequenceId(1, 3, 5).raw_folder == "Location_1/Subject_3/Action_4"


@pytest.mark.parametrize(
    "name",
    ["", "Location_1", "Location_0/Subject_1/Action_1", "Location_1/Subject_1/Action_1/", "a/b/c"],
)
def test_other_names_are_refused(name):
    with pytest.raises(InputError, match="is not the name of a sequence; write it like Location"):
        SequenceId.parse(name)


def describe(tmp_path, *changes: str) -> int:
    options = {
        "--source": ["AVIA"],
        "--classes": ["clapping", "whistling"],
        "--scenarios": ["open-space office"],
        "--subjects": ["2"],
        "--sequence-seconds": ["6"],
    }
    if changes:
        options[changes[0]] = list(changes[1:])
    flat = [text for option, values in options.items() for text in (option, *values)]
    return main(["describe-dataset", *flat, "--output", str(tmp_path / "dataset.json")])


def test_description_is_written_and_read_back(tmp_path):
    # `--missing` without names is how a rule passes an empty list on.
    assert describe(tmp_path, "--missing") == 0
    dataset = DatasetDescription.read(tmp_path / "dataset.json")
    expected = DatasetDescription("AVIA", ("clapping", "whistling"), ("open-space office",), 2, 6)
    assert dataset == expected
    assert not dataset.simulated
    assert describe(tmp_path, "--source", "simulated") == 0
    assert DatasetDescription.read(tmp_path / "dataset.json").simulated


def test_missing_sequences_are_left_out_however_their_numbers_are_written(tmp_path):
    assert describe(tmp_path, "--missing", "Location_1/Subject_02/Action_1") == 0
    dataset = DatasetDescription.read(tmp_path / "dataset.json")
    assert dataset.missing == ("Location_01/Subject_02/Action_001",)
    assert SequenceId(1, 2, 1) not in dataset.sequences()
    assert len(dataset.sequences()) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["--missing", "Location_02/Subject_01/Action_001"], "is not in the data set anyway"),
        (["--missing", "nonsense"], "'nonsense' is not the name of a sequence"),
        (["--classes", "clapping", "clapping"], "--classes: holds a value twice"),
        (["--subjects", "0"], "--subjects: is 0; give 1 or more"),
        (["--sequence-seconds", "-1"], "--sequence-seconds: is -1; give 1 or more"),
        (
            ["--missing", *(f"Location_1/Subject_{s}/Action_{a}" for s in (1, 2) for a in (1, 2))],
            "names every sequence",
        ),
    ],
)
def test_wrong_values_are_refused(tmp_path, capsys, changes, message):
    assert describe(tmp_path, *changes) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_other_content_is_refused(tmp_path):
    path = tmp_path / "dataset.json"
    for content in ([], {"source": "AVIA"}):
        path.write_text(json.dumps(content))
        with pytest.raises(InputError, match=r"dataset\.json: not a data set description"):
            DatasetDescription.read(path)
    path.write_text("{")
    with pytest.raises(InputError, match=r"dataset\.json: not valid JSON"):
        DatasetDescription.read(path)
