"""What a figure says of the network that it shows, from the network's description."""

from pathlib import Path
from textwrap import fill
from typing import Any

from avdistill.errors import InputError
from avdistill.evaluation.initial_weights import BACKBONE, initial_weights
from avdistill.evaluation.labels import model_label, scope_label
from avdistill.results.model_folder import DESCRIPTION_FILE, read_model_description

_WIDTH = 88  # in characters; every figure has room for as many


def read_description(path: Path) -> dict[str, Any]:
    """Read the description of a trained network by its own path.

    Raises
    ------
    InputError : it is not called `model.json`, holds something else, or an unknown scope.
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
    """Say what a network is, what it learned from, and on which scope.

    A second line says what a network began with that the paper began with published weights, and
    a student whose teacher it did.

    Parameters
    ----------
    description : from `read_description`.
    """
    label = model_label(description["network"], description["supervision"])
    title = f"{label}, {scope_label(description['scope'], description['scenarios'])}"
    weights = initial_weights(description)
    if description["network"] == "soundnet" or BACKBONE in weights:
        title += "\n" + fill(f"initial weights: {weights}", _WIDTH)
    return title
