import pytest

from avdistill.configuration.configuration import validate
from avdistill.figures.supplement import confusion_figures
from avdistill.plan import Plan

TEACHERS = ("dualcamnet", "resnet50", "temporal_resnet50", "avnet")
STUDENTS = ("hearnet", "soundnet")
SCOPES = ["all", "scenario1", "scenario2", "scenario3"]


def figures_of(**values):
    return confusion_figures(Plan(validate(values)).runs)


def test_the_whole_paper_has_figures_5_to_13_of_its_first_seed():
    figures = figures_of(
        scopes=SCOPES,
        teachers={name: {} for name in TEACHERS},
        students={name: {"supervision": ["ground_truth", "dualcamnet"]} for name in STUDENTS},
        training={"seeds": [4, 2]},
    )
    assert [(number, run.network, run.scope) for number, run in figures.items()] == [
        (5, "hearnet", "all"),
        (6, "soundnet", "all"),
        (7, "dualcamnet", "all"),
        (8, "resnet50", "all"),
        (9, "temporal_resnet50", "all"),
        (10, "avnet", "all"),
        (11, "resnet50", "scenario1"),
        (12, "resnet50", "scenario2"),
        (13, "resnet50", "scenario3"),
    ]
    assert {run.seed for run in figures.values()} == {4}
    assert [run.supervision for run in figures.values()] == ["dualcamnet"] * 2 + [
        "ground_truth"
    ] * 7


def test_only_networks_and_scopes_that_are_trained_have_figures():
    figures = figures_of(
        scopes=["scenario2", "all"],
        teachers={"dualcamnet": {"scopes": ["scenario2"]}, "resnet50": {}},
        students={},
    )
    assert [*figures] == [8, 12]


def test_a_student_that_is_not_trained_on_all_scenarios_has_no_figure():
    figures = figures_of(
        scopes=["scenario1", "all"],
        students={"hearnet": {"scopes": ["scenario1"]}, "soundnet": {}},
    )
    assert [*figures] == [6, 7]


@pytest.mark.parametrize(
    ("supervision", "expected"),
    [
        (["resnet50", "ground_truth", "dualcamnet"], "ground_truth"),  # DualCamNet lacks `all`
        (["resnet50", "avnet"], "resnet50"),
        (["both", "resnet50"], "both"),
        (["dualcamnet"], None),
    ],
)
def test_a_student_without_dualcamnets_labels_shows_the_next_best(supervision, expected):
    figures = figures_of(
        scopes=["scenario1", "all"],
        teachers={"dualcamnet": {"scopes": ["scenario1"]}, "resnet50": {}, "avnet": {}},
        students={"hearnet": {"supervision": supervision}},
        ensembles={"both": ["resnet50", "avnet"]},
    )
    assert [figures[5].supervision for number in figures if number == 5] == (
        [expected] if expected else []
    )
