"""Table 1 of the supplement."""

import pytest

from avdistill.networks.registry import table1_learning_rate

SCOPES = ("all", "scenario1", "scenario2", "scenario3")


@pytest.mark.parametrize(
    ("network", "supervision", "rate"),
    [
        ("dualcamnet", "ground_truth", 1e-3),
        ("resnet50", "ground_truth", 1e-4),
        ("temporal_resnet50", "ground_truth", 1e-4),
        ("avnet", "ground_truth", 1e-4),
        ("hearnet", "ground_truth", 1e-4),
        ("hearnet", "resnet50", 1e-3),
        ("soundnet", "ground_truth", 1e-4),
        ("soundnet", "dualcamnet", 1e-3),
        ("soundnet", "resnet50", 1e-4),
        ("hearnet", "avnet", None),
    ],
)
def test_one_rate_in_all_scopes(network, supervision, rate):
    assert {table1_learning_rate(network, supervision, scope) for scope in SCOPES} == {rate}


def test_hearnet_from_dualcamnet_has_a_smaller_rate_in_the_first_scenario():
    rates = [table1_learning_rate("hearnet", "dualcamnet", scope) for scope in SCOPES]
    assert rates == [1e-3, 1e-4, 1e-3, 1e-3]
