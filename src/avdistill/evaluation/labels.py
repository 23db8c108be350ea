"""What figures and tables call networks, supervision and scopes: the paper's words."""

from collections.abc import Sequence

from avdistill.networks.registry import GROUND_TRUTH, NETWORKS, network_spec


def network_label(network: str) -> str:
    """Return the paper's name of a network, such as `ResNet-50`; other names stay as they are."""
    return NETWORKS[network].label if network in NETWORKS else network


def supervision_label(supervision: str) -> str:
    """Say what a student learned from: `ground truth (G)`, `soft labels of DualCamNet (D)`.

    A name that is no network's is an ensemble's.
    """
    if supervision == GROUND_TRUTH:
        return "ground truth (G)"
    if supervision not in NETWORKS:
        return f"soft labels of ensemble {supervision}"
    teacher = NETWORKS[supervision]
    return f"soft labels of {teacher.label}" + (f" ({teacher.letter})" if teacher.letter else "")


def scope_label(scope: str, scenarios: Sequence[str]) -> str:
    """Name a scope with its scenario: `scenario 1 (anechoic chamber)`, `all scenarios`."""
    if scope == "all":
        return "all scenarios"
    number = int(scope.removeprefix("scenario"))
    return f"scenario {number} ({scenarios[number - 1]})"


def model_label(network: str, supervision: str) -> str:
    """Name a network and, of a student, what it learned from."""
    spec = network_spec(network)
    if spec.role == "teacher":
        return spec.label
    return f"{spec.label} from {supervision_label(supervision)}"


def source_label(data_source: str) -> str:
    """Name the source of the data; simulated data are called nothing else."""
    return "simulated data" if data_source == "simulated" else f"data: {data_source}"
