"""Files that jobs are given."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from avdistill.errors import InputError
from avdistill.networks.registry import NETWORKS
from avdistill.runs.inputs import JobInputs

DATA = JobInputs(Path("dataset.json"), Path("manifest.csv"), Path("all.csv"))


def test_files_are_named_by_their_roles():
    assert JobInputs().files() == {}
    whole = replace(DATA, slices=(Path("a"), Path("b")), grid=Path("grid.csv"))
    assert list(whole.files()) == ["dataset", "records", "split", "grid", "slices"]
    assert whole.files()["slices"] == (Path("a"), Path("b"))


def test_digests_are_those_of_the_files(tmp_path):
    for name in "abc":
        (tmp_path / name).write_text(name)
    a, b, c = (tmp_path / name for name in "abc")
    assert JobInputs(dataset=a, slices=(b, c)).digests() == {
        "dataset": hashlib.sha256(b"a").hexdigest(),
        "slices": [hashlib.sha256(b"b").hexdigest(), hashlib.sha256(b"c").hexdigest()],
    }


@pytest.mark.parametrize("role", ["records", "slices"])
def test_a_file_that_is_missing_or_a_folder_is_named(tmp_path, role):
    for path, message in (
        (tmp_path / "absent", "absent: no such file; run the rule that makes it"),
        (tmp_path, f"{tmp_path}: is a folder; name the file in it"),
    ):
        inputs = JobInputs(**{role: (path,) if role == "slices" else path})
        with pytest.raises(InputError, match=message):
            inputs.digests()


def test_what_is_missing_or_of_no_use_is_an_error():
    inputs = replace(DATA, soft_labels=Path("soft.parquet"))
    inputs.check({"soft_labels": True, "grid": False}, "job")
    with pytest.raises(InputError, match=r"^a job learns; leave out --soft-labels$"):
        inputs.check({"soft_labels": False}, "a job learns")
    with pytest.raises(InputError, match=r"^a job learns; give --grid$"):
        inputs.check({"soft_labels": True, "grid": True}, "a job learns")
    inputs.check({}, "whatever it is")


@pytest.mark.parametrize(
    ("network", "role"),
    [
        ("dualcamnet", None),
        ("resnet50", "features"),
        ("temporal_resnet50", "features"),
        ("avnet", "features"),
        ("hearnet", "statistics"),
        ("soundnet", None),
    ],
)
def test_a_network_has_the_files_that_its_input_is_made_with(network, role):
    spec = NETWORKS[network]
    for given in (None, "features", "statistics"):
        inputs = replace(DATA, **{given: Path("file")} if given else {})
        if given == role:
            inputs.check_network(spec)
        else:
            message = f"{network} takes {spec.modality} input; (give|leave out) --"
            with pytest.raises(InputError, match=message):
                inputs.check_network(spec)
