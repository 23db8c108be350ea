"""What runs again, and what does not: each key of the configuration, and changes of the code."""

import json
import re

import pytest
import yaml

from avdistill.configuration.configuration import validate

pytestmark = pytest.mark.workflow

TRAINED = {"search-grid", "train-teacher"}
FIGURES_OF_DATA = {"draw-clip", "draw-overlay", "draw-recordings", "draw-spectrograms"}
PAGES = {
    "compare-supervisions",
    "judge-claims",
    "summarise-accuracy",
    "summarise-grids",
}
TABLES = PAGES | {"tabulate-plots", "transfer-scopes"}
# Of networks that were not there before.
NEW_NETWORK = {
    "draw-confusion",
    "draw-learning-curves",
    "export-soft-labels",
    "select-student",
} | TRAINED

# For each key another value, and the verbs that run again because of it. What follows from their
# results runs again too, and is not listed; the card, which shows the whole configuration, is only
# where nothing else runs.
KEYS = {
    "dataset.name": ("Other", {"write-card"}),
    "dataset.classes": (["knocking", "whistling"], {"describe-dataset"}),
    "dataset.scenarios": (["another name"], {"describe-dataset"}),
    "dataset.subjects": (4, {"describe-dataset", "simulate-raw", "convert-records"}),
    "dataset.sequence_seconds": (6, {"describe-dataset"}),
    "dataset.missing": (["Location_01/Subject_01/Action_001"], {"describe-dataset"}),
    "dataset.modalities": (["audio", "acoustic", "video"], {"convert-records"}),
    "dataset.microphones": (2, {"simulate-raw"}),
    "dataset.microphones_left_out": ([0], {"simulate-raw"}),
    "dataset.sequences_per_job": (2, {"simulate-raw", "convert-records"}),
    "dataset.simulation.seed": (1, {"simulate-raw"}),
    "dataset.simulation.scenario_kinds": (["office"], {"simulate-raw"}),
    "splits.strategy": ("subject", {"split-sequences"}),
    "splits.seed": (7, {"split-sequences"}),
    "crops.seed": (1, TRAINED),
    "crops.per_sequence": (2, TRAINED),
    "crops.fresh": (True, TRAINED),
    "spectrograms.noise_bins": ("keep", {"compute-statistics"}),
    "scopes": (["all", "scenario1"], NEW_NETWORK | {"compute-statistics", "tabulate-plots"}),
    "teachers.dualcamnet.learning_rate": (0.01, {"train-teacher"}),
    "teachers.dualcamnet.epochs": (3, {"train-teacher"}),
    "teachers.dualcamnet.crops_per_sequence": (2, {"train-teacher"}),
    "teachers.dualcamnet.scopes": (["all"], {"write-card"}),
    "students.hearnet.supervision": (["dualcamnet"], TABLES),
    "students.hearnet.learning_rate": ([0.01], {"search-grid"}),
    "students.hearnet.epochs": (3, {"search-grid"}),
    "students.hearnet.crops_per_sequence": (2, {"search-grid"}),
    "students.hearnet.scopes": (["all"], {"write-card"}),
    # No network of micro takes video.
    "vision.frames_per_second": (6, {"write-card"}),
    "vision.recalibrate": (True, {"write-card"}),
    "vision.train_temporal": (True, {"write-card"}),
    "vision.seed": (1, {"write-card"}),
    "grid.learning_rate": ([0.01], {"search-grid"}),
    "grid.temperature": ([2], {"search-grid"}),
    "grid.imitation": ([0.25], {"search-grid"}),
    "grid.scope": ("each", {"summarise-grids", "tabulate-plots"}),
    "grid.supervision": (["ground_truth"], {"search-grid"}),
    "grid.cells_per_job": (1, {"search-grid"}),
    "training.seeds": (
        [0, 1],
        NEW_NETWORK | {"draw-grid", "summarise-accuracy", "tabulate-plots"},
    ),
    "training.batch_size": (16, TRAINED),
    "training.loss": ("hinton", {"search-grid"}),
    "training.tensorflow_threads": (1, TRAINED),
    "training.gpus": (1, TRAINED),
    "training.mixed_precision": (True, TRAINED),
    "training.cache": ("none", set()),
    "training.tensorboard": (True, set()),
    "evaluation.seed": (
        1,
        FIGURES_OF_DATA
        | {"compare-supervisions", "judge-claims", "summarise-accuracy", "transfer-scopes"},
    ),
    "evaluation.across_scopes": (
        True,
        {"predict-across-scopes", "summarise-across-scopes"},
    ),
    "transfer.neighbours": ([3], {"transfer-scopes"}),
    "transfer.scopes": (False, {"write-card"}),
    "report.note": ("Another sentence.", PAGES | {"summarise-transfer"}),
    "report.licence": ("CC0", {"write-card"}),
}
# Keys that a finished micro cannot change alone, and what runs them.
ELSEWHERE = {
    "dataset.source": "test_micro.py: archives and folders",
    "dataset.archive": "test_micro.py",
    "dataset.folders": "test_micro.py",
    "dataset.simulation.recordings": "tests/simulation",
    "students.hearnet.weights": "of OurSoundNet: test_plan.py",
    "students.hearnet.batch_norm_decay": "of OurSoundNet: test_plan.py",
    "ensembles": "takes two teachers: test_plans.py",
    "vision.weights": "goes with a file: test_plans.py",
    "vision.file": "test_plans.py",
    "vision.sha256": "test_plans.py",
    "transfer.esc10": "test_avia_archive.py",
    "transfer.dcase2018": "tests/transfer",
}


def keys_of(values: dict, path: str = "") -> list[str]:
    """List the paths of all keys that hold no section."""
    keys = []
    for key, value in values.items():
        name = f"{path}{key}"
        keys += keys_of(value, f"{name}.") if isinstance(value, dict) and value else [name]
    return keys


def test_every_key_is_listed(fresh):
    micro = validate(yaml.safe_load((fresh / "config/micro.yaml").read_text()))
    assert sorted({*KEYS, *ELSEWHERE}) == sorted(keys_of(micro.model_dump()))


def rerun_for_itself(workspace, *options: str) -> set[str]:
    """Return the verbs that a dry run would run, but for those that only follow from others."""
    run = workspace.snakemake("--cores", "2", "--dry-run", "--printshellcmds", *options)
    pattern = r"^Reason: (.*)\nShell command: (?:avdistill|python) (\S+)"
    found = re.findall(pattern, run.stdout, re.MULTILINE)
    # Snakemake gives reasons in this order: missing outputs, inputs of other jobs, another set of
    # inputs, parameters.
    first = ("Missing output files", "Set of input files has changed", "Params have changed")
    return {
        verb
        for reason, verb in found
        if reason.startswith(first) or "Params have changed" in reason
    }


@pytest.mark.parametrize("key", KEYS)
def test_another_value_reruns_what_it_decides(only_planned, key):
    value, expected = KEYS[key]
    section, *path = key.split(".")
    for name in reversed(path):
        value = {name: value}
    found = rerun_for_itself(only_planned, "--config", f"{section}={json.dumps(value)}")
    if expected != {"write-card"} and expected:
        found.discard("write-card")
    assert found == expected


def change(workspace, file: str, old: str, new: str) -> None:
    """Replace text in a source file of a workspace."""
    path = workspace / "src/avdistill" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_comments_docstrings_annotations_and_help_texts_rerun_nothing(workspace):
    change(workspace, "networks/hearnet.py", '"""Build', '"""Make')
    change(workspace, "networks/dualcamnet.py", "import keras\n", "import keras  # the library\n")
    change(workspace, "training/fitting.py", '"""Train with Adam', '"""Fit with Adam')
    change(workspace, "training/fitting.py", "learning_rate: float", "learning_rate: object")
    change(workspace, "options/jobs.py", "split of the scope", "the scope's split")
    assert workspace.planned_rules() == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        # One student's network: that student only.
        (
            "networks/hearnet.py",
            "def build",
            "_CHANGED = True\n\n\ndef build",
            {"measure-networks", "search-grid", "time-networks"},
        ),
        # The bootstrap of intervals: tables, and no training.
        (
            "evaluation/intervals.py",
            "LEVEL = 0.95",
            "LEVEL = 0.9",
            {"compare-supervisions", "judge-claims", "summarise-accuracy", "transfer-scopes"},
        ),
        # A teacher: what learns from it follows.
        (
            "networks/dualcamnet.py",
            "def build",
            "_CHANGED = True\n\n\ndef build",
            {"measure-networks", "time-networks", "train-teacher"},
        ),
    ],
)
def test_a_change_of_code_reruns_what_it_decides(workspace, file, old, new, expected):
    change(workspace, file, old, new)
    assert rerun_for_itself(workspace) == expected


def test_a_change_of_a_teacher_reruns_the_students_that_learn_from_it(workspace):
    change(workspace, "networks/dualcamnet.py", "def build", "_CHANGED = True\n\n\ndef build")
    run = workspace.snakemake("--cores", "2", "--dry-run", "--printshellcmds")
    searches = re.findall(r"^Shell command: avdistill search-grid .*", run.stdout, re.MULTILINE)
    assert len(searches) == 1
    assert '"supervision":"dualcamnet"' in searches[0]
