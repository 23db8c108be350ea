"""What networks, supervision and scopes are called in figures and tables: the paper's words."""

from collections.abc import Sequence

from avdistill.networks.registry import NETWORKS, network_spec

_NETWORKS = {
    "dualcamnet": "DualCamNet",
    "resnet50": "ResNet-50",
    "temporal_resnet50": "Temporal ResNet-50",
    "avnet": "AVNet",
    "hearnet": "HearNet",
    "soundnet": "OurSoundNet",
}
_LETTERS = {"dualcamnet": "D", "resnet50": "R"}  # the paper's table 1


def network_label(network: str) -> str:
    """Give the paper's name of a network, such as `ResNet-50`."""
    return _NETWORKS.get(network, network)


def supervision_label(supervision: str) -> str:
    """Give what a student learned from: `ground truth (G)` or `soft labels of DualCamNet (D)`.

    A name that is no network's is an ensemble's.
    """
    if supervision == "ground_truth":
        return "ground truth (G)"
    if supervision not in NETWORKS:
        return f"soft labels of ensemble {supervision}"
    letter = f" ({_LETTERS[supervision]})" if supervision in _LETTERS else ""
    return f"soft labels of {network_label(supervision)}{letter}"


def scope_label(scope: str, scenarios: Sequence[str]) -> str:
    """Give a scope with the scenario's name: `scenario 1 (anechoic chamber)`, `all scenarios`."""
    if scope == "all":
        return "all scenarios"
    number = int(scope.removeprefix("scenario"))
    return f"scenario {number} ({scenarios[number - 1]})"


def model_label(network: str, supervision: str) -> str:
    """Give a network and, of a student, what it learned from."""
    if network_spec(network).role == "teacher":
        return network_label(network)
    return f"{network_label(network)} from {supervision_label(supervision)}"


def source_label(data_source: str) -> str:
    """Give the source of the data; simulated data are called nothing else."""
    return "simulated data" if data_source == "simulated" else f"data: {data_source}"
