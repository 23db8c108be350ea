"""Checks of the configuration that concern more than one section."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from avdistill.errors import Case
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


def cases_between_sections(settings: "Configuration") -> Iterator[Case]:
    """Yield in which cases the sections do not fit together, with the path of the key to change.

    A case may rely on those before it: none of these is so when it is reached.
    """
    for cases_of in (
        _cases_of_data,
        _cases_of_scopes,
        _cases_of_students,
        _cases_of_modalities,
        _cases_of_ensembles,
        _cases_of_grid,
        _cases_of_students_scopes,
    ):
        yield from cases_of(settings)


def _cases_of_data(settings: "Configuration") -> Iterator[Case]:
    description, strategy = settings.description(), settings.splits.strategy
    whole = {sequence.name for sequence in replace(description, missing=()).sequences()}
    unknown = ", ".join(sorted(set(settings.dataset.missing) - whole))
    yield unknown, f"dataset.missing: there is no {unknown} anyway"
    for scope in settings.scopes:
        yield (
            scope not in description.scopes,
            f"scopes: unknown scope {scope!r}; there are {', '.join(description.scopes)}",
        )
    yield (
        strategy != "paper" and settings.dataset.subjects < _FEWEST_SUBJECTS,
        f"dataset.subjects: splits.strategy {strategy!r} divides subjects into "
        f"training, validation and test, and needs {_FEWEST_SUBJECTS} at least",
    )


def _cases_of_scopes(settings: "Configuration") -> Iterator[Case]:
    for kind, networks in (("teachers", settings.teachers), ("students", settings.students)):
        for name, network in networks.items():
            unknown = ", ".join(sorted(set(network.scopes or []) - set(settings.scopes)))
            yield unknown, f"{kind}.{name}.scopes: {unknown} is not in scopes"


def _cases_of_students(settings: "Configuration") -> Iterator[Case]:
    none_named = not settings.teachers and not settings.students
    yield none_named, "teachers, students: name one network at least"
    for name, student in settings.students.items():
        for supervision in student.supervision:
            yield (
                supervision not in (GROUND_TRUTH, *settings.teachers, *settings.ensembles),
                f"students.{name}.supervision: {supervision!r} is not among the teachers and "
                "ensembles",
            )
        own = {"weights": student.weights, "batch_norm_decay": student.batch_norm_decay}
        yield (
            any(value and key not in NETWORKS[name].own_settings for key, value in own.items()),
            f"students.{name}: {' and '.join(own)} are keys of {', '.join(students_with(*own))} "
            "only",
        )


def _cases_of_modalities(settings: "Configuration") -> Iterator[Case]:
    are_short = settings.students and settings.dataset.sequence_seconds < STUDENT_SECONDS
    yield are_short, f"dataset.sequence_seconds: students need {STUDENT_SECONDS} at least"
    networks = [*settings.teachers, *settings.students]
    needed = {modality for name in networks for modality in NETWORKS[name].recorded_modalities}
    absent = ", ".join(sorted(needed - set(settings.dataset.modalities)))
    yield absent, f"dataset.modalities: the networks also need {absent}"


def _cases_of_ensembles(settings: "Configuration") -> Iterator[Case]:
    for name, members in settings.ensembles.items():
        absent = ", ".join(member for member in members if member not in settings.teachers)
        for is_so, problem in (
            (name in (GROUND_TRUTH, *NETWORKS), "is the name of something else; choose another"),
            (absent, f"{absent} is not among the teachers"),
            (
                len(members) < 2 or len(set(members)) < len(members),
                "name two different teachers at least",
            ),
            (not absent and not settings.scopes_of(name), "its teachers have no scope in common"),
        ):
            yield is_so, f"ensembles.{name}: {problem}"


def _cases_of_grid(settings: "Configuration") -> Iterator[Case]:
    is_shared, is_table1 = settings.grid.scope != "each", settings.grid.learning_rate == "table1"
    yield (
        is_shared and settings.splits.strategy == "paper",
        "grid.scope: with splits.strategy `paper` every scope is divided apart, so that "
        "one scope's validation sequences may be another's test; set `each`",
    )
    yield (
        is_table1 and is_shared,
        "grid.scope: table1 has a learning rate for each scope; set `each`",
    )
    known = {source for student in settings.students.values() for source in student.supervision}
    for source in settings.grid.supervision or ():
        yield source not in known, f"grid.supervision: no student learns from {source!r}"
    for network, student in settings.students.items():
        for source in student.supervision:
            yield (
                is_table1
                and not student.learning_rate
                and table1_learning_rate(network, source, "all") is None,
                f"grid.learning_rate: the paper's table 1 has none for {network} from "
                f"{source}; give a list of learning rates",
            )


def _cases_of_students_scopes(settings: "Configuration") -> Iterator[Case]:
    wanted = settings.grid.scope
    for name, student in settings.students.items():
        for source in student.supervision:
            chosen = {f"students.{name}.scopes": student.scopes}
            for teacher in settings.teachers_of(source):
                chosen[f"teachers.{teacher}.scopes"] = settings.teachers[teacher].scopes
            trained = settings.student_scopes(name, source)
            yield (
                not trained,
                f"{', '.join(key for key, scopes in chosen.items() if scopes)}: have no scope in "
                f"common, so that {name} cannot learn from {source}; name one in all of them",
            )
            lacking = [key for key, scopes in chosen.items() if wanted not in (scopes or [wanted])]
            where = " and ".join(lacking) if wanted in settings.scopes else "scopes"
            yield (
                wanted not in ("each", *trained),
                f"grid.scope: {name} from {source} is not trained on {wanted!r}; "
                f"add that to {where}, or set `each`",
            )
