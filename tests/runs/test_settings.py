"""Settings of jobs: one text for equal values, one message for what is wrong."""

import json

import pytest

from avdistill.errors import InputError
from avdistill.runs.run import Run
from avdistill.runs.settings import (
    BackboneSettings,
    SearchSettings,
    StudentSettings,
    TeacherSettings,
    canonical,
    read_section,
)

TEACHER = {"network": "dualcamnet", "scope": "all", "learning_rate": 1e-3}
TEACHER["fitting"] = {"epochs": 3}
STUDENT = {"network": "hearnet", "scope": "all"}
SEARCH = {**STUDENT, "learning_rates": [1e-3], "fitting": {"epochs": 3}}
BACKBONE = {"name": "temporal_resnet50"}
OVER_TIME = {"learning_rate": 1e-4, "fitting": {"epochs": 3}}
ALL = [
    (TeacherSettings, TEACHER),
    (SearchSettings, SEARCH),
    (StudentSettings, STUDENT),
    (BackboneSettings, BACKBONE),
    (BackboneSettings, BACKBONE | {"scope": "all", "temporal_training": OVER_TIME}),
]


@pytest.mark.parametrize(("kind", "values"), ALL)
def test_the_canonical_text_has_sorted_keys_and_every_default(kind, values):
    settings = read_section(kind, values, "wrong")
    text = canonical(settings)
    assert "\n" not in text
    assert ": " not in text
    decoded = json.loads(text)
    assert list(decoded) == sorted(kind.model_fields)
    assert text == json.dumps(decoded, sort_keys=True, separators=(",", ":"))
    assert read_section(kind, decoded, "wrong") == settings


def test_equal_values_have_one_text_however_they_are_written():
    written = [
        {"temperatures": [1, 5], "imitations": [1]},
        {"temperatures": (1.0, 5.0), "imitations": (1.0,)},
        {"imitations": [1], "seed": 0, "temperatures": [1, 5], "loss": "generalized"},
    ]
    fixed = SEARCH | {"supervision": "dualcamnet"}
    texts = {canonical(SearchSettings(**fixed | values)) for values in written}
    assert len(texts) == 1
    assert (
        canonical(SearchSettings(**fixed | {"temperatures": [1], "imitations": [1]})) not in texts
    )


def test_settings_know_their_run_and_what_it_is_called():
    settings = SearchSettings(**SEARCH, supervision="both_senses", seed=4)
    assert settings.run == Run("hearnet", "all", "both_senses", 4)
    assert settings.title == settings.run.title
    over_time = BackboneSettings(**BACKBONE, scope="all", seed=2, temporal_training=OVER_TIME)
    title = "temporal_resnet50's convolutions over time, scope all, seed 2"
    assert over_time.title == title
    assert over_time.fitting.epochs == 3
    assert BackboneSettings(**BACKBONE).fitting is None


def test_a_search_without_values_takes_its_cell_from_another_scope():
    assert not SearchSettings(**SEARCH).takes_cell_of_another_scope
    assert SearchSettings(**SEARCH | {"learning_rates": []}).takes_cell_of_another_scope


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (TeacherSettings, TEACHER | {"network": "hearnet"}, "network: unknown teacher 'hearnet'"),
        (TeacherSettings, TEACHER | {"network": "vgg"}, "network: unknown teacher 'vgg'; choose"),
        (
            TeacherSettings,
            TEACHER | {"supervision": "dualcamnet"},
            "supervision: teachers are trained on ground_truth",
        ),
        (
            TeacherSettings,
            TEACHER | {"learning_rate": 0},
            "learning_rate: input should be greater than 0 (it is 0)",
        ),
        (TeacherSettings, TEACHER | {"epochs": 3}, "epochs: there is no such key"),
        (
            TeacherSettings,
            STUDENT | {"network": "avnet", "learning_rate": 0.1},
            "fitting: is missing",
        ),
        (
            TeacherSettings,
            TEACHER | {"fitting": {"epochs": 0}},
            "fitting.epochs: input should be greater than 0 (it is 0)",
        ),
        (
            TeacherSettings,
            TEACHER | {"fitting": {"epochs": 1, "crops": {"per_sequence": 0}}},
            "fitting.crops.per_sequence: input should be greater than 0 (it is 0)",
        ),
        (
            TeacherSettings,
            TEACHER | {"fitting": {"epochs": 1, "gpus": -1}},
            "fitting.gpus: input should be greater than or equal to 0 (it is -1)",
        ),
        (StudentSettings, STUDENT | {"network": "avnet"}, "network: unknown student 'avnet'"),
        (
            StudentSettings,
            STUDENT | {"seed": 2**31},
            "seed: input should be less than 2147483648 (it is 2147483648)",
        ),
        (
            StudentSettings,
            STUDENT | {"supervision": "../a"},
            "supervision: string should match pattern '^[a-z][a-z0-9_]*$' (it is '../a')",
        ),
        (
            StudentSettings,
            STUDENT | {"tensorflow_threads": 0},
            "tensorflow_threads: input should be greater than 0 (it is 0)",
        ),
        (
            SearchSettings,
            SEARCH | {"learning_rates": [1e-3, 1]},
            "learning_rates[1]: input should be less than 1 (it is 1)",
        ),
        (
            SearchSettings,
            SEARCH | {"temperatures": [float("inf")]},
            "temperatures[0]: input should be a finite number (it is inf)",
        ),
        (
            SearchSettings,
            SEARCH | {"imitations": [1.5]},
            "imitations[0]: input should be less than or equal to 1 (it is 1.5)",
        ),
        (
            SearchSettings,
            SEARCH | {"loss": "squared"},
            "loss: input should be 'generalized' or 'hinton' (it is 'squared')",
        ),
        (SearchSettings, SEARCH | {"batch_norm_decay": 0.9}, "batch_norm_decay: hearnet has none"),
        (
            SearchSettings,
            SEARCH | {"initial_weights_sha256": "0" * 64},
            "initial_weights_sha256: hearnet has no published weights",
        ),
        (
            SearchSettings,
            SEARCH | {"network": "soundnet", "initial_weights_sha256": "0"},
            "initial_weights_sha256: string should match pattern '^[0-9a-f]{64}$' (it is '0')",
        ),
        (
            BackboneSettings,
            {"name": "resnet50", "scope": "all", "temporal_training": OVER_TIME},
            "temporal_training: resnet50 has no convolutions over time",
        ),
        (
            BackboneSettings,
            BACKBONE | {"recalibrate": True},
            "scope: recalibration and training over time need it, and only these",
        ),
        (
            BackboneSettings,
            BACKBONE | {"weights": "file"},
            "sha256: weights `file` need it, and only these",
        ),
        (TeacherSettings, [1], "input should be a valid dictionary"),
    ],
)
def test_what_is_wrong_is_one_line(kind, values, message):
    with pytest.raises(InputError) as error:
        read_section(kind, values, "run.json: wrong settings")
    first, *others = str(error.value).splitlines()
    assert first == "run.json: wrong settings"
    assert len(others) == 1
    assert others[0].startswith(f"  {message}")


def test_every_mistake_has_a_line():
    with pytest.raises(InputError) as error:
        read_section(SearchSettings, {"network": "hearnet", "slices": 0}, "--settings: wrong")
    assert str(error.value).splitlines() == [
        "--settings: wrong",
        "  scope: is missing",
        "  slices: input should be greater than 0 (it is 0)",
        "  fitting: is missing",
    ]
