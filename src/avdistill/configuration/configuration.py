"""The typed configuration: one model, its bounds and its descriptions.

`config/README.md` and `config/schema.json` are generated from it. Values that nobody varies are
constants in the code, beside their use.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Self, get_args

from pydantic import Field, ValidationError, model_validator

from avdistill.avia.dataset import DatasetDescription
from avdistill.configuration.data import Crops, Dataset, Splits
from avdistill.configuration.networks import (
    HEARING_ACOUSTIC_IMAGES,
    SEEING,
    Ensemble,
    Grid,
    Student,
    StudentTraining,
    Teacher,
    TeacherTraining,
    Training,
    Vision,
)
from avdistill.configuration.paths import describe_misplaced_paths
from avdistill.configuration.section import Name, Positive, Section, Seed, Sha256
from avdistill.errors import InputError
from avdistill.networks.table1 import table1_learning_rate

FEWEST_TO_DIVIDE = 3  # one each for training, validation and test
STUDENT_SECONDS = 5  # a student's input (reference: the paper's 500 spectrogram frames)
# How a run goes, not what comes out of it.
_WITHOUT_INFLUENCE = {
    "dataset": {"sequences_per_job"},
    "grid": {"cells_per_job"},
    "training": {"cache", "tensorboard"},
}


class Evaluation(Section):
    """How results are measured."""

    seed: Seed = Field(
        0,
        description="seed of what evaluation draws: the bootstrap of intervals, the resampling of "
        "claims, and the subjects, sequences and crops that figures show; trains nothing anew",
    )
    across_scopes: bool = Field(
        True, description="also test every network on the scopes that it was not trained on"
    )


class Esc10(Section):
    """ESC-10, or ESC-50 whose table marks it: real recordings."""

    folder: Name | None = Field(None, description="folder in ESC-10's or in ESC-50's layout")
    address: Name | None = Field(None, description="or path or address of a zip of either")
    size: Positive | None = Field(None, description="size of that zip in bytes")
    sha256: Sha256 | None = Field(None, description="sha256 of that zip")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.folder is None) == (self.address is None):
            raise ValueError("name either folder or address")
        if self.address is not None and (self.size is None or self.sha256 is None):
            raise ValueError("an address needs size and sha256")
        return self


class Dcase2018(Section):
    """TUT Urban Acoustic Scenes 2018, development set: DCASE 2018's task 1A, real recordings."""

    folder: Name | None = Field(
        None,
        description="folder in the data set's official layout; without it, `dcase2018: {}`, the "
        "data set is downloaded (21 GB), as config/data_registry.yaml says",
    )
    validation_seed: Seed = Field(
        0, description="seed that draws the recording locations that validate"
    )


class Transfer(Section):
    """k-nearest neighbours on the students' features."""

    neighbours: list[Annotated[int, Field(ge=1)]] = Field(
        [7, 9, 11, 13, 15],
        min_length=1,
        description="values of k, at most the crops of a training split; chosen on validation",
    )
    scopes: bool = Field(True, description="transfer each student to every other scope")
    esc10: Esc10 | None = Field(None, description="transfer to ESC-10; null: none")
    dcase2018: Dcase2018 | None = Field(
        None, description="transfer to DCASE 2018's task 1A; null: none"
    )


class Report(Section):
    """What the report says of itself."""

    note: str = Field("", description="one sentence shown with every table")
    licence: Name | None = Field(
        None,
        description="terms of the data and of models trained on them, for the card of the run; "
        "null: the project's own (MIT) if all is simulated, sounds too; else not stated",
    )


class Configuration(Section):
    """Everything a run depends on."""

    dataset: Dataset = Field(Dataset(), description="what is worked on, and where it comes from")
    splits: Splits = Field(Splits(), description="training, validation and test")
    crops: Crops = Field(Crops(), description="training crops")
    scopes: list[Name] = Field(
        ["all"], min_length=1, description="what networks are trained on: `scenario1`…, `all`"
    )
    teachers: dict[Teacher, TeacherTraining] = Field(
        {"dualcamnet": TeacherTraining()}, description="teachers and how each is trained"
    )
    students: dict[Student, StudentTraining] = Field(
        {"hearnet": StudentTraining()}, description="students and how each is trained"
    )
    ensembles: dict[Ensemble, list[Teacher]] = Field(
        {}, description="teachers whose mean logits are soft labels under another name"
    )
    vision: Vision = Field(Vision(), description="the backbone of the teachers that see frames")
    grid: Grid = Field(Grid(), description="the students' grid search")
    training: Training = Field(Training(), description="what all networks share")
    evaluation: Evaluation = Field(Evaluation(), description="how results are measured")
    transfer: Transfer = Field(Transfer(), description="k-nearest neighbours")
    report: Report = Field(Report(), description="what the report says of itself")

    @model_validator(mode="after")
    def _check_data(self) -> Self:
        known = self.description().scopes
        whole = replace(self.description(), missing=())
        missing = set(self.dataset.missing)
        if missing and (unknown := missing - {s.name for s in whole.sequences()}):
            raise ValueError(f"dataset.missing: there is no {', '.join(sorted(unknown))} anyway")
        for scope in self.scopes:
            if scope not in known:
                raise ValueError(f"scopes: unknown scope {scope!r}; there are {', '.join(known)}")
        if self.splits.strategy != "paper" and self.dataset.subjects < FEWEST_TO_DIVIDE:
            raise ValueError(
                f"dataset.subjects: splits.strategy {self.splits.strategy!r} divides subjects into "
                f"training, validation and test, and needs {FEWEST_TO_DIVIDE} at least"
            )
        return self

    @model_validator(mode="after")
    def _check_networks(self) -> Self:
        for kind, networks in (("teachers", self.teachers), ("students", self.students)):
            for name, network in networks.items():
                if unknown := set(network.scopes or []) - set(self.scopes):
                    raise ValueError(
                        f"{kind}.{name}.scopes: {', '.join(sorted(unknown))} is not in scopes"
                    )
        if not self.teachers and not self.students:
            raise ValueError("teachers, students: name one network at least")
        for name, student in self.students.items():
            for supervision in student.supervision:
                if supervision not in ("ground_truth", *self.teachers, *self.ensembles):
                    raise ValueError(
                        f"students.{name}.supervision: {supervision!r} is not among the teachers "
                        "and ensembles"
                    )
            if name != "soundnet" and (student.weights or student.batch_norm_decay):
                raise ValueError(
                    f"students.{name}: weights and batch_norm_decay are keys of soundnet only"
                )
        if self.students and self.dataset.sequence_seconds < STUDENT_SECONDS:
            raise ValueError(f"dataset.sequence_seconds: students need {STUDENT_SECONDS} at least")
        needed = {"acoustic"} if {*HEARING_ACOUSTIC_IMAGES} & set(self.teachers) else set()
        needed |= {"video"} if {*SEEING} & set(self.teachers) else set()
        needed |= {"audio"} if self.students else set()
        if absent := needed - set(self.dataset.modalities):
            raise ValueError(
                f"dataset.modalities: the networks also need {', '.join(sorted(absent))}"
            )
        return self

    @model_validator(mode="after")
    def _check_ensembles(self) -> Self:
        for name, members in self.ensembles.items():
            if name in ("ground_truth", *get_args(Teacher), *get_args(Student)):
                raise ValueError(f"ensembles.{name}: is the name of something else; choose another")
            if absent := [member for member in members if member not in self.teachers]:
                raise ValueError(f"ensembles.{name}: {', '.join(absent)} is not among the teachers")
            if len(members) < 2 or len(set(members)) < len(members):
                raise ValueError(f"ensembles.{name}: name two different teachers at least")
            if not self.scopes_of(name):
                raise ValueError(f"ensembles.{name}: its teachers have no scope in common")
        return self

    @model_validator(mode="after")
    def _check_grid(self) -> Self:
        if self.grid.scope != "each" and self.splits.strategy == "paper":
            raise ValueError(
                "grid.scope: with splits.strategy `paper` every scope is divided apart, so that "
                "one scope's validation sequences may be another's test; set `each`"
            )
        if self.grid.learning_rate != "table1":
            return self
        if self.grid.scope != "each":
            raise ValueError("grid.scope: table1 has a learning rate for each scope; set `each`")
        for network, student in self.students.items():
            for source in student.supervision:
                if table1_learning_rate(network, source, "all") is None:
                    raise ValueError(
                        f"grid.learning_rate: the paper's table 1 has none for {network} from "
                        f"{source}; give a list of learning rates"
                    )
        return self

    @model_validator(mode="after")
    def _check_scopes_of_students(self) -> Self:
        for name, student in self.students.items():
            for source in student.supervision:
                chosen = {f"students.{name}.scopes": student.scopes}
                for teacher in self._teachers_of(source):
                    chosen[f"teachers.{teacher}.scopes"] = self.teachers[teacher].scopes
                if not (trained := self.student_scopes(name, source)):
                    keys = ", ".join(key for key, scopes in chosen.items() if scopes)
                    raise ValueError(
                        f"{keys}: have no scope in common, so that {name} cannot learn from "
                        f"{source}; name one in all of them"
                    )
                if self.grid.scope not in ("each", *trained):
                    lacking = [
                        key
                        for key, scopes in chosen.items()
                        if self.grid.scope not in (scopes or self.scopes)
                    ]
                    keys = " and ".join(lacking if self.grid.scope in self.scopes else ["scopes"])
                    raise ValueError(
                        f"grid.scope: {name} from {source} is not trained on {self.grid.scope!r}; "
                        f"add that to {keys}, or set `each`"
                    )
        return self

    def scopes_of(self, supervision: str) -> list[str]:
        """List the scopes on which there is a teacher, an ensemble or `ground_truth`."""
        trained = [
            self.teachers[name].scopes or self.scopes for name in self._teachers_of(supervision)
        ]
        return [scope for scope in self.scopes if all(scope in scopes for scopes in trained)]

    def student_scopes(self, network: str, supervision: str) -> list[str]:
        """List the scopes that a student is trained on under some supervision."""
        wanted = self.students[network].scopes or self.scopes
        return [scope for scope in self.scopes_of(supervision) if scope in wanted]

    def _teachers_of(self, supervision: str) -> list[str]:
        if supervision == "ground_truth":
            return []
        return self.ensembles.get(supervision, [supervision])

    def learning_rates(self, network: str, supervision: str, scope: str) -> list[float]:
        """List the learning rates that a student's grid has."""
        if self.grid.learning_rate == "table1":
            return [table1_learning_rate(network, supervision, scope)]
        return self.grid.learning_rate

    def canonical(self) -> str:
        """Write all that results depend on as JSON: defaults too, keys sorted, no spaces.

        Equal configurations give the same text, whatever their files look like; the text is a valid
        configuration.
        """
        values = self.model_dump(mode="json", exclude=_WITHOUT_INFLUENCE)
        return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def description(self) -> DatasetDescription:
        """Describe the data set as every phase sees it."""
        data = self.dataset
        return DatasetDescription(
            source="simulated" if data.source == "simulation" else data.name,
            classes=tuple(data.classes),
            scenarios=tuple(data.scenarios),
            subjects=data.subjects,
            sequence_seconds=data.sequence_seconds,
            missing=tuple(sorted(data.missing)),
        )


def validate(values: Mapping[str, Any]) -> Configuration:
    """Check a configuration.

    Raises
    ------
    InputError : one line per mistake, each with the path of its key, such as
        `grid.temperature[1]: input should be greater than 0 (it is -2)`. A path of the user's that
        lies where runs write is such a mistake, too.
    """
    try:
        configuration = Configuration.model_validate(dict(values))
        lines = [f"  {line}" for line in describe_misplaced_paths(configuration.model_dump())]
    except ValidationError as error:
        lines = [_describe(entry) for entry in error.errors()]
    if lines:
        raise InputError(
            "the configuration is wrong; see config/README.md for every key\n" + "\n".join(lines)
        )
    return configuration


def _describe(error: Mapping[str, Any]) -> str:
    keys = [key for key in error["loc"] if key not in ("rates", "table1")]  # tags of a union
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    path = path.lstrip(".").removesuffix(".[key]")
    if error["type"] == "extra_forbidden":
        return f"  {path}: there is no such key"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"  {path}: {message}" if path else f"  {message}"
    return f"  {path}: {message[0].lower()}{message[1:]} (it is {error['input']!r})"
