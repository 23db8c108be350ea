"""Titles of figures that show one network, from the network's card."""

from pathlib import Path
from textwrap import fill
from typing import Any

from avdistill.errors import InputError
from avdistill.evaluation.initial_weights import BACKBONE, initial_weights
from avdistill.evaluation.labels import model_label, scope_label
from avdistill.networks.registry import network_spec
from avdistill.results.model_folder import CARD_FILE, read_model_card

_WIDTH = 88  # characters, for which every figure has room


def read_card(path: Path) -> dict[str, Any]:
    """Read a trained network's card, given its own path.

    Raises
    ------
    InputError : the file is not called `model.json`, is not a card, or has an unknown scope.
    """
    if path.name != CARD_FILE:
        raise InputError(f"{path}: not a network's card; name the {CARD_FILE} of its folder")
    card = read_model_card(path.parent)
    scenarios = range(1, len(card["scenarios"]) + 1)
    if card["scope"] not in ("all", *(f"scenario{number}" for number in scenarios)):
        raise InputError(f"{path}: unknown scope {card['scope']!r}; delete it and run again")
    return card


def card_title(card: dict[str, Any]) -> str:
    """Name a network, what it learned from, and its scope.

    A second line names the initial weights where the paper's network, or its teacher, started
    from published ones.

    Parameters
    ----------
    card : from `read_card`.
    """
    label = model_label(card["network"], card["supervision"])
    title = f"{label}, {scope_label(card['scope'], card['scenarios'])}"
    weights = initial_weights(card)
    if network_spec(card["network"]).published_weights or BACKBONE in weights:
        title += "\n" + fill(f"initial weights: {weights}", _WIDTH)
    return title
