"""What a figure says of the network that it shows, from the network's card."""

from pathlib import Path
from textwrap import fill
from typing import Any

from avdistill.errors import InputError
from avdistill.evaluation.initial_weights import BACKBONE, initial_weights
from avdistill.evaluation.labels import model_label, scope_label
from avdistill.results.model_folder import CARD_FILE, read_model_card

_WIDTH = 88  # in characters; every figure has room for as many


def read_card(path: Path) -> dict[str, Any]:
    """Read the card of a trained network by its own path.

    Raises
    ------
    InputError : it is not called `model.json`, holds something else, or an unknown scope.
    """
    if path.name != CARD_FILE:
        raise InputError(f"{path}: not a network's card; name the {CARD_FILE} of its folder")
    card = read_model_card(path.parent)
    scenarios = range(1, len(card["scenarios"]) + 1)
    if card["scope"] not in ("all", *(f"scenario{number}" for number in scenarios)):
        raise InputError(f"{path}: unknown scope {card['scope']!r}; delete it and run again")
    return card


def card_title(card: dict[str, Any]) -> str:
    """Say what a network is, what it learned from, and on which scope.

    A second line says what a network began with that the paper began with published weights, and
    a student whose teacher it did.

    Parameters
    ----------
    card : from `read_card`.
    """
    label = model_label(card["network"], card["supervision"])
    title = f"{label}, {scope_label(card['scope'], card['scenarios'])}"
    weights = initial_weights(card)
    if card["network"] == "soundnet" or BACKBONE in weights:
        title += "\n" + fill(f"initial weights: {weights}", _WIDTH)
    return title
