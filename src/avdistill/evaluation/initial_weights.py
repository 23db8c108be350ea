"""The initial weights of networks, and which published weights were not used."""

from collections.abc import Sequence
from typing import Any

from avdistill.evaluation.labels import network_label
from avdistill.evaluation.tables import Row
from avdistill.networks.registry import NETWORKS, network_spec
from avdistill.results.metrics import RUN_KEYS

BACKBONE = "backbone"  # in the words for a vision teacher's initial weights
RANDOM_BACKBONE = "random backbone"  # instead, if the backbone's weights are not ImageNet's

_TEACHER = "; teacher: "


def initial_weights(network: dict[str, Any]) -> str:
    """Return words for the initial weights of a network and, if it has one, of its teacher.

    Parameters
    ----------
    network : its metrics or its description.

    Returns
    -------
    For instance `random; teacher: random backbone`.
    """
    own, teacher = network["initial_weights"], network["teacher_initial_weights"]
    return own if teacher is None else f"{own}{_TEACHER}{teacher}"


def run_columns(metrics: dict[str, Any]) -> Row:
    """Return the columns that identify a run and its data in a table, and its initial weights."""
    return {
        **{name: metrics[name] for name in (*RUN_KEYS, "data_source")},
        "initial_weights": initial_weights(metrics),
    }


def weights_notes(rows: Sequence[Row]) -> list[str]:
    """Return sentences on published weights that the paper used and a table's networks did not.

    Parameters
    ----------
    rows : with `network`, `supervision` and `initial_weights`, from the function of that name.
        A row in which the last is empty, since several seeds differ, is ignored.

    Returns
    -------
    Sentences; none if the table's networks started from all published weights.
    """
    random_backbones, random_networks = set(), set()
    for row in rows:
        own, _, teacher = (row.get("initial_weights") or "").partition(_TEACHER)
        if RANDOM_BACKBONE in own:
            random_backbones.add(row["network"])
        if RANDOM_BACKBONE in teacher:
            random_backbones.add(row["supervision"])
        published = network_spec(row["network"]).published_weights
        if own and published and published not in own:
            random_networks.add(row["network"])
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
    return notes + [
        f"{spec.label} starts from random weights: the published {spec.published_weights} weights, "
        "from which the paper's starts, were not at hand."
        for name, spec in NETWORKS.items()
        if name in random_networks
    ]
