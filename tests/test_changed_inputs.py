"""Changed inputs are found by content, where their times are older than what was made of them."""

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest

from avdistill.changed_inputs import renew_changed_inputs

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


def test_a_record_cut_off_by_a_kill_is_passed_over(made):
    cut_off = made / ".snakemake/metadata/bm93"
    cut_off.write_text("")
    (made / "src/loss.py").write_text("loss = 0")
    os.utime("src/loss.py", (OLD, OLD))
    assert renew_changed_inputs() == ["src/loss.py"]
