"""The configuration: what is refused, with which path, and that its reference is up to date."""

import json
from pathlib import Path

import pytest
import yaml

from avdistill.configuration.configuration import Configuration, validate
from avdistill.configuration.reference import configuration_reference
from avdistill.errors import InputError

CONFIG = Path(__file__).parents[2] / "config"
AS_IT_STANDS = ("demo", "smoke", "micro", "paper")


@pytest.mark.parametrize("name", AS_IT_STANDS)
def test_shipped_configurations_are_valid(name):
    validate(yaml.safe_load((CONFIG / f"{name}.yaml").read_text(encoding="utf-8")))


def test_missing_sequences_may_be_named_without_zeros():
    configuration = validate({"dataset": {"missing": ["Location_1/Subject_2/Action_3"]}})
    names = [sequence.name for sequence in configuration.description().sequences()]
    assert "Location_01/Subject_02/Action_003" not in names
    assert len(names) == 377


def test_equal_configurations_have_one_canonical_text_which_is_a_configuration():
    one = validate({"crops": {"seed": 7}, "training": {"batch_size": 32, "seeds": [0]}})
    same = validate(
        {
            "training": {"cache": "none", "tensorboard": True},
            "grid": {"cells_per_job": 1},
            "dataset": {"sequences_per_job": 3},
            "crops": {"seed": 7},
        }
    )
    assert one.canonical() == same.canonical() == validate(json.loads(one.canonical())).canonical()
    assert one.canonical() != validate({"crops": {"seed": 8}}).canonical()


def test_only_trees_of_the_modalities_are_needed():
    settings = validate(
        {
            "dataset": {
                "source": "folders",
                "folders": {"sync": "s"},
                "modalities": ["audio"],
            },
            "teachers": {},
            "students": {"hearnet": {"supervision": ["ground_truth"]}},
        }
    )
    assert settings.dataset.trees == ("sync",)


@pytest.mark.parametrize("name", ["esc10", "dcase2018"])
def test_overlays_are_valid(name):
    validate(yaml.safe_load((CONFIG / f"{name}.yaml").read_text(encoding="utf-8")))


def test_table1_gives_hearnet_from_dualcamnet_its_two_values():
    paper, overlay = (
        yaml.safe_load((CONFIG / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("paper", "table1")
    )
    chosen = validate(paper | {"grid": paper["grid"] | overlay["grid"]})
    assert chosen.learning_rates("hearnet", "dualcamnet", "all") == [1e-3]
    assert chosen.learning_rates("hearnet", "dualcamnet", "scenario1") == [1e-4]
    assert chosen.learning_rates("soundnet", "resnet50", "scenario1") == [1e-4]
    for network, teacher in chosen.teachers.items():
        assert teacher.learning_rate == overlay["teachers"][network]["learning_rate"]


def test_students_are_trained_where_their_teachers_are():
    settings = validate(
        {
            "scopes": ["all", "scenario1", "scenario2"],
            "teachers": {"dualcamnet": {"scopes": ["scenario1", "all"]}, "avnet": {}},
            "ensembles": {"both": ["dualcamnet", "avnet"]},
            "students": {
                "hearnet": {"supervision": ["both"], "scopes": ["scenario1", "scenario2"]}
            },
        }
    )
    assert settings.scopes_of("both") == ["all", "scenario1"]
    assert settings.student_scopes("hearnet", "both") == ["scenario1"]
    assert settings.student_scopes("hearnet", "ground_truth") == ["scenario1", "scenario2"]


def test_paper_is_avia_at_full_scale():
    paper = validate(yaml.safe_load((CONFIG / "paper.yaml").read_text(encoding="utf-8")))
    assert len(paper.description().sequences()) == 378
    assert len(paper.description().sequences("scenario2")) == 126
    assert not paper.description().simulated


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"gird": {}}, "gird: there is no such key"),
        ({"grid": {"temprature": [1]}}, "grid.temprature: there is no such key"),
        ({"grid": {"temperature": [1, 0]}}, "grid.temperature[1]"),
        ({"grid": {"imitation": [1.5]}}, "grid.imitation[0]"),
        ({"grid": {"learning_rate": []}}, "grid.learning_rate"),
        (
            {"grid": {"scope": "scenario2"}},
            "grid.scope: hearnet from ground_truth is not trained on 'scenario2'; "
            "add that to scopes, or set `each`",
        ),
        (
            {"training": {"cache": True}},
            "training.cache: input should be 'memory', 'disk' or 'none' (it is True)",
        ),
        ({"scopes": ["scenario9"]}, "scopes"),
        (
            {"dataset": {"microphones": 127, "microphones_left_out": [79, 105]}},
            "dataset: microphones: there are 128, less those in microphones_left_out; keep fewer",
        ),
        ({"dataset": {"microphones_left_out": [128]}}, "dataset.microphones_left_out[0]"),
        ({"transfer": {"neighbours": [7, 8]}}, "transfer.neighbours[1]: must be odd"),
        ({"spectrograms": {"noise_bins": "halve"}}, "spectrograms.noise_bins"),
        ({"scopes": ["all", "all"]}, "scopes"),
        ({"teachers": {"vgg": {}}}, "teachers.vgg"),
        ({"students": {"vgg": {}}}, "students.vgg"),
        ({"teachers": {"dualcamnet": {"scopes": ["scenario1"]}}}, "teachers.dualcamnet.scopes"),
        (
            {
                "scopes": ["all", "scenario1"],
                "teachers": {"dualcamnet": {"scopes": ["scenario1"]}},
                "grid": {"scope": "all"},
            },
            "grid.scope: hearnet from dualcamnet is not trained on 'all'; "
            "add that to teachers.dualcamnet.scopes, or set `each`",
        ),
        (
            {
                "scopes": ["all", "scenario1", "scenario2"],
                "teachers": {"dualcamnet": {"scopes": ["scenario1"]}},
                "students": {"hearnet": {"scopes": ["scenario2"]}},
            },
            "students.hearnet.scopes, teachers.dualcamnet.scopes: have no scope in common",
        ),
        ({"teachers": {"dualcamnet": {"scopes": []}}}, "teachers.dualcamnet.scopes"),
        ({"students": {"hearnet": {"scopes": []}}}, "students.hearnet.scopes"),
        ({"teachers": {}}, "students.hearnet.supervision"),
        ({"dataset": {"source": "archive"}}, "dataset"),
        ({"dataset": {"source": "folders"}}, "dataset"),
        (
            {"dataset": {"source": "folders", "folders": {"sync": "s"}}},
            "dataset: folders.matfiles: is missing",
        ),
        ({"dataset": {"classes": ["juggling", "clapping"]}}, "dataset"),
        ({"dataset": {"scenarios": ["office"]}}, "dataset"),
        ({"dataset": {"missing": ["Location_1"]}}, "dataset.missing"),
        ({"dataset": {"missing": ["Location_4/Subject_1/Action_1"]}}, "dataset.missing"),
        ({"dataset": {"subjects": 0}}, "dataset.subjects"),
        ({"dataset": {"sequence_seconds": 4}}, "dataset.sequence_seconds"),
        ({"dataset": {"sequences_per_job": 51}}, "dataset.sequences_per_job"),
        ({"dataset": {"modalities": ["video"]}}, "dataset.modalities"),
        (
            {"dataset": {"archive": {"address": "a.zip", "size": 1, "sha256": "no"}}},
            "dataset.archive.sha256",
        ),
        ({"transfer": {"esc10": {}}}, "transfer.esc10"),
        ({"transfer": {"esc10": {"address": "a.zip"}}}, "transfer.esc10"),
        ({"training": {"seeds": []}}, "training.seeds"),
        ({"training": {"seeds": [0, 0]}}, "training: seeds holds a value twice"),
        ({"grid": {"learning_rate": [1e-3, "1e-3"]}}, "grid: learning_rate holds a value twice"),
        ({"grid": {"temperature": [float("inf")]}}, "grid.temperature[0]"),
        (
            {"students": {"hearnet": {"supervision": ["ground_truth"] * 2}}},
            "students.hearnet: supervision holds a value twice",
        ),
        ({"dataset": {"classes": ["clapping", "a/b"]}}, "dataset.classes[1]"),
        ({"dataset": {"subjects": 2}}, "dataset.subjects"),
        ({"teachers": {}, "students": {}}, "teachers, students"),
        ({"grid": {"learning_rate": "table2"}}, "grid.learning_rate: input should be 'table1'"),
        ({"grid": {"learning_rate": [2]}}, "grid.learning_rate[0]: input"),
        ({"grid": {"learning_rate": "table1", "scope": "all"}}, "grid.scope: table1"),
        (
            {"grid": {"scope": "all"}, "splits": {"strategy": "paper"}},
            "grid.scope: with splits.strategy `paper`",
        ),
        (
            {
                "teachers": {"avnet": {}},
                "students": {"hearnet": {"supervision": ["avnet"]}},
                "grid": {"learning_rate": "table1"},
            },
            "grid.learning_rate: the paper's table 1 has none for hearnet from avnet",
        ),
        ({"vision": {"weights": "file"}}, "vision: weights: file needs the key file"),
        ({"vision": {"weights": "file", "file": "a.h5"}}, "vision: a file of weights needs"),
        ({"vision": {"frames_per_second": 13}}, "vision.frames_per_second"),
        ({"ensembles": {"both": ["dualcamnet", "vgg"]}}, "ensembles.both[1]"),
        ({"grid": {"supervision": ["avnet"]}}, "grid.supervision: no student learns from 'avnet'"),
        ({"ensembles": {"both": ["dualcamnet", "avnet"]}}, "ensembles.both: avnet is not among"),
        ({"ensembles": {"both": ["dualcamnet"]}}, "ensembles.both: name two different"),
        (
            {
                "teachers": {"dualcamnet": {}, "avnet": {}},
                "ensembles": {"avnet": ["dualcamnet", "avnet"]},
            },
            "ensembles.avnet: is the name of something else",
        ),
        (
            {
                "teachers": {"dualcamnet": {}, "avnet": {}},
                "ensembles": {"soundnet": ["dualcamnet", "avnet"]},
            },
            "ensembles.soundnet: is the name of something else",
        ),
        (
            {
                "scopes": ["all", "scenario1"],
                "teachers": {"dualcamnet": {"scopes": ["all"]}, "avnet": {"scopes": ["scenario1"]}},
                "ensembles": {"both": ["dualcamnet", "avnet"]},
            },
            "ensembles.both: its teachers have no scope in common",
        ),
        ({"students": {"hearnet": {"scopes": ["scenario1"]}}}, "students.hearnet.scopes"),
        ({"students": {"hearnet": {"batch_norm_decay": 0.9}}}, "students.hearnet: weights and"),
        (
            {"students": {"soundnet": {"weights": {"file": "a.t7"}}}},
            "students.soundnet.weights.sha256",
        ),
        (
            {
                "teachers": {"dualcamnet": {}, "resnet50": {}},
                "dataset": {"modalities": ["audio", "acoustic"]},
            },
            "dataset.modalities: the networks also need video",
        ),
    ],
)
def test_mistakes_are_refused_with_the_path_of_the_key(values, path):
    with pytest.raises(InputError) as caught:
        validate(values)
    assert f"\n  {path}" in str(caught.value)


def test_reference_and_schema_are_up_to_date():
    assert (CONFIG / "README.md").read_text(encoding="utf-8") == configuration_reference(), (
        "run `make documents`"
    )
    schema = json.loads((CONFIG / "schema.json").read_text(encoding="utf-8"))
    assert schema == Configuration.model_json_schema(), "run `make documents`"
