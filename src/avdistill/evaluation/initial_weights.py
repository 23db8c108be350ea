"""What weights a network began with, told in every table that it is in."""

from collections.abc import Iterable, Sequence
from typing import Any

from avdistill.evaluation.labels import network_label
from avdistill.evaluation.metrics import identity_of
from avdistill.evaluation.tables import Row
from avdistill.networks.registry import NETWORKS

RANDOM_BACKBONE = "random backbone"  # within what a vision teacher's metrics say
SOUNDNET = "SoundNet"  # within what OurSoundNet's say where it has the published weights

_ENSEMBLE = "see ensemble"
_TEACHERS = "; teacher: "


def initial_weights(metrics: Iterable[dict[str, Any]]) -> dict[tuple, str]:
    """Say of each network what it began with, and of a distilled one what its teacher began with.

    Parameters
    ----------
    metrics : from `read_metrics`, of teachers and students.

    Returns
    -------
    By `IDENTITY`, for instance `random; teacher: random backbone`. The teacher is looked up among
    `metrics`, on the student's scope and with its seed. An ensemble has no metrics of its own:
    `teacher: see ensemble`.
    """
    own = {identity_of(network): network["initial_weights"] for network in metrics}
    return {identity: told + _of_teacher(identity, own) for identity, told in own.items()}


def _of_teacher(identity: tuple, own: dict[tuple, str]) -> str:
    _, supervision, scope, seed = identity
    if supervision == "ground_truth":
        return ""
    if supervision not in NETWORKS:
        return _TEACHERS + _ENSEMBLE
    return _TEACHERS + own.get((supervision, "ground_truth", scope, seed), "not given")


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
    random_backbones, without_soundnet, ensembles = set(), False, False
    for row in rows:
        own, _, teachers = (row.get("initial_weights") or "").partition(_TEACHERS)
        if RANDOM_BACKBONE in own:
            random_backbones.add(row["network"])
        if RANDOM_BACKBONE in teachers:
            random_backbones.add(row["supervision"])
        without_soundnet |= row["network"] == "soundnet" and bool(own) and SOUNDNET not in own
        ensembles |= teachers == _ENSEMBLE
    notes = []
    if random_backbones:
        names = " and ".join(network_label(name) for name in NETWORKS if name in random_backbones)
        notes.append(
            f"Backbone with random weights, not ImageNet's: {names}. Neither their rows nor those "
            "of students distilled from them say how well vision does."
        )
    if without_soundnet:
        notes.append(
            "OurSoundNet began with random weights: the published SoundNet weights, which the "
            "paper began with, were not at hand."
        )
    if ensembles:
        notes.append(
            "What the teachers of an ensemble began with stands in their own rows of the table of "
            "test accuracy."
        )
    return notes
