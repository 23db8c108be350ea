"""Table 1 of the supplement."""

import subprocess
import sys

import pytest

from avdistill.networks.table1 import table1_learning_rate

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


def test_the_workflow_reads_it_without_tensorflow():
    code = "import sys, avdistill.networks.table1; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
