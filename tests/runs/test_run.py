"""A run's place, and what it is called."""

from types import SimpleNamespace

import pytest

from avdistill.runs.run import STUDENTS, TEACHERS, Run

TEACHER = Run("dualcamnet", "scenario2", seed=3)
STUDENT = Run("hearnet", "all")
DISTILLED = Run("soundnet", "scenario1", "both_senses", 12)
NAMES = {
    TEACHER: "teachers/scenario2/dualcamnet/seed3",
    STUDENT: "students/all/hearnet/ground_truth/seed0",
    DISTILLED: "students/scenario1/soundnet/both_senses/seed12",
}


@pytest.mark.parametrize("run", NAMES)
def test_a_run_is_found_again_by_its_name(run):
    assert run.name == NAMES[run]
    assert Run.from_name(run.name) == run
    assert run.folder == f"results/{NAMES[run]}"
    assert run.file("model.keras") == f"results/{NAMES[run]}/model.keras"


@pytest.mark.parametrize("run", NAMES)
def test_wildcards_name_a_run(run):
    values = {"network": run.network, "scope": run.scope, "seed": str(run.seed)}
    if run.name.startswith("students"):
        values["supervision"] = run.supervision
    assert Run.from_wildcards(SimpleNamespace(**values)) == run
    pattern = STUDENTS if "supervision" in values else TEACHERS
    assert pattern.format(**values) == run.name


def test_teachers_and_distilled_students_are_told_apart():
    assert [run.is_teacher for run in NAMES] == [True, False, False]
    assert [run.is_distilled for run in NAMES] == [False, False, True]


def test_a_run_says_what_it_is():
    assert TEACHER.title == "dualcamnet, scope scenario2, seed 3"
    assert STUDENT.title == "hearnet from ground_truth, scope all, seed 0"
    assert DISTILLED.labels == {
        "network": "soundnet",
        "supervision": "both_senses",
        "scope": "scenario1",
        "seed": "12",
    }


def test_equal_runs_are_one_key_and_runs_have_an_order():
    assert {TEACHER: 1}[Run("dualcamnet", "scenario2", "ground_truth", 3)] == 1
    assert sorted([STUDENT, TEACHER, Run("dualcamnet", "all")])[0] == Run("dualcamnet", "all")
