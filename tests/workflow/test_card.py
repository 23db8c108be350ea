"""The card of a real run: its commit, and that what it says of using the models works."""

import hashlib
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
import soundfile

pytestmark = pytest.mark.workflow


def facts_of(workspace):
    return json.loads((workspace / "results/card/card.json").read_text(encoding="utf-8"))


def test_every_trained_network_is_on_the_card(finished):
    facts = facts_of(finished)
    results = finished / "results"
    trained = {
        path.relative_to(finished.folder).parent.as_posix()
        for kind in ("teachers", "students")
        for path in (results / kind).rglob("seed*/model.keras")
    }
    assert {model["folder"] for model in facts["models"]} == trained
    for model in facts["models"]:
        data = (finished / model["folder"] / "model.keras").read_bytes()
        assert model["sha256"] == hashlib.sha256(data).hexdigest()
    assert facts["data"]["source"] == "simulated"
    assert facts["commit"]["unknown"] == "not a git repository"


def test_the_card_names_the_commit_and_a_commit_alone_reruns_nothing(workspace):
    def git(*command):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        command = ["git", *identity, *command]
        run = subprocess.run(
            command, cwd=workspace.folder, check=True, capture_output=True, text=True
        )
        return run.stdout.strip()

    git("init", "--quiet")
    git("add", "src", "workflow", "config", "Snakefile", "CITATION.cff", "envs", "pyproject.toml")
    git("commit", "--quiet", "--message", "one")
    # As the card itself says how.
    workspace.snakemake("--cores", "1", "--forcerun", "write_card", "--", "card")
    commit = {"sha1": git("rev-parse", "HEAD"), "uncommitted": [], "unknown": None}
    assert facts_of(workspace)["commit"] == commit
    git("commit", "--quiet", "--allow-empty", "--message", "two")
    assert workspace.planned_rules() == set()


def test_models_are_used_as_the_card_says(finished, tmp_path):
    page = (finished / "results/card/README.md").read_text(encoding="utf-8")
    ((folder, predict),) = re.findall(r"dvc get \S+ (\S+) --out model\n(avdistill .*?)  #", page)
    shutil.copytree(finished / folder, tmp_path / "model")  # what `dvc get` does
    soundfile.write(tmp_path / "clip.wav", np.sin(np.arange(5 * 22050) / 7), 22050)
    predicted = subprocess.run(
        [sys.executable, "-m", "avdistill.cli", *predict.split()[1:]],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert predicted.splitlines()[0] == "file,start,class,whistling,knocking"
    assert predicted.splitlines()[1].startswith("clip.wav,0,")
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint(model.name, spec.role, description['classes'])"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert shown == "hearnet student ['whistling', 'knocking']\n"
