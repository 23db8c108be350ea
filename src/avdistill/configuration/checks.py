"""Checks of the configuration that concern more than one section."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from avdistill.networks.registry import (
    GROUND_TRUTH,
    NETWORKS,
    STUDENT_SECONDS,
    students_with,
    table1_learning_rate,
)

if TYPE_CHECKING:
    from avdistill.configuration.configuration import Configuration

_FEWEST_SUBJECTS = 3  # one each for training, validation and test


def check_sections(configuration: "Configuration") -> None:
    """Check that the sections of a configuration fit together.

    Raises
    ------
    ValueError : the first problem, with the path of the key to change.
    """
    for check in (
        _check_data,
        _check_scopes,
        _check_students,
        _check_modalities,
        _check_ensembles,
        _check_grid,
        _check_scopes_of_students,
    ):
        check(configuration)


def _check_data(settings: "Configuration") -> None:
    description = settings.description()
    if missing := set(settings.dataset.missing):
        whole = replace(description, missing=())
        if unknown := missing - {sequence.name for sequence in whole.sequences()}:
            raise ValueError(f"dataset.missing: there is no {', '.join(sorted(unknown))} anyway")
    known = description.scopes
    if unknown := [scope for scope in settings.scopes if scope not in known]:
        raise ValueError(f"scopes: unknown scope {unknown[0]!r}; there are {', '.join(known)}")
    strategy = settings.splits.strategy
    if strategy != "paper" and settings.dataset.subjects < _FEWEST_SUBJECTS:
        raise ValueError(
            f"dataset.subjects: splits.strategy {strategy!r} divides subjects into "
            f"training, validation and test, and needs {_FEWEST_SUBJECTS} at least"
        )


def _check_scopes(settings: "Configuration") -> None:
    for kind, networks in (("teachers", settings.teachers), ("students", settings.students)):
        for name, network in networks.items():
            if unknown := set(network.scopes or []) - set(settings.scopes):
                raise ValueError(
                    f"{kind}.{name}.scopes: {', '.join(sorted(unknown))} is not in scopes"
                )


def _check_students(settings: "Configuration") -> None:
    if not settings.teachers and not settings.students:
        raise ValueError("teachers, students: name one network at least")
    for name, student in settings.students.items():
        for supervision in student.supervision:
            if supervision not in (GROUND_TRUTH, *settings.teachers, *settings.ensembles):
                raise ValueError(
                    f"students.{name}.supervision: {supervision!r} is not among the teachers "
                    "and ensembles"
                )
        own = {"weights": student.weights, "batch_norm_decay": student.batch_norm_decay}
        if any(value and key not in NETWORKS[name].own_settings for key, value in own.items()):
            raise ValueError(
                f"students.{name}: {' and '.join(own)} are keys of "
                f"{', '.join(students_with(*own))} only"
            )


def _check_modalities(settings: "Configuration") -> None:
    if settings.students and settings.dataset.sequence_seconds < STUDENT_SECONDS:
        raise ValueError(f"dataset.sequence_seconds: students need {STUDENT_SECONDS} at least")
    networks = [*settings.teachers, *settings.students]
    needed = {modality for name in networks for modality in NETWORKS[name].recorded_modalities}
    if absent := needed - set(settings.dataset.modalities):
        raise ValueError(f"dataset.modalities: the networks also need {', '.join(sorted(absent))}")


def _check_ensembles(settings: "Configuration") -> None:
    for name, members in settings.ensembles.items():
        if name in (GROUND_TRUTH, *NETWORKS):
            raise ValueError(f"ensembles.{name}: is the name of something else; choose another")
        if absent := [member for member in members if member not in settings.teachers]:
            raise ValueError(f"ensembles.{name}: {', '.join(absent)} is not among the teachers")
        if len(members) < 2 or len(set(members)) < len(members):
            raise ValueError(f"ensembles.{name}: name two different teachers at least")
        if not settings.scopes_of(name):
            raise ValueError(f"ensembles.{name}: its teachers have no scope in common")


def _check_grid(settings: "Configuration") -> None:
    if settings.grid.scope != "each" and settings.splits.strategy == "paper":
        raise ValueError(
            "grid.scope: with splits.strategy `paper` every scope is divided apart, so that "
            "one scope's validation sequences may be another's test; set `each`"
        )
    if settings.grid.learning_rate != "table1":
        return
    if settings.grid.scope != "each":
        raise ValueError("grid.scope: table1 has a learning rate for each scope; set `each`")
    for network, student in settings.students.items():
        for source in student.supervision:
            if table1_learning_rate(network, source, "all") is None:
                raise ValueError(
                    f"grid.learning_rate: the paper's table 1 has none for {network} from "
                    f"{source}; give a list of learning rates"
                )


def _check_scopes_of_students(settings: "Configuration") -> None:
    for name, student in settings.students.items():
        for source in student.supervision:
            chosen = {f"students.{name}.scopes": student.scopes}
            for teacher in settings.teachers_of(source):
                chosen[f"teachers.{teacher}.scopes"] = settings.teachers[teacher].scopes
            trained = settings.student_scopes(name, source)
            if not trained:
                keys = ", ".join(key for key, scopes in chosen.items() if scopes)
                raise ValueError(
                    f"{keys}: have no scope in common, so that {name} cannot learn from "
                    f"{source}; name one in all of them"
                )
            if settings.grid.scope not in ("each", *trained):
                raise ValueError(
                    f"grid.scope: {name} from {source} is not trained on {settings.grid.scope!r}; "
                    f"add that to {_lacking(settings, chosen)}, or set `each`"
                )


def _lacking(settings: "Configuration", chosen: Mapping[str, list[str] | None]) -> str:
    """Return the names of the keys that lack the grid's scope."""
    scope = settings.grid.scope
    if scope not in settings.scopes:
        return "scopes"
    return " and ".join(
        key for key, scopes in chosen.items() if scope not in (scopes or settings.scopes)
    )
