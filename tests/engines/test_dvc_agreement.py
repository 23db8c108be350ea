"""What dvc.yaml says of every phase is what Snakemake's rules do."""

import json
import re
from hashlib import sha256
from pathlib import PurePath

import pandas as pd
import pytest
import yaml

pytestmark = [pytest.mark.engine, pytest.mark.workflow]

MICRO = ("--configfile", "config/micro.yaml")
DEMO = ("--configfile", "config/demo.yaml")
# The checksums of every file of raw data: depending on it is depending on them.
MANIFEST = "results/raw/manifest.csv"
# All that a change of one of these gives `snakemake --summary` to say of an output.
CAUSES = {
    "missing",
    "params changed",
    "rule implementation changed",
    "set of input files changed",
    "updated input files",
}


def is_below(name: str, folders) -> bool:
    """Whether a file or folder is one of these, or lies in one."""
    return any(PurePath(name).is_relative_to(folder) for folder in folders)


class Stages:
    """Dependencies and outputs of every stage of dvc.yaml."""

    def __init__(self, workspace):
        stages = yaml.safe_load((workspace / "dvc.yaml").read_text())["stages"]
        self.deps = {name: stage["deps"] for name, stage in stages.items()}
        for deps in self.deps.values():
            if MANIFEST in deps:
                deps.append(str(PurePath(MANIFEST).parent))
        self.outs = {
            name: [
                path
                for out in (*stage.get("outs", []), *stage.get("metrics", []))
                for path in ([out] if isinstance(out, str) else out)
            ]
            for name, stage in stages.items()
        }

    def owner(self, output: str) -> str:
        """Name the stage that has an output of Snakemake's among its own."""
        owners = [name for name, outs in self.outs.items() if is_below(output, outs)]
        assert len(owners) == 1, f"{output} is in the outputs of {owners or 'no stage'}"
        return owners[0]


def summary(workspace, *options: str) -> list[dict[str, str]]:
    """Ask Snakemake what it knows of every output."""
    text = workspace.snakemake("--cores", "2", "--detailed-summary", *options).stdout
    header, *rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 7]
    assert header[0] == "output_file"
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def repository(dvc_repository, tmp_path_factory):
    """Clone the finished run, with its results."""
    repository = dvc_repository.clone(tmp_path_factory.mktemp("changeable") / "clone")
    repository.dvc("cache", "dir", "--local", dvc_repository / ".dvc/cache")
    repository.dvc("checkout")
    return repository


@pytest.fixture(scope="module")
def changeable(finished, repository):
    """The clone's folder, in which Snakemake may write; `finished` may be copied meanwhile."""
    return type(finished)(repository.folder)


def test_every_output_is_in_a_stage_that_depends_on_what_its_rule_takes(fresh):
    stages = Stages(fresh)
    outputs: dict[str, set[str]] = {}
    for row in summary(fresh, *DEMO):
        outputs.setdefault(row["rule"], set()).add(row["output_file"])
    owners = {rule: {stages.owner(file) for file in files} for rule, files in outputs.items()}
    assert {len(stages_of_rule) for stages_of_rule in owners.values()} == {1}

    graph = fresh.snakemake("--cores", "2", "--rulegraph", *DEMO).stdout
    rules = dict(re.findall(r'^\s*(\d+)\[label = "([^"\\]+)', graph, flags=re.MULTILINE))
    edges = re.findall(r"^\s*(\d+) -> (\d+)$", graph, flags=re.MULTILINE)
    assert len(edges) > len(outputs)
    for source, target in edges:
        giver, taker = rules[source], rules[target]
        if taker in owners and owners[giver] != owners[taker]:
            (stage,) = owners[taker]
            assert any(is_below(output, stages.deps[stage]) for output in outputs[giver]), (
                f"stage {stage}: {taker} takes what {giver} makes"
            )


def test_code_and_every_file_that_a_rule_takes_are_dependencies_of_its_stage(changeable):
    stages = Stages(changeable)
    rows = summary(changeable, *MICRO)
    found = set()
    for row in rows:
        stage = stages.owner(row["output_file"])
        # Rules have the digest of their code as a parameter; to DVC it is the folder.
        assert "src/avdistill" in stages.deps[stage]
        inputs = {
            name
            for name in row["input-file(s)"].split(",")
            if name and not is_below(name, ["results", ".snakemake"])
        }
        outside = [name for name in inputs if not is_below(name, stages.deps[stage])]
        assert outside == [], f"stage {stage}"
        found |= inputs
    assert "CITATION.cff" in found


def test_the_manifest_of_raw_data_has_the_checksum_of_every_file_of_it(finished):
    listed = pd.read_csv(finished / MANIFEST).set_index("file")["sha256"]
    raw = (finished / MANIFEST).parent
    files = [path for path in raw.rglob("*") if path.is_file() and path.suffix != ".csv"]
    found = {str(path.relative_to(raw)): sha256(path.read_bytes()).hexdigest() for path in files}
    assert found
    assert found == listed.to_dict()


@pytest.mark.parametrize(
    ("section", "values", "first"),
    [
        ("dataset", {"simulation": {"scenario_kinds": ["anechoic"], "seed": 1}}, "raw"),
        ("dataset", {"sequences_per_job": 2}, "raw"),
        ("splits", {"seed": 7}, "splits"),
        ("teachers", {"dualcamnet": {"epochs": 2}}, "teachers"),
        ("teachers", {"avnet": {"epochs": 1}}, "vision"),
        ("students", {"hearnet": {"supervision": ["ground_truth"], "epochs": 2}}, "transfer"),
        ("grid", {"temperature": [2]}, "students"),
        ("grid", {"scope": "each"}, "evaluation"),
        ("crops", {"seed": 1}, "teachers"),
        ("training", {"batch_size": 4}, "teachers"),
        ("training", {"seeds": [0, 1]}, "teachers"),
        ("evaluation", {"seed": 1}, "transfer"),
        ("transfer", {"neighbours": [1, 3]}, "transfer"),
        ("report", {"note": "Another sentence."}, "evaluation"),
        ("report", {"licence": "CC0-1.0"}, "card"),
    ],
)
def test_where_snakemake_has_something_to_do_so_has_dvc(
    changeable, repository, section, values, first
):
    path = changeable / "config/micro.yaml"
    before = path.read_text()
    configuration = yaml.safe_load(before)
    configuration[section].update(values)
    path.write_text(yaml.safe_dump(configuration))
    try:
        rows = summary(changeable, *MICRO)
        changed = set(json.loads(repository.dvc("status", "--json").stdout))
    finally:
        path.write_text(before)
    stages = Stages(changeable)
    # Of themselves, not because of what runs before them.
    concerned = {stages.owner(row["output_file"]) for row in rows if row["status"] in CAUSES}
    assert first in concerned
    assert concerned <= changed
    before_first = list(stages.outs)[: list(stages.outs).index(first)]
    assert not concerned & {*before_first}
