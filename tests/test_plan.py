"""Which runs a configuration asks for, what each takes as input, and which settings it has."""

from pathlib import Path

import pytest
import yaml

from avdistill.configuration.configuration import validate
from avdistill.errors import InputError
from avdistill.plan import Plan
from avdistill.runs.run import Run

CONFIG = Path(__file__).parents[1] / "config"
DIGEST = "a" * 64
DATA = {
    "dataset": "results/dataset.json",
    "records": "results/records/manifest.csv",
    "split": "results/splits/all.csv",
}
BOTH = {"both_senses": ["dualcamnet", "resnet50"]}
EVERY_TEACHER = {name: {} for name in ("dualcamnet", "resnet50", "temporal_resnet50", "avnet")}


def plan_of(**sections):
    return Plan(validate(sections))


def of_file(name):
    return Plan(validate(yaml.safe_load((CONFIG / f"{name}.yaml").read_text())))


# Runs


def test_micro_has_one_teacher_and_two_students():
    plan = of_file("micro")
    assert plan.teachers == [Run("dualcamnet", "all")]
    assert plan.students == [Run("hearnet", "all"), Run("hearnet", "all", "dualcamnet")]
    assert plan.runs == plan.teachers + plan.students
    assert plan.networks == ["dualcamnet", "hearnet"]
    assert plan.runs_of("hearnet") == plan.students


@pytest.mark.parametrize(
    ("name", "teachers", "students"), [("micro", 1, 2), ("smoke", 7, 8), ("paper", 48, 72)]
)
def test_the_number_of_runs_of_the_configurations_that_come_with_it(name, teachers, students):
    plan = of_file(name)
    assert (len(plan.teachers), len(plan.students)) == (teachers, students)
    assert len({run.name for run in plan.runs}) == teachers + students


def test_runs_come_by_network_supervision_scope_and_seed():
    plan = plan_of(
        scopes=["scenario1", "all"],
        teachers={"dualcamnet": {}, "resnet50": {"scopes": ["all"]}},
        ensembles=BOTH,
        students={
            "hearnet": {"supervision": ["ground_truth", "both_senses"]},
            "soundnet": {"supervision": ["dualcamnet"], "scopes": ["scenario1"]},
        },
        training={"seeds": [3, 1]},
    )
    assert plan.teachers == [
        *(Run("dualcamnet", scope, seed=seed) for scope in ("scenario1", "all") for seed in (3, 1)),
        *(Run("resnet50", "all", seed=seed) for seed in (3, 1)),
    ]
    assert plan.students == [
        *(Run("hearnet", scope, seed=seed) for scope in ("scenario1", "all") for seed in (3, 1)),
        # An ensemble is where all its teachers are.
        *(Run("hearnet", "all", "both_senses", seed) for seed in (3, 1)),
        *(Run("soundnet", "scenario1", "dualcamnet", seed) for seed in (3, 1)),
    ]


# Inputs


@pytest.mark.parametrize(
    ("network", "more"),
    [
        ("dualcamnet", {}),
        (
            "resnet50",
            {
                "features": "results/vision/resnet50/manifest.csv",
                "backbone": "results/vision/resnet50/backbone.json",
            },
        ),
        (
            "avnet",
            {
                "features": "results/vision/resnet50/manifest.csv",
                "backbone": "results/vision/resnet50/backbone.json",
            },
        ),
        ("hearnet", {"statistics": "results/statistics/all.npz"}),
        ("soundnet", {}),
    ],
)
def test_a_network_takes_what_its_input_is_made_of(network, more):
    plan = plan_of(teachers=EVERY_TEACHER, students={"hearnet": {}, "soundnet": {}})
    assert plan.inputs(Run(network, "all")) == DATA | more


def test_a_scope_has_a_split_and_statistics_of_its_own():
    plan = plan_of(scopes=["scenario2"])
    inputs = plan.inputs(Run("hearnet", "scenario2"))
    assert inputs["split"] == "results/splits/scenario2.csv"
    assert inputs["statistics"] == "results/statistics/scenario2.npz"


def test_a_distilled_student_takes_soft_labels_of_its_teacher_or_ensemble():
    plan = plan_of(
        teachers={"dualcamnet": {}, "resnet50": {}},
        ensembles=BOTH,
        students={"hearnet": {"supervision": ["ground_truth", "dualcamnet", "both_senses"]}},
    )
    plain, distilled, from_both = plan.students
    assert "soft_labels" not in plan.search_inputs(plain)
    file = "results/soft_labels/all/dualcamnet/seed0.parquet"
    assert plan.search_inputs(distilled) == plan.inputs(distilled) | {"soft_labels": file}
    both = "results/soft_labels/all/both_senses/seed0.parquet"
    assert plan.search_inputs(from_both)["soft_labels"] == both
    assert plan.soft_labels() == [file, both]
    assert plan.members("both_senses", "all", 0) == [
        file,
        "results/soft_labels/all/resnet50/seed0.parquet",
    ]


def test_a_student_starts_from_the_weights_of_its_configuration():
    weights = {"file": "data/soundnet.t7", "sha256": DIGEST}
    plan = plan_of(students={"hearnet": {}, "soundnet": {"weights": weights}})
    assert plan.search_inputs(Run("soundnet", "all"))["weights"] == "data/soundnet.t7"
    assert "weights" not in plan.search_inputs(Run("hearnet", "all"))
    settings = plan.search_settings(Run("soundnet", "all"), 0)
    assert settings.initial_weights_sha256 == DIGEST
    assert plan.search_settings(Run("hearnet", "all"), 0).initial_weights_sha256 is None


def test_with_a_scope_of_the_grid_only_that_one_searches():
    plan = plan_of(scopes=["all", "scenario1"], grid={"scope": "all"}, training={"seeds": [0, 1]})
    taking = Run("hearnet", "scenario1", "dualcamnet", 1)
    searching = Run("hearnet", "all", "dualcamnet", 1)
    assert plan.takes_cell_of_another_scope(taking)
    assert plan.search_inputs(taking)["grid"] == searching.file("grid.csv")
    assert plan.search_settings(taking, 0).takes_cell_of_another_scope
    assert plan.number_of_slices(taking) == 1
    assert "grid" not in plan.search_inputs(searching)
    assert not plan.search_settings(searching, 0).takes_cell_of_another_scope
    assert {run.scope for run in plan.searched_students} == {"all"}
    assert len(plan.searched_students) == 4


def test_where_each_scope_searches_all_students_do():
    plan = plan_of(scopes=["all", "scenario1"], grid={"scope": "each"})
    assert plan.searched_students == plan.students


def test_supervisions_that_do_not_search_take_the_first_value_of_each_list():
    values = {"learning_rate": [0.01, 0.1], "temperature": [2, 5], "imitation": [1, 0.5]}
    plan = plan_of(grid=values | {"supervision": ["dualcamnet"]})
    searching = plan.search_settings(Run("hearnet", "all", "dualcamnet"), 0)
    assert searching.learning_rates == (0.01, 0.1)
    assert (searching.temperatures, searching.imitations) == ((2, 5), (1, 0.5))
    other = plan.search_settings(Run("hearnet", "all"), 0)
    assert other.learning_rates == (0.01,)


# Settings


def test_a_teacher_is_trained_as_its_section_and_that_of_all_networks_say():
    plan = plan_of(
        teachers={"dualcamnet": {"learning_rate": 0.01, "epochs": 7}},
        crops={"seed": 5, "per_sequence": 2, "fresh": True},
        training={
            "seeds": [4],
            "batch_size": 3,
            "tensorflow_threads": 6,
            "gpus": 2,
            "mixed_precision": True,
        },
    )
    settings = plan.teacher_settings(Run("dualcamnet", "all", seed=4))
    assert settings.model_dump() == {
        "network": "dualcamnet",
        "scope": "all",
        "supervision": "ground_truth",
        "seed": 4,
        "tensorflow_threads": 6,
        "learning_rate": 0.01,
        "fitting": {
            "epochs": 7,
            "batch_size": 3,
            "crops": {"seed": 5, "per_sequence": 2, "fresh": True},
            "gpus": 2,
            "mixed_precision": True,
        },
    }


def test_a_networks_own_number_of_crops_comes_before_that_of_all():
    plan = plan_of(
        teachers={"dualcamnet": {"crops_per_sequence": 90}},
        students={"hearnet": {"crops_per_sequence": 18}, "soundnet": {}},
        crops={"seed": 5, "per_sequence": 2},
    )
    crops = {
        "dualcamnet": plan.teacher_settings(Run("dualcamnet", "all")).fitting.crops,
        "hearnet": plan.search_settings(Run("hearnet", "all"), 0).fitting.crops,
        "soundnet": plan.search_settings(Run("soundnet", "all"), 0).fitting.crops,
    }
    numbers = {name: chosen.per_sequence for name, chosen in crops.items()}
    assert numbers == {"dualcamnet": 90, "hearnet": 18, "soundnet": 2}
    assert {chosen.seed for chosen in crops.values()} == {5}


def test_a_search_has_the_values_of_the_grid_and_ground_truth_learning_rates_alone():
    plan = plan_of(
        students={"hearnet": {"epochs": 7}, "soundnet": {"batch_norm_decay": 0.9}},
        grid={"learning_rate": [0.1, 0.01], "temperature": [1, 2, 5], "imitation": [1]},
        training={"loss": "hinton"},
    )
    plain, distilled = (plan.search_settings(run, 0) for run in plan.runs_of("hearnet"))
    assert plain.learning_rates == distilled.learning_rates == (0.1, 0.01)
    assert plain.temperatures == plain.imitations == ()
    assert (distilled.temperatures, distilled.imitations) == ((1, 2, 5), (1,))
    assert distilled.run == Run("hearnet", "all", "dualcamnet")
    assert distilled.fitting.epochs == 7
    assert distilled.loss == "hinton"
    assert distilled.batch_norm_decay is None
    assert plan.search_settings(Run("soundnet", "all"), 0).batch_norm_decay == 0.9


@pytest.mark.parametrize(
    ("cells_per_job", "plain", "distilled"), [(1, 2, 12), (5, 1, 3), (6, 1, 2), (12, 1, 1)]
)
def test_a_grid_is_divided_among_jobs(cells_per_job, plain, distilled):
    grid = {"learning_rate": [0.1, 0.01], "temperature": [1, 2, 5], "imitation": [0.5, 1]}
    plan = plan_of(grid=grid | {"cells_per_job": cells_per_job})
    for run, number in zip(plan.students, (plain, distilled), strict=True):
        assert plan.number_of_slices(run) == number
        slices = [plan.search_settings(run, place) for place in range(number)]
        assert [(one.slice, one.slices) for one in slices] == [(n, number) for n in range(number)]


def test_table_1_has_one_learning_rate_for_each_student_and_scope():
    plan = plan_of(
        scopes=["all", "scenario1"],
        grid={"learning_rate": "table1", "temperature": [1], "imitation": [1]},
    )
    rates = {run: plan.search_settings(run, 0).learning_rates for run in plan.students}
    assert rates == {
        Run("hearnet", "all"): (1e-4,),
        Run("hearnet", "scenario1"): (1e-4,),
        Run("hearnet", "all", "dualcamnet"): (1e-3,),
        Run("hearnet", "scenario1", "dualcamnet"): (1e-4,),
    }


def test_one_thread_selects_a_student():
    plan = plan_of(training={"tensorflow_threads": 6})
    run = Run("hearnet", "all", "dualcamnet")
    settings = plan.student_settings(run)
    assert (settings.run, settings.tensorflow_threads) == (run, 1)


# Scopes and statistics


def test_statistics_are_of_every_scope_with_a_network_of_spectrograms():
    scopes = {"scopes": ["all", "scenario1"]}
    students = {"hearnet": {"scopes": ["scenario1"]}, "soundnet": {}}
    assert plan_of(**scopes, students=students).statistics() == ["results/statistics/scenario1.npz"]
    assert plan_of(**scopes, students={"soundnet": {}}).statistics() == []


@pytest.mark.parametrize(
    ("across_scopes", "transfer", "every"),
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_every_scope_is_divided_where_networks_are_tested_on_others(across_scopes, transfer, every):
    plan = plan_of(
        scopes=["scenario2"],
        evaluation={"across_scopes": across_scopes},
        transfer={"scopes": transfer},
    )
    scopes = plan.configuration.description().scopes
    assert len(scopes) == 4
    assert plan.scopes() == (list(scopes) if every else ["scenario2"])


# Backbones

TEMPORAL, PLAIN = "temporal_resnet50", "resnet50"


@pytest.mark.parametrize(
    ("recalibrate", "train_temporal", "plain", "temporal"),
    [
        (False, False, PLAIN, PLAIN),
        (True, False, f"{PLAIN}_all", f"{TEMPORAL}_all"),
        (False, True, PLAIN, f"{TEMPORAL}_all"),
        (True, True, f"{PLAIN}_all", f"{TEMPORAL}_all"),
    ],
)
def test_a_network_has_the_backbone_that_the_configuration_asks_for(
    recalibrate, train_temporal, plain, temporal
):
    vision = {"recalibrate": recalibrate, "train_temporal": train_temporal}
    plan = plan_of(teachers=EVERY_TEACHER, vision=vision)
    expected = {"dualcamnet": None, PLAIN: plain, TEMPORAL: temporal, "avnet": plain}
    assert {run.network: plan.backbone_of(run) for run in plan.teachers} == expected
    assert plan.backbone_of(Run("hearnet", "all")) is None
    assert plan.backbones == sorted({plain, temporal})
    for backbone in plan.backbones:
        settings, scope = plan.backbone_settings(backbone), "all" if "_all" in backbone else None
        assert settings.name == (TEMPORAL if backbone.startswith(TEMPORAL) else PLAIN)
        assert settings.scope == scope
        assert settings.recalibrate == recalibrate
        assert (settings.fitting is not None) == (train_temporal and settings.name == TEMPORAL)
        assert plan.backbone_inputs(backbone) == (DATA if scope else {})


def test_each_scope_has_a_backbone_of_its_own_where_frames_of_the_scope_decide():
    plan = plan_of(
        scopes=["all", "scenario1"], teachers={PLAIN: {}}, students={}, vision={"recalibrate": True}
    )
    assert plan.backbones == ["resnet50_all", "resnet50_scenario1"]
    inputs = plan.backbone_inputs("resnet50_scenario1")
    assert inputs["split"] == "results/splits/scenario1.csv"
    assert plan.backbone_settings("resnet50_scenario1").scope == "scenario1"
    features = plan.inputs(Run(PLAIN, "scenario1"))["features"]
    assert features == "results/vision/resnet50_scenario1/manifest.csv"


@pytest.mark.parametrize(
    ("vision", "backbone", "known"),
    [
        ({}, f"{TEMPORAL}_all", PLAIN),
        ({}, TEMPORAL, PLAIN),
        ({"recalibrate": True}, PLAIN, f"{PLAIN}_all, {TEMPORAL}_all"),
        ({"train_temporal": True}, f"{PLAIN}_all", f"{PLAIN}, {TEMPORAL}_all"),
        ({"recalibrate": True}, f"{PLAIN}_scenario1", f"{PLAIN}_all, {TEMPORAL}_all"),
        (None, PLAIN, "nothing, as none takes video"),
    ],
)
def test_a_backbone_that_the_configuration_does_not_ask_for_is_an_error(vision, backbone, known):
    plan = plan_of() if vision is None else plan_of(teachers=EVERY_TEACHER, vision=vision)
    for settings_or_inputs in (plan.backbone_settings, plan.backbone_inputs):
        with pytest.raises(InputError, match=f"such a backbone; choose from: {known}$"):
            settings_or_inputs(backbone)


@pytest.mark.parametrize("gpus", [0, 1, 4])
def test_training_over_time_takes_all_gpus_and_anything_else_one_at_most(gpus):
    plan = plan_of(
        teachers={TEMPORAL: {"learning_rate": 0.01, "epochs": 9}, PLAIN: {}},
        students={},
        vision={"train_temporal": True, "seed": 8, "frames_per_second": 3},
        training={"gpus": gpus, "tensorflow_threads": 6},
    )
    trained, plain = (plan.backbone_settings(name) for name in (f"{TEMPORAL}_all", PLAIN))
    assert trained.temporal_training.learning_rate == 0.01
    assert (trained.fitting.epochs, trained.fitting.gpus) == (9, gpus)
    assert plain.gpus == min(1, gpus)
    for settings in (trained, plain):
        assert (settings.seed, settings.frames_per_second) == (8, 3)
        assert settings.tensorflow_threads == 6


def test_weights_of_the_backbone_are_one_file_or_those_of_a_checkpoint(tmp_path):
    assert plan_of().vision_weights() == []

    def files(name):
        vision = {"weights": "file", "file": str(tmp_path / name), "sha256": DIGEST}
        plan = plan_of(teachers={PLAIN: {}}, students={}, vision=vision)
        assert plan.backbone_settings(PLAIN).sha256 == DIGEST
        return [Path(file).name for file in plan.vision_weights()]

    assert files("resnet50.h5") == ["resnet50.h5"]  # missing: whoever needs it says so
    (tmp_path / "resnet50.h5").touch()
    assert files("resnet50.h5") == ["resnet50.h5"]
    for part in ("index", "data-00000-of-00002", "data-00001-of-00002"):
        (tmp_path / f"slim.ckpt.{part}").touch()
    assert files("slim.ckpt") == [
        "slim.ckpt.data-00000-of-00002",
        "slim.ckpt.data-00001-of-00002",
        "slim.ckpt.index",
    ]
