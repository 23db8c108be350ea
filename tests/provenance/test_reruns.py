"""What is made anew as a whole or for an input of the user's, by Snakemake itself."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from avdistill.provenance.reruns import RECORDS_BEGAN, input_digest, prepare_full_rerun

SNAKEFILE = """
import sys
from avdistill.provenance.reruns import RECORDS_BEGAN, input_digest, prepare_full_rerun

if workflow.is_main_process:
    if message := prepare_full_rerun():
        print(message, file=sys.stderr)

rule all:
    input: "results/claims/claims.csv", "results/networks.csv"

rule describe_dataset:
    input: RECORDS_BEGAN
    output: "results/dataset.json"
    params: code=lambda wildcards: config["code"]
    shell: "echo {config[classes]} > {output}"

rule simulate:
    input: dataset="results/dataset.json", recordings=["knock.wav", "clap.wav"]
    output: "results/raw/manifest.csv"
    params: recordings=lambda wildcards: input_digest("knock.wav", "clap.wav")
    shell: "cat {input} > {output}"

rule convert:
    input: "results/raw/manifest.csv"
    output: "results/records/manifest.csv"
    shell: "cp {input} {output}"

rule judge:
    input: "results/records/manifest.csv"
    output: "results/claims/claims.csv"
    log: "results/logs/judge.log"
    shell: "cp {input} {output} 2> {log}"

rule measure:
    input: RECORDS_BEGAN
    output: "results/networks.csv"
    shell: "date > {output}"
"""
ALL = {"describe_dataset", "simulate", "convert", "judge", "measure"}
DATASET = Path("results/dataset.json")
OLD = 1_000_000_000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Go to an empty project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name, text="", time=None):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if time:
        os.utime(path, (time, time))


def write_record(text):
    name = base64.urlsafe_b64encode(str(DATASET).encode()).decode()
    write(f".snakemake/metadata/{name}", text)


@pytest.mark.parametrize(
    "name",
    ["results/logs/describe.log", "results/benchmarks/a.tsv", "results/.gitignore", "config.yaml"],
)
def test_where_nothing_was_made_there_is_no_message(folder, name):
    write(name)
    (folder / "results/raw").mkdir(parents=True)
    assert prepare_full_rerun() is None
    assert Path(RECORDS_BEGAN).is_file()


@pytest.mark.parametrize("name", ["results/raw/matfiles/a.mat", "results/plots_page.html"])
def test_without_any_record_the_input_of_what_comes_first_is_newer_than_results(folder, name):
    write(RECORDS_BEGAN, "something else", OLD)
    write(".snakemake/metadata/.nfs0000000000a1")
    write(name)
    assert prepare_full_rerun().startswith("results: no record in .snakemake/metadata says how")
    assert Path(RECORDS_BEGAN).stat().st_mtime >= Path(name).stat().st_mtime
    assert "something" not in Path(RECORDS_BEGAN).read_text()


def test_with_records_it_keeps_its_time(folder):
    write_record('{"input": []}')
    write(str(DATASET))
    assert prepare_full_rerun() is None
    os.utime(RECORDS_BEGAN, (OLD, OLD))
    assert prepare_full_rerun() is None
    assert Path(RECORDS_BEGAN).stat().st_mtime == OLD


@pytest.mark.parametrize(
    ("record", "is_older"),
    [
        ({"input": ["src/avdistill/commands/describe_dataset.py"]}, True),
        ({"input": [RECORDS_BEGAN]}, False),
        ({"input": None}, False),
        ({}, False),
    ],
)
def test_records_of_an_older_version_are_known_by_their_source_files(folder, record, is_older):
    write_record(json.dumps(record))
    assert ("by an older version of avdistill" in (prepare_full_rerun() or "")) == is_older


def test_a_record_that_was_cut_off_says_nothing(folder):
    write_record('{"input": ["src/avdist')
    assert prepare_full_rerun() is None


def test_inputs_are_digested_by_content_in_their_order(folder):
    for name in ("one", "same", "other"):
        write(name, name.replace("same", "one"), OLD)
    assert input_digest("one", "other") == input_digest("same", "other")
    assert input_digest("one", "other") != input_digest("other", "one")
    with pytest.raises(FileNotFoundError):
        input_digest("absent")


@pytest.fixture
def run(folder):
    """Run the workflow once; then give a function that runs it and says which rules ran."""
    write("Snakefile", SNAKEFILE)
    for name in ("knock.wav", "clap.wav"):
        write(name, f"of {name}\n", OLD)

    def snakemake(*options, code=1, classes=2):
        command = ["snakemake", "--cores", "1", "--max-checksum-file-size", "1TB", *options]
        done = subprocess.run(
            [sys.executable, "-m", *command, "--config", f"code={code}", f"classes={classes}"],
            env={**os.environ, "XDG_CACHE_HOME": str(folder / ".cache")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        output = done.stderr + done.stdout
        rules = set(re.findall(r"^(?:local)?rule (\w+):", output, re.MULTILINE)) - {"all"}
        return rules, len(re.findall("^results: ", done.stderr, re.MULTILINE))

    assert snakemake() == (ALL, 0)
    return snakemake


@pytest.mark.workflow
def test_snakemake_makes_results_without_a_record_anew(run):
    shutil.rmtree(".snakemake")
    assert run("--dry-run") == (ALL, 1)
    assert run(classes=3) == (ALL, 1)
    assert DATASET.read_text() == "3\n"
    assert run(classes=3) == (set(), 0)


@pytest.mark.workflow
def test_snakemake_makes_them_anew_in_parts_too_as_stages_of_dvc_do(run):
    shutil.rmtree(".snakemake")
    assert run(str(DATASET)) == ({"describe_dataset"}, 1)
    assert run("results/raw/manifest.csv") == ({"simulate"}, 0)
    assert run() == ({"convert", "judge", "measure"}, 0)


@pytest.mark.workflow
def test_snakemake_makes_tables_of_a_clone_anew(run):
    shutil.rmtree(".snakemake")
    for name in ("raw", "records"):
        shutil.rmtree(f"results/{name}")
    DATASET.unlink()
    assert run("results/claims/claims.csv") == (ALL - {"measure"}, 1)


@pytest.mark.workflow
def test_results_that_come_with_their_records_are_left_alone(run):
    Path(RECORDS_BEGAN).unlink()
    assert run() == (set(), 0)
    assert Path(RECORDS_BEGAN).is_file()


@pytest.mark.workflow
def test_code_is_compared_by_value_and_inputs_by_content_whatever_the_times(run):
    later = DATASET.stat().st_mtime + 10
    write("knock.wav", "of knock.wav\n", later)
    assert run() == (set(), 0)
    write("knock.wav", "another\n", OLD)
    assert run() == ({"simulate", "convert", "judge"}, 0)
    assert run() == (set(), 0)
    assert run(code=2) == (ALL - {"measure"}, 0)
