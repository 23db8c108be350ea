"""The profiles for clusters: every rule has a class, which gives no less than the rule asks for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yte

PROJECT = Path(__file__).parents[2]
PROFILES = PROJECT / "workflow/profiles"


def profile(name: str, otherwise: tuple[str, str] = ("", "")) -> dict:
    """Return a profile as Snakemake reads it, after one text in it is replaced by another."""
    text = (PROFILES / name / "config.yaml").read_text(encoding="utf-8")
    assert otherwise[0] in text
    return yte.process_yaml(text.replace(*otherwise), require_use_yte=True)


def test_a_rule_runs_where_the_workflow_is_started_or_has_a_class(rule, rules):
    is_local = "localrule: True" in rules[rule]
    assert is_local != (rule in profile("slurm")["set-resources"])


def test_no_class_names_a_rule_that_is_not(rules):
    for section in ("set-resources", "groups"):
        assert set(profile("slurm")[section]) <= set(rules)


@pytest.mark.parametrize("resource", ["mem_mb", "runtime"])
def test_a_class_gives_no_less_than_the_rule_asks_for_and_more_on_every_attempt(
    rule, rules, resource
):
    given = profile("slurm")["set-resources"].get(rule, {}).get(resource)
    asked = re.search(rf"{resource}=(\d+)", rules[rule])
    if given is None or asked is None:
        assert "localrule: True" in rules[rule] or rule == "prepare_backbone"
        return
    attempts = [eval(given, {"attempt": attempt}) for attempt in (1, 2, 3)]
    assert int(asked[1]) <= attempts[0] < attempts[1] < attempts[2]


def test_who_asks_for_a_gpu_and_nobody_else_runs_in_the_partition_of_gpus(rule, rules):
    slurm = profile("slurm", ("- gpu_partition = partition ", '- gpu_partition = "gpus" '))
    given = slurm["set-resources"].get(rule, {}).get("slurm_partition")
    assert given == ("gpus" if "        gpu=" in rules[rule] else None)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--profile", "workflow/profiles/slurm"),
        ("--profile=workflow/profiles/submit",),
    ],
)
def test_the_default_profile_adds_to_a_clusters_without_its_own_cores(options):
    text = "import sys; from snakemake.cli import parse_args;"
    text += "_, found = parse_args(sys.argv[1:]); print(found.cores is None,"
    text += "found.max_checksum_file_size, found.scheduler, found.retries)"
    run = subprocess.run(
        [sys.executable, "-c", text, *options, "all"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    on_cluster = bool(options)
    retries = "2" if on_cluster else "0"
    assert run.stdout.split() == [str(on_cluster), "1000000000000", "greedy", retries]
