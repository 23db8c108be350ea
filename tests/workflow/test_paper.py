"""The paper's experiment at full scale: every job is planned, as many as docs/cluster.md says."""

import re

import pytest

pytestmark = pytest.mark.workflow


def test_a_dry_run_plans_every_job_of_378_sequences(fresh):
    run = fresh.snakemake_bare(
        "--configfile", "config/paper.yaml", "--dry-run", "--quiet", "rules"
    )  # fmt: skip
    listing = run.stdout[run.stdout.index("\njob ") : run.stdout.index("\nReasons:")]
    planned = {
        rule: int(jobs) for rule, jobs in re.findall(r"^(\w+) +(\d+)$", listing, flags=re.MULTILINE)
    }
    page = (fresh / "docs/cluster.md").read_text(encoding="utf-8")
    section = page.partition("What `paper.yaml` runs")[2]
    explained = {
        rule: int(jobs)
        for rules, jobs in re.findall(r"^\| (`[^|]+`) \| (\d+) \|", section, flags=re.MULTILINE)
        for rule in re.findall(r"`(\w+)`", rules)
    }
    assert planned.pop("total") == sum(planned.values())
    planned.pop("all")
    assert planned == explained
