"""The paper's words for networks, supervision and scopes, for figures and tables."""

from collections.abc import Sequence
from typing import Any

from avdistill.networks.registry import GROUND_TRUTH, NETWORKS, network_spec


def network_label(network: str) -> str:
    """Return the paper's name of a network, such as `ResNet-50`; other names stay as they are."""
    return NETWORKS[network].label if network in NETWORKS else network


def supervision_label(supervision: str) -> str:
    """Return what a student learned from: `ground truth (G)`, `soft labels of DualCamNet (D)`.

    Any other name is that of an ensemble.
    """
    if supervision == GROUND_TRUTH:
        return "ground truth (G)"
    if supervision not in NETWORKS:
        return f"soft labels of ensemble {supervision}"
    teacher = NETWORKS[supervision]
    return f"soft labels of {teacher.label}" + (f" ({teacher.letter})" if teacher.letter else "")


def scope_label(scope: str, scenarios: Sequence[str]) -> str:
    """Return a scope with its scenario: `scenario 1 (anechoic chamber)`, `all scenarios`."""
    if scope == "all":
        return scope_words(scope)
    number = int(scope.removeprefix("scenario"))
    return f"scenario {number} ({scenarios[number - 1]})"


def scope_words(scope: str) -> str:
    """Return a scope in words, `all scenarios` or `scenario 1`; other names stay as they are."""
    if scope == "all":
        return "all scenarios"
    return scope.replace("scenario", "scenario ") if scope.startswith("scenario") else scope


def model_label(network: str, supervision: str) -> str:
    """Return words for a network and, for a student, for what it learned from."""
    spec = network_spec(network)
    if spec.role == "teacher":
        return spec.label
    return f"{spec.label} from {supervision_label(supervision)}"


def file_stem(run: dict[str, Any]) -> str:
    """Return the start of names of a run's files: `dualcamnet-seed0`, `hearnet-dualcamnet-seed0`.

    Parameters
    ----------
    run : its metrics, or a row of a table: network, supervision and seed.
    """
    is_student = network_spec(run["network"]).role == "student"
    supervision = f"-{run['supervision']}" if is_student else ""
    return f"{run['network']}{supervision}-seed{run['seed']}"


def source_label(data_source: str) -> str:
    """Return words for the source of the data; simulated data are always called simulated."""
    return "simulated data" if data_source == "simulated" else f"data: {data_source}"
