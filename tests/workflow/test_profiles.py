"""The profiles for clusters: every rule has a class, which gives no less than the rule asks for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yte

PROJECT = Path(__file__).parents[2]
PROFILES = PROJECT / "workflow/profiles"


def profile(name: str) -> dict:
    return yte.process_yaml((PROFILES / name / "config.yaml").read_text(), require_use_yte=True)


def rules() -> dict[str, str]:
    """Return the text of every rule that runs a command, by its name."""
    texts = {}
    for file in sorted((PROJECT / "workflow/rules").glob("*.smk")):
        parts = re.split(r"(?m)^ *rule (\w+):\n", file.read_text())
        texts |= dict(zip(parts[1::2], parts[2::2], strict=True))
    return {name: text for name, text in texts.items() if "shell:" in text}


@pytest.mark.parametrize("name", rules())
def test_a_rule_runs_where_the_workflow_is_started_or_has_a_class(name):
    is_local = "localrule: True" in rules()[name]
    assert is_local != (name in profile("slurm")["set-resources"])


def test_no_class_names_a_rule_that_is_not():
    drawn = {f"draw_figure_{number:02d}" for number in range(5, 14)}  # written by a loop
    for section in ("set-resources", "groups"):
        assert set(profile("slurm")[section]) <= set(rules()) | drawn


@pytest.mark.parametrize("name", rules())
@pytest.mark.parametrize("resource", ["mem_mb", "runtime"])
def test_a_class_gives_no_less_than_the_rule_asks_for_and_more_on_every_attempt(name, resource):
    given = profile("slurm")["set-resources"].get(name, {}).get(resource)
    asked = re.search(rf"{resource}=(\d+)", rules()[name])
    if given is None or asked is None:
        assert "localrule: True" in rules()[name] or name == "prepare_backbone"
        return
    attempts = [eval(given, {"attempt": attempt}) for attempt in (1, 2, 3)]
    assert int(asked[1]) <= attempts[0] < attempts[1] < attempts[2]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--profile", "workflow/profiles/slurm"),
        ("--profile=workflow/profiles/submit",),
        ("--profile", "workflow/profiles/kubernetes"),
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
