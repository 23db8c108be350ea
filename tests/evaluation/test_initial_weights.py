import pytest

from avdistill.evaluation.initial_weights import initial_weights, weights_notes


def network(name, supervision="ground_truth", weights="random", scope="all", seed=0):
    identity = {"network": name, "supervision": supervision, "scope": scope, "seed": seed}
    return identity | {"initial_weights": weights}


def test_a_distilled_students_teacher_is_that_of_its_scope_and_seed():
    told = initial_weights(
        [
            network("resnet50", weights="random backbone"),
            network("resnet50", weights="other", scope="scenario1"),
            network("resnet50", weights="another", seed=1),
            network("hearnet", "resnet50"),
            network("hearnet", "resnet50", seed=2),
            network("hearnet", "both"),
            network("hearnet"),
        ]
    )
    assert told["hearnet", "resnet50", "all", 0] == "random; teacher: random backbone"
    assert told["hearnet", "resnet50", "all", 2] == "random; teacher: not given"
    assert told["hearnet", "both", "all", 0] == "random; teacher: see ensemble"
    assert told["hearnet", "ground_truth", "all", 0] == "random"
    assert told["resnet50", "ground_truth", "all", 1] == "another"


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
    assert note.startswith("OurSoundNet began with random weights")
    [note] = weights_notes([network("soundnet", "both", "SoundNet; teacher: see ensemble")])
    assert note.startswith("What the teachers of an ensemble")
