import pytest

from avdistill.evaluation.initial_weights import initial_weights, weights_notes


def network(name, supervision="ground_truth", weights="random", scope="all", seed=0):
    identity = {"network": name, "supervision": supervision, "scope": scope, "seed": seed}
    return identity | {"initial_weights": weights}


def test_what_a_distilled_students_teacher_began_with_stands_behind_its_own():
    one = {"initial_weights": "SoundNet", "teacher_initial_weights": "random backbone"}
    assert initial_weights(one) == "SoundNet; teacher: random backbone"
    assert initial_weights(one | {"teacher_initial_weights": None}) == "SoundNet"


@pytest.mark.parametrize(
    "row",
    [
        network("dualcamnet"),
        network("hearnet", "dualcamnet", "random; teacher: random"),
        network("resnet50", weights="ImageNet (Keras) backbone"),
        network("soundnet", weights="SoundNet"),
        network("soundnet", weights=None),
    ],
)
def test_rows_that_the_paper_would_have_too_are_not_spoken_of(row):
    assert weights_notes([row]) == []


def test_notes_name_the_networks_that_see_through_random_weights():
    [note] = weights_notes(
        [
            network("avnet", weights="random backbone, recalibrated on all"),
            network("hearnet", "resnet50", "random; teacher: random backbone"),
            network("hearnet"),
        ]
    )
    assert "not ImageNet's: ResNet-50 and AVNet." in note


def test_soundnets_own_weights_count_and_not_its_teachers():
    rows = [network("soundnet", "dualcamnet", "random; teacher: SoundNet")]
    [note] = weights_notes(rows)
    assert note.startswith("OurSoundNet starts from random weights")
    assert not weights_notes([network("soundnet", "dualcamnet", "SoundNet; teacher: random")])


def test_an_ensemble_with_a_random_backbone_is_named():
    joint = "random; teacher: random (dualcamnet) and random backbone (resnet50)"
    [note] = weights_notes([network("hearnet", "both", joint)])
    assert "not ImageNet's: ensemble both." in note
