"""The card of a run: its facts are those of the files, and it says what may be done with them."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
import yaml

from avdistill import __version__
from avdistill.cli import main
from avdistill.configuration.configuration import validate
from avdistill.files.manifest import describe_file, write_manifest
from avdistill.networks.registry import network_spec
from avdistill.provenance.commit import describe_commit
from avdistill.records.audio import Statistics
from avdistill.results.model_folder import Origin, write_model_description

PROJECT = Path(__file__).parents[2]
SIMULATED = {
    "dataset": {
        "classes": ["whistling", "knocking", "typing"],
        "scenarios": ["anechoic chamber"],
        "subjects": 3,
        "sequence_seconds": 10,
        "simulation": {"scenario_kinds": ["anechoic"]},
    }
}
STATISTICS = Statistics(np.zeros(257, np.float32), np.ones(257, np.float32), "zero")
LABELS = {
    "dualcamnet": "DualCamNet",
    "hearnet": r"HearNet from soft labels of DualCamNet \(D\)",
}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Run:
    """What write-card reads of a run with a teacher and its student, and what it writes."""

    def __init__(self, folder, metrics, values, **weights):
        self.folder, self.values = folder, values
        self.models = [path.parent for path in metrics]
        dataset = validate(values).description()
        dataset.write(folder / "dataset.json")
        for name in ("raw", "records"):
            rows = [describe_file("s", f"{name}{n}", bytes(1000 * n)) for n in (1, 2)]
            write_manifest(folder / f"{name}.csv", rows)
        for path, supervision in zip(metrics, ("ground_truth", "dualcamnet"), strict=True):
            told = json.loads(path.read_text())
            origin = Origin(
                scope=told["scope"],
                split="0" * 64,
                supervision=supervision,
                seed=told["seed"],
                teacher_initial_weights=told["teacher_initial_weights"],
                **weights,
            )
            spec = network_spec(told["network"])
            statistics = STATISTICS if spec.uses_statistics else None
            write_model_description(path.parent, spec, dataset, origin, statistics)
            (path.parent / "model.keras").write_bytes(told["network"].encode())
        command = [
            *("summarise-accuracy", "--table", str(folder / "accuracy.csv")),
            *("--page", str(folder / "accuracy.html"), "--summary", str(folder / "metrics")),
            *("--metrics", *map(str, metrics)),
        ]
        assert main(command) == 0

    def write_card(self, citation=PROJECT / "CITATION.cff"):
        """Run the verb; return its exit status."""
        (self.folder / "configuration.json").write_text(json.dumps(self.values))
        options = {
            "configuration": "configuration.json",
            "dataset": "dataset.json",
            "raw": "raw.csv",
            "records": "records.csv",
            "accuracy": "accuracy.csv",
            "project": ".",
            "page": "card/README.md",
            "facts": "card/card.json",
        }
        command = [f"--{name}={self.folder / file}" for name, file in options.items()]
        models = ["--models", *map(str, self.models)]
        return main(["write-card", *command, f"--citation={citation}", *models])

    @property
    def page(self):
        return (self.folder / "card/README.md").read_text(encoding="utf-8")

    @property
    def facts(self):
        return json.loads((self.folder / "card/card.json").read_text(encoding="utf-8"))


@pytest.fixture
def make_run(tmp_path, make_network):
    """Make a run of some configuration; more options go into its models' cards."""

    def make(values, **weights):
        metrics = [make_network("dualcamnet"), make_network("hearnet", "dualcamnet")]
        return Run(tmp_path, metrics, values, **weights)

    return make


@pytest.fixture
def simulated(make_run):
    return make_run(SIMULATED)


def test_facts_are_those_of_the_files(simulated):
    assert simulated.write_card() == 0
    facts = simulated.facts
    for name in ("raw", "records"):
        manifest = simulated.folder / f"{name}.csv"
        assert facts["data"][name] == {
            "manifest": manifest.as_posix(),
            "sha256": sha256(manifest),
            "files": 2,
            "bytes": 3000,
        }
        assert sha256(manifest) in simulated.page
    assert (facts["data"]["sequences"], facts["data"]["subjects"]) == (9, 3)
    assert "| sequences | 9 of 10 s: 90 s in all |" in simulated.page
    assert facts["project"]["version"] == __version__
    for model, folder in zip(facts["models"], simulated.models, strict=True):
        assert model["folder"] == folder.as_posix()
        assert model["sha256"] == sha256(folder / "model.keras")
        assert model["bytes"] == (folder / "model.keras").stat().st_size
        assert f"| `{folder.as_posix()}/model.keras` | 0.0 MB | `{model['sha256']}` |" in (
            simulated.page
        )
        measured = json.loads((folder / "metrics.json").read_text())["test"]
        for name in ("accuracy_crop", "crops", "sequences", "chance"):
            assert model["test"][name] == measured[name]
        accuracy = f"{100 * measured['accuracy_crop']:.1f} %"
        (row,) = re.findall(rf"^\| {LABELS[model['network']]} \|.*", simulated.page, re.MULTILINE)
        assert row.split(" | ")[1:4] == ["scenario 1", "0", accuracy]
        assert f" | {measured['crops']} ({measured['sequences']}) | " in row


def test_the_configurations_digest_can_be_worked_out_from_the_card(simulated):
    simulated.write_card()
    told = simulated.facts["configuration"]
    text = json.dumps(
        told["values"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )  # fmt: skip
    assert hashlib.sha256(text.encode()).hexdigest() == told["sha256"]
    assert f"`{told['sha256']}`" in simulated.page
    (shown,) = re.findall(r"```yaml\n(.*?)\n```", simulated.page, flags=re.DOTALL)
    assert yaml.safe_load(shown) == told["values"]
    assert told["values"]["splits"] == {"seed": 42, "strategy": "stratified"}  # the defaults


def test_the_same_run_gives_the_same_bytes_in_whatever_order_it_is_told(simulated):
    simulated.write_card()
    before = (simulated.page, simulated.facts)
    simulated.models = simulated.models[::-1]
    simulated.values = {"training": {"cache": "none"}, "crops": {"seed": 42}, **SIMULATED}
    simulated.write_card()
    assert (simulated.page, simulated.facts) == before


def test_simulated_data_are_called_so_and_have_the_projects_licence(simulated):
    simulated.write_card()
    assert "> **The data are simulated.** The accuracies below say nothing" in simulated.page
    assert "The data and the models trained on them: MIT." in simulated.page
    assert "weights from elsewhere" not in simulated.page
    _, head, _ = simulated.page.split("---\n", 2)
    assert yaml.safe_load(head)["license"] == "mit"


def real(**report):
    data = SIMULATED["dataset"] | {"source": "folders", "name": "Kitchen_1 | *real*"}
    data |= {"folders": {"matfiles": "m", "sync": "s"}}
    del data["simulation"]
    return {"dataset": data, "report": report}


def in_a_simulated_world():
    data = SIMULATED["dataset"] | {"classes": ["rain", "sea", "fire"]}
    data["simulation"] = {"scenario_kinds": ["anechoic"], "recordings": "sounds"}
    return {"dataset": data}


@pytest.mark.parametrize(
    ("values", "whose"), [(real(), "the data"), (in_a_simulated_world(), "the recordings")]
)
def test_terms_of_other_peoples_data_are_not_made_up(make_run, values, whose):
    run = make_run(values)
    assert run.write_card() == 0
    assert f"**The terms of {whose}, and of models trained on them, are not stated.**" in run.page
    assert f"ask who owns {whose}" in run.page
    assert run.facts["licence"] == {"code": "MIT", "data_and_models": None}
    assert run.page.startswith("---\nlicense: unknown\n")


def test_terms_in_the_configuration_are_told(make_run):
    run = make_run(real(licence="CC BY 4.0, see the owner's page"))
    run.write_card()
    assert "models trained on them: CC BY 4.0, see the owner's page." in run.page
    assert "license: other\n" in run.page
    assert "simulated" not in run.page


def test_the_note_of_a_run_stands_on_its_card(make_run):
    run = make_run(SIMULATED | {"report": {"note": "Only a\ntest."}})
    run.write_card()
    assert "\n\nOnly a test.\n\n" in run.page


def test_signs_of_markdown_in_a_name_stay_signs(make_run):
    run = make_run(real())
    run.write_card()
    assert "run on Kitchen\\_1 \\| \\*real\\*\n" in run.page
    (row,) = re.findall(r"^\| source \|.*", run.page, flags=re.MULTILINE)
    assert len(re.split(r"(?<!\\)\|", row)) == 4


def test_what_becomes_of_the_spectrograms_bins_of_noise_is_stated(simulated):
    assert simulated.write_card() == 0
    assert [model["noise_bins"] for model in simulated.facts["models"]] == [None, "zero"]
    assert simulated.page.count("Spectrograms: bins above 6,144 Hz") == 1
    assert "where the sensor records nothing, are set to 0." in simulated.page


def test_weights_from_elsewhere_are_named(make_run):
    run = make_run(SIMULATED, initial_weights="ImageNet (Keras) backbone", backbone="1" * 64)
    run.write_card()
    assert "start from weights from elsewhere (ImageNet (Keras) backbone)" in run.page
    assert run.facts["models"][0]["backbone"] == "1" * 64
    assert "a frozen backbone" in run.page


def test_what_does_not_belong_together_is_refused(simulated, capsys):
    simulated.values = {"dataset": SIMULATED["dataset"] | {"subjects": 4}}
    assert simulated.write_card() == 1
    assert "dataset.json: not of this configuration" in capsys.readouterr().err
    simulated.values = SIMULATED
    table = simulated.folder / "accuracy.csv"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:2]))
    assert simulated.write_card() == 1
    assert "accuracy.csv: has no row of " in capsys.readouterr().err
    assert not (simulated.folder / "card").exists()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("raw.csv", "raw.csv: no such manifest"),
        ("accuracy.csv", "accuracy.csv: no such table"),
        ("networks/scenario1/dualcamnet/ground_truth/seed0/model.keras", "no such model"),
        ("networks/scenario1/dualcamnet/ground_truth/seed0/model.json", "no such file"),
    ],
)
def test_a_missing_file_is_one_message(simulated, capsys, file, message):
    (simulated.folder / file).unlink()
    assert simulated.write_card() == 1
    assert message in capsys.readouterr().err


def test_a_damaged_table_of_accuracy_is_one_message(simulated, capsys):
    table = simulated.folder / "accuracy.csv"
    header, row, *more = table.read_text().splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True)) | {"crops": "x"}
    table.write_text("\n".join((header, ",".join(cells.values()), *more)))
    assert simulated.write_card() == 1
    message = capsys.readouterr().err
    assert "accuracy.csv: not a table of accuracy (line 2, crops: invalid literal" in message
    table.write_bytes(b"\xff\xfe\x00")
    assert simulated.write_card() == 1
    assert "accuracy.csv: not a table of accuracy (" in capsys.readouterr().err


CITED = "title: a\nversion: 1\nlicense: MIT\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: [", "not valid YAML"),
        ("title: \xff", "not valid YAML"),  # in another encoding than UTF-8
        ("title: a\nversion: 1\n", "lacks license"),
        ("", "lacks"),
        (f"{CITED}authors: [name: b]\nreferences: [title: c]\n", "authors or references are not"),
        (f"{CITED}authors: [name: b]\nreferences: text\n", "authors or references are not"),
        (f"{CITED}authors: [b]\nreferences: [title: c]\n", "authors or references are not"),
    ],
)
def test_a_citation_that_is_none_is_refused(simulated, capsys, text, message):
    citation = simulated.folder / "CITATION.cff"
    citation.write_text(text, encoding="latin-1")
    assert simulated.write_card(citation) == 1
    assert f"CITATION.cff: {message}" in capsys.readouterr().err


class Repository:
    """A real git repository with the project's folders."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "src").mkdir(parents=True)
        for name in ("src/code.py", "Snakefile", "README.md"):
            (folder / name).write_text("one\n")
        self.git("init", "--quiet")

    def git(self, *command):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        run = ["git", *identity, *command]
        return subprocess.run(run, cwd=self.folder, check=True, capture_output=True, text=True)

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "one")
        return self.git("rev-parse", "HEAD").stdout.strip()


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "project")


def test_the_commit_is_told_and_what_is_not_in_it(repository):
    sha1 = repository.commit()
    (repository.folder / "README.md").write_text("two\n")  # makes no result
    (repository.folder / "Snakefile").touch()
    assert describe_commit(repository.folder) == {
        "sha1": sha1,
        "uncommitted": [],
        "unknown": None,
    }
    (repository.folder / "src/code.py").write_text("two\n")
    repository.git("add", "src/code.py")
    (repository.folder / "Snakefile").unlink()
    (repository.folder / "src/new.py").write_text("untracked\n")
    told = describe_commit(repository.folder)["uncommitted"]
    assert told == ["Snakefile", "src/code.py", "src/new.py"]


def test_a_card_of_uncommitted_changes_says_so(simulated):
    repository = Repository(simulated.folder)
    for name in range(12):
        (simulated.folder / f"src/{name:02}.py").write_text("one\n")
    sha1 = repository.commit()
    simulated.write_card()
    assert f"Commit: `{sha1}`, with no change to `src`, `workflow`" in simulated.page
    assert "the commit at which this card was written" in simulated.page
    for name in range(12):
        (simulated.folder / f"src/{name:02}.py").write_text("two\n")
    simulated.write_card()
    assert f"Commit: `{sha1}`, **with changes that were not committed**: `src/00.py`, " in (
        simulated.page
    )
    assert "`src/09.py` and 2 more. No commit holds what made these results." in simulated.page


def test_without_a_commit_the_card_says_why(repository, tmp_path, simulated, monkeypatch):
    def unknown(folder):
        told = describe_commit(folder)
        assert told["sha1"] is told["uncommitted"] is None
        return told["unknown"]

    assert unknown(repository.folder) == "nothing was committed yet"
    repository.commit()
    # A copy of the project in somebody else's repository is of none of its commits.
    assert unknown(repository.folder / "src") == "not a git repository"
    assert unknown(tmp_path) == "not a git repository"
    simulated.write_card()
    assert "Commit: unknown: not a git repository.\n" in simulated.page
    monkeypatch.setenv("PATH", str(tmp_path))
    assert unknown(repository.folder) == "git is not installed"


def test_a_repository_of_another_user_is_left_alone(repository, monkeypatch):
    repository.commit()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert describe_commit(repository.folder)["unknown"] == (
        "the git repository belongs to another user"
    )
