"""What weights a network began with, told in every table that it is in."""

from collections.abc import Sequence
from typing import Any

from avdistill.evaluation.labels import network_label
from avdistill.evaluation.tables import Row
from avdistill.networks.registry import NETWORKS

BACKBONE = "backbone"  # within what a vision teacher says of itself
RANDOM_BACKBONE = "random backbone"  # where its weights are not ImageNet's
SOUNDNET = "SoundNet"  # within what OurSoundNet says where it has the published weights

_TEACHER = "; teacher: "


def initial_weights(network: dict[str, Any]) -> str:
    """Say what a network began with, and of a distilled one what its teacher began with.

    Parameters
    ----------
    network : its metrics or its description.

    Returns
    -------
    For instance `random; teacher: random backbone`.
    """
    own, teacher = network["initial_weights"], network["teacher_initial_weights"]
    return own if teacher is None else f"{own}{_TEACHER}{teacher}"


def weights_notes(rows: Sequence[Row]) -> list[str]:
    """Say under a table which of its rows lack the published weights that the paper began with.

    Parameters
    ----------
    rows : with `network`, `supervision` and, from `initial_weights`, `initial_weights`; those in
        which the last is empty (of several seeds that differ in it) say nothing.

    Returns
    -------
    Sentences, none where no row is affected.
    """
    random_backbones, without_soundnet = set(), False
    for row in rows:
        own, _, teacher = (row.get("initial_weights") or "").partition(_TEACHER)
        if RANDOM_BACKBONE in own:
            random_backbones.add(row["network"])
        if RANDOM_BACKBONE in teacher:
            random_backbones.add(row["supervision"])
        without_soundnet |= row["network"] == "soundnet" and bool(own) and SOUNDNET not in own
    notes = []
    if random_backbones:
        names = " and ".join(
            [network_label(name) for name in NETWORKS if name in random_backbones]
            + [f"ensemble {name}" for name in sorted(random_backbones - NETWORKS.keys())]
        )
        notes.append(
            f"Backbone with random weights, not ImageNet's: {names}. Neither their rows nor those "
            "of students distilled from them say how well vision does."
        )
    if without_soundnet:
        notes.append(
            "OurSoundNet began with random weights: the published SoundNet weights, which the "
            "paper began with, were not at hand."
        )
    return notes
