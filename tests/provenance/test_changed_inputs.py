"""Changed inputs are found by content, where their times are older than what was made of them."""

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest

from avdistill.errors import InputError
from avdistill.provenance.changed_inputs import renew_changed_inputs

OLD, LATER = 1_000_000_000, 1_100_000_000
OUTPUT = "results/students/all/model.json"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Make an output of two sources, newer than both, with Snakemake's record of it."""
    monkeypatch.chdir(tmp_path)
    sources = {"src/loss.py": "loss = 1", "src/network.py": "units = 2"}
    for name, text in {**sources, OUTPUT: "{}"}.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
        os.utime(name, (OLD, OLD))
    os.utime(OUTPUT, (LATER, LATER))
    checksums = {
        name: f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
        for name, text in sources.items()
    }
    key = base64.urlsafe_b64encode(OUTPUT.encode()).decode()
    record = Path(".snakemake/metadata", f"@{key[:9]}", key[9:])  # as long names are
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"input_checksums": checksums}))
    return tmp_path


def test_unchanged_inputs_keep_their_times(made):
    assert renew_changed_inputs() == []
    assert (made / "src/loss.py").stat().st_mtime == OLD


def test_a_changed_input_becomes_newer_than_what_was_made_of_it(made):
    (made / "src/loss.py").write_text("loss = 0")
    os.utime("src/loss.py", (OLD, OLD))
    assert renew_changed_inputs() == ["src/loss.py"]
    assert (made / "src/loss.py").stat().st_mtime > LATER
    assert (made / "src/network.py").stat().st_mtime == OLD
    assert renew_changed_inputs() == []


def test_an_input_that_is_newer_is_left_to_snakemake(made):
    (made / "src/loss.py").write_text("loss = 0")
    assert renew_changed_inputs() == []


def test_records_of_outputs_that_are_gone_say_nothing(made):
    (made / "src/loss.py").write_text("loss = 0")
    os.utime("src/loss.py", (OLD, OLD))
    (made / OUTPUT).unlink()
    assert renew_changed_inputs() == []


def test_without_any_record_all_sources_are_renewed(made):
    for record in (made / ".snakemake/metadata").glob("*/*"):
        record.unlink()
        record.parent.rmdir()
    (made / ".snakemake/metadata").rmdir()
    assert renew_changed_inputs() == ["src/loss.py", "src/network.py"]
    assert (made / "src/network.py").stat().st_mtime > LATER


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bm93", b""),  # a record that was cut off by a kill
        (".nfs0000000000a1", b'{"input_checksums": {}}'),  # a name of no right length
        ("_w==", b'{"input_checksums": {}}'),  # the byte ff, which is no text
        (".DS_Store", b"\x00\x00\x00\x01Bud1\xff"),
    ],
)
def test_what_is_no_record_is_passed_over(made, name, content):
    (made / ".snakemake/metadata" / name).write_bytes(content)
    (made / "src/loss.py").write_text("loss = 0")
    os.utime("src/loss.py", (OLD, OLD))
    assert renew_changed_inputs() == ["src/loss.py"]


@pytest.fixture
def as_another_user(made):
    """Change an input of a user who is not oneself."""
    (made / "src/loss.py").write_text("loss = 0")
    os.utime("src/loss.py", (OLD, OLD))
    if os.geteuid() != 0:
        pytest.skip("only root can be another user")
    made.chmod(0o755)
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.mark.usefixtures("as_another_user")
def test_a_changed_input_of_another_user_is_one_message():
    with pytest.raises(InputError, match=r"^src/loss\.py: changed since .*; touch it, or ask its"):
        renew_changed_inputs()
