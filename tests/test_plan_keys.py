"""Which jobs' settings each key of the configuration changes: what runs again, and nothing else."""

from copy import deepcopy

import pytest

from avdistill.configuration.configuration import validate
from avdistill.plan import TEMPORAL, Plan
from avdistill.runs.run import Run
from avdistill.runs.settings import canonical

DIGEST = "a" * 64
WHOLE = {
    "teachers": {"dualcamnet": {}, TEMPORAL: {}},
    "students": {"hearnet": {}, "soundnet": {}},
    "vision": {"train_temporal": True},
}
JOBS = {
    "teacher": lambda plan: plan.teacher_settings(Run("dualcamnet", "all")),
    "temporal": lambda plan: plan.teacher_settings(Run(TEMPORAL, "all")),
    "backbone": lambda plan: plan.backbone_settings(f"{TEMPORAL}_all"),
    "plain search": lambda plan: plan.search_settings(Run("hearnet", "all"), 0),
    "search": lambda plan: plan.search_settings(Run("hearnet", "all", "dualcamnet"), 0),
    "soundnet": lambda plan: plan.search_settings(Run("soundnet", "all"), 0),
    "selection": lambda plan: plan.student_settings(Run("hearnet", "all")),
}
SEARCHES = {"plain search", "search", "soundnet"}
TRAINING = {"teacher", "temporal", "backbone", *SEARCHES}


@pytest.mark.parametrize(
    ("key", "value", "changed"),
    [
        ("teachers.dualcamnet.learning_rate", 0.5, {"teacher"}),
        ("teachers.dualcamnet.epochs", 7, {"teacher"}),
        ("teachers.dualcamnet.crops_per_sequence", 7, {"teacher"}),
        (f"teachers.{TEMPORAL}.learning_rate", 0.5, {"temporal", "backbone"}),
        (f"teachers.{TEMPORAL}.epochs", 7, {"temporal", "backbone"}),
        (f"teachers.{TEMPORAL}.crops_per_sequence", 7, {"temporal", "backbone"}),
        ("students.hearnet.learning_rate", [0.5], {"plain search", "search"}),
        ("students.hearnet.epochs", 7, {"plain search", "search"}),
        ("students.hearnet.crops_per_sequence", 7, {"plain search", "search"}),
        ("students.soundnet.batch_norm_decay", 0.5, {"soundnet"}),
        ("students.soundnet.weights", {"file": "a.t7", "sha256": DIGEST}, {"soundnet"}),
        ("grid.learning_rate", [0.5], SEARCHES),
        ("grid.temperature", [7], {"search"}),
        ("grid.imitation", [0.1], {"search"}),
        ("grid.supervision", ["ground_truth"], {"search"}),
        ("grid.cells_per_job", 1, SEARCHES),
        ("training.batch_size", 7, TRAINING),
        ("training.loss", "hinton", {"search"}),
        ("training.tensorflow_threads", 7, TRAINING),
        ("training.gpus", 3, TRAINING),
        ("training.mixed_precision", True, TRAINING),
        ("training.cache", "disk", set()),
        ("training.tensorboard", True, set()),
        ("crops.seed", 7, TRAINING),
        ("crops.per_sequence", 7, TRAINING - {"backbone"}),
        ("crops.fresh", True, TRAINING - {"backbone"}),
        ("spectrograms.noise_bins", "keep", set()),
        ("vision.weights", "imagenet", {"backbone"}),
        ("vision.seed", 7, {"backbone"}),
        ("vision.frames_per_second", 7, {"backbone"}),
        ("vision.recalibrate", True, {"backbone"}),
        ("evaluation.seed", 7, set()),
        ("transfer.neighbours", [1], set()),
        ("report.note", "a note", set()),
        ("splits.seed", 7, set()),
        ("dataset.sequences_per_job", 7, set()),
    ],
)
def test_a_key_changes_the_settings_of_the_jobs_that_it_concerns(key, value, changed):
    values = deepcopy(WHOLE)
    *sections, name = key.split(".")
    inner = values
    for section in sections:
        inner = inner.setdefault(section, {})
    inner[name] = value
    before, after = Plan(validate(WHOLE)), Plan(validate(values))
    differing = {
        job
        for job, settings_of in JOBS.items()
        if canonical(settings_of(before)) != canonical(settings_of(after))
    }
    assert differing == changed


def test_equal_configurations_have_equal_settings():
    one, other = (Plan(validate(deepcopy(WHOLE))) for _ in range(2))
    for settings_of in JOBS.values():
        assert canonical(settings_of(one)) == canonical(settings_of(other))
