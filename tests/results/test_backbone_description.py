"""What a backbone says of itself."""

import json

import pytest

from avdistill.errors import InputError
from avdistill.results.backbone_description import DESCRIPTION_FILE, BackboneDescription

PLAIN = BackboneDescription(
    "resnet50", "random", None, temporal=False, frames=(3, 9), seed=0, sha256="a" * 64
)
RECALIBRATED = BackboneDescription(
    "temporal_resnet50",
    "ImageNet (Keras)",
    "scenario1",
    temporal=True,
    frames=(0, 6),
    seed=1,
    sha256="b" * 64,
)


TRAINED = BackboneDescription(
    "temporal_resnet50",
    "random",
    "noise",
    temporal=True,
    frames=(3,),
    seed=1,
    trained_on="all",
    sha256="c" * 64,
)


@pytest.mark.parametrize("description", [PLAIN, RECALIBRATED, TRAINED])
def test_a_description_is_read_back(tmp_path, description):
    description.write(tmp_path)
    assert BackboneDescription.read(tmp_path) == description


def test_initial_weights_say_all_that_makes_features_differ():
    assert PLAIN.initial_weights == "random backbone"
    assert RECALIBRATED.initial_weights == (
        "ImageNet (Keras) backbone, temporal, recalibrated on scenario1"
    )
    assert TRAINED.initial_weights == (
        "random backbone, temporal, convolutions over time trained on all"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"frames": []},
        {"frames": [9, 3]},
        {"frames": [3, 3]},
        {"frames": [3, 12]},
        {"frames": ["3"]},
        {"temporal": "no"},
        {"weights": None},
        {"sha256": None},
        {"more": 1},
    ],
)
def test_damaged_descriptions_are_named(tmp_path, change):
    PLAIN.write(tmp_path)
    path = tmp_path / DESCRIPTION_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match=r"backbone\.json: not a backbone's description"):
        BackboneDescription.read(tmp_path)


def test_an_absent_description_is_named(tmp_path):
    with pytest.raises(InputError, match=r"backbone\.json: no such file"):
        BackboneDescription.read(tmp_path)
