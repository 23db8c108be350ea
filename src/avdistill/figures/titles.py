"""The title of a figure about a network, from the network's description."""

from pathlib import Path
from textwrap import fill
from typing import Any

from avdistill.errors import InputError
from avdistill.evaluation.initial_weights import BACKBONE, initial_weights
from avdistill.evaluation.labels import model_label, scope_label
from avdistill.networks.registry import network_spec
from avdistill.results.model_folder import DESCRIPTION_FILE, read_model_description

_WIDTH = 88  # characters that fit on every figure


def read_description(path: Path) -> dict[str, Any]:
    """Read the description of a trained network, given the path of the file.

    Raises
    ------
    InputError : the file is not called `model.json`, is damaged, or has an unknown scope.
    """
    if path.name != DESCRIPTION_FILE:
        raise InputError(
            f"{path}: not a network's description; name the {DESCRIPTION_FILE} of its folder"
        )
    description = read_model_description(path.parent)
    scenarios = range(1, len(description["scenarios"]) + 1)
    if description["scope"] not in ("all", *(f"scenario{number}" for number in scenarios)):
        raise InputError(f"{path}: unknown scope {description['scope']!r}; delete it and run again")
    return description


def network_title(description: dict[str, Any]) -> str:
    """Return a title that names the network, its supervision and its scope.

    A second line names the initial weights if the paper's network, or its teacher, started from
    published weights.

    Parameters
    ----------
    description : from `read_description`.
    """
    label = model_label(description["network"], description["supervision"])
    title = f"{label}, {scope_label(description['scope'], description['scenarios'])}"
    weights = initial_weights(description)
    if network_spec(description["network"]).published_weights or BACKBONE in weights:
        title += "\n" + fill(f"initial weights: {weights}", _WIDTH)
    return title
