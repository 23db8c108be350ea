import json

import pytest

from avdistill.errors import InputError
from avdistill.figures.titles import card_title, read_card


@pytest.mark.parametrize(
    ("values", "title"),
    [
        (("dualcamnet", "ground_truth", "all"), "DualCamNet, all scenarios"),
        (
            ("hearnet", "ground_truth", "scenario2"),
            "HearNet from ground truth (G), scenario 2 (open-space office)",
        ),
        (
            ("hearnet", "dualcamnet", "all"),
            "HearNet from soft labels of DualCamNet (D), all scenarios",
        ),
        (
            ("temporal_resnet50", "ground_truth", "all"),
            "Temporal ResNet-50, all scenarios\ninitial weights: random",
        ),
        (
            ("soundnet", "avnet", "all"),
            "OurSoundNet from soft labels of AVNet, all scenarios\ninitial weights: random",
        ),
    ],
)
def test_networks_are_called_what_the_paper_calls_them(write_network, values, title):
    assert card_title(read_card(write_network(*values).card)) == title


def test_an_ensemble_is_called_by_its_name(write_network):
    title = card_title(read_card(write_network("hearnet", "both_kinds").card))
    assert title.startswith("HearNet from soft labels of")
    assert title.endswith("both_kinds, all scenarios")


def test_a_card_of_another_name_is_refused(write_network):
    network = write_network()
    with pytest.raises(InputError, match=r"history\.csv.*model\.json"):
        read_card(network.history)


def test_a_scope_that_the_card_has_no_scenario_for_is_refused(write_network):
    network = write_network()
    card = json.loads(network.card.read_text())
    network.card.write_text(json.dumps(card | {"scope": "scenario3"}))
    with pytest.raises(InputError, match="scenario3"):
        read_card(network.card)
