import json

import pytest

from avdistill.errors import InputError
from avdistill.figures.titles import network_title, read_description


@pytest.mark.parametrize(
    ("values", "title"),
    [
        (("dualcamnet", "ground_truth", "all"), "DualCamNet, all scenarios"),
        (
            ("hearnet", "ground_truth", "scenario2"),
            "HearNet from ground truth (G), scenario 2 (open-space office)",
        ),
        (
            ("hearnet", "dualcamnet", "all", "random"),
            "HearNet from soft labels of DualCamNet (D), all scenarios",
        ),
        (
            ("hearnet", "resnet50", "all", "random backbone"),
            "HearNet from soft labels of ResNet-50 (R), all scenarios\n"
            "initial weights: random; teacher: random backbone",
        ),
        (
            ("soundnet", "dualcamnet", "all", "random"),
            "OurSoundNet from soft labels of DualCamNet (D), all scenarios\n"
            "initial weights: random; teacher: random",
        ),
        (
            ("soundnet", "ground_truth", "all"),
            "OurSoundNet from ground truth (G), all scenarios\ninitial weights: random",
        ),
    ],
)
def test_networks_are_called_what_the_paper_calls_them(write_network, values, title):
    network, supervision, scope, *teacher = values
    written = write_network(network, supervision, scope, teacher=(*teacher, None)[0])
    assert network_title(read_description(written.description)) == title


def test_a_vision_teacher_says_what_it_began_with(write_network):
    description = read_description(write_network("temporal_resnet50", "ground_truth").description)
    told = "random backbone, temporal, recalibrated on all"
    title = network_title(description | {"initial_weights": told})
    assert title == f"Temporal ResNet-50, all scenarios\ninitial weights: {told}"


def test_an_ensembles_many_weights_take_several_lines(write_network):
    teachers = ("dualcamnet", "resnet50", "temporal_resnet50", "avnet")
    told = " and ".join(f"random backbone ({name})" for name in teachers)
    title = network_title(
        read_description(write_network("hearnet", "all_four", teacher=told).description)
    )
    assert " ".join(title.split()).endswith(f"initial weights: random; teacher: {told}")
    assert max(map(len, title.splitlines())) < 90


def test_an_ensemble_is_called_by_its_name(write_network):
    title = network_title(read_description(write_network("hearnet", "both_kinds").description))
    assert title.startswith("HearNet from soft labels of")
    assert title.endswith("both_kinds, all scenarios")


def test_a_description_of_another_name_is_refused(write_network):
    network = write_network()
    with pytest.raises(InputError, match=r"history\.csv.*model\.json"):
        read_description(network.history)


def test_a_scope_that_the_description_has_no_scenario_for_is_refused(write_network):
    network = write_network()
    description = json.loads(network.description.read_text())
    network.description.write_text(json.dumps(description | {"scope": "scenario3"}))
    with pytest.raises(InputError, match="scenario3"):
        read_description(network.description)
