"""A new network goes through every phase of the workflow."""

import csv

import pytest
import yaml
from tiny_network import add_tiny_network

pytestmark = pytest.mark.workflow

STUDENTS = [
    f"results/students/all/tinynet/{supervision}/seed0"
    for supervision in ("ground_truth", "dualcamnet")
]


def test_it_goes_through_micro_as_the_only_student(fresh, monkeypatch):
    add_tiny_network(fresh / "src")
    monkeypatch.setenv("PYTHONPATH", str(fresh / "src"))  # its code runs, not the installed one
    values = yaml.safe_load((fresh / "config/micro.yaml").read_text(encoding="utf-8"))
    values["students"] = {"tinynet": {"epochs": 1}}
    (fresh / "tiny.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    fresh.snakemake("--cores", "2", "--configfile", "tiny.yaml")
    for folder in STUDENTS:
        assert (fresh / folder / "model.keras").is_file()
        figures = fresh / folder.replace("results/", "results/figures/")
        assert (figures / "learning_curves.png").is_file()
    with (fresh / "results/evaluation/accuracy.csv").open(encoding="utf-8") as file:
        tested = {(row["network"], row["supervision"]) for row in csv.DictReader(file)}
    assert {("tinynet", "ground_truth"), ("tinynet", "dualcamnet")} <= tested
    page = (fresh / "results/evaluation/accuracy.html").read_text(encoding="utf-8")
    assert "TinyNet" in page
    run = fresh.snakemake("--cores", "2", "--configfile", "tiny.yaml")
    assert "Nothing to be done" in run.stdout
