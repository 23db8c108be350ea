"""The typed configuration: one model, its bounds and its descriptions.

`config/README.md` and `config/schema.json` are generated from it. Values that nobody varies are
constants in the code, beside their use.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, NUM_MICROPHONES, NUM_SUBJECTS, SCENARIOS, SequenceId
from avdistill.errors import InputError

Seed = Annotated[int, Field(ge=0, lt=2**31)]
Positive = Annotated[int, Field(gt=0)]
Rate = Annotated[float, Field(gt=0, lt=1)]
Temperature = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]
ClassName = Annotated[Name, Field(pattern=r"^[^/\\]*$")]  # may be a folder of recordings
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ScenarioKind = Literal["anechoic", "office", "terrace"]
Modality = Literal["acoustic", "audio", "video"]
Teacher = Literal["dualcamnet"]
Student = Literal["hearnet"]
Supervision = Literal["ground_truth", "dualcamnet"]

_MAY_REPEAT = {"scenario_kinds"}  # two offices are two scenarios
FEWEST_TO_DIVIDE = 3  # one each for training, validation and test
STUDENT_SECONDS = 5  # a student's input (reference: the paper's 500 spectrogram frames)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _no_value_twice(self) -> Self:
        for key in type(self).model_fields:
            values = getattr(self, key)
            if (
                isinstance(values, list)
                and key not in _MAY_REPEAT
                and len(set(values)) < len(values)
            ):
                raise ValueError(f"{key} holds a value twice")
        return self


class Simulation(_Section):
    """The simulated acoustic camera (`dataset.source: simulation`)."""

    seed: Seed = Field(0, description="seed of everything that the simulation draws")
    scenario_kinds: list[ScenarioKind] = Field(
        ["anechoic", "office", "terrace"],
        description="what each scenario is, in the order of `dataset.scenarios`",
    )
    recordings: str | None = Field(
        None,
        description="folder with one sub-folder of recordings per class, played in the simulated "
        "world in place of the synthesised actions",
    )


class Archive(_Section):
    """AVIA, or data in its layout, as one archive (`dataset.source: archive`)."""

    address: Name = Field(description="path or http(s) address of a zip or tar archive")
    size: Positive = Field(description="its size in bytes")
    sha256: Sha256 = Field(description="its sha256")
    max_bytes: Positive = Field(2**40, description="refuse an archive that unpacks to more bytes")
    max_files: Positive = Field(10**7, description="refuse an archive with more files")


class Folders(_Section):
    """AVIA, or data in its layout, already unpacked (`dataset.source: folders`)."""

    matfiles: Name = Field(description="folder of the acoustic images")
    sync: Name = Field(description="folder of the audio and the video frames")


class Dataset(_Section):
    """What is worked on, and where it comes from."""

    source: Literal["simulation", "archive", "folders"] = Field(
        "simulation", description="simulate the acoustic camera, or read data in AVIA's raw layout"
    )
    name: Name = Field("AVIA", description="what reports call the data, when they are real")
    classes: list[ClassName] = Field(
        list(ACTIONS), min_length=2, description="class names; their order gives the labels"
    )
    scenarios: list[Name] = Field(
        list(SCENARIOS), min_length=1, description="scenario names; the first is `scenario1`"
    )
    subjects: Positive = Field(NUM_SUBJECTS, description="number of subjects")
    sequence_seconds: Positive = Field(
        30, description="every sequence is cropped, or extended by starting over, to this length"
    )
    missing: list[str] = Field(
        [], description="sequences the data set lacks, as `Location_01/Subject_03/Action_005`"
    )
    modalities: list[Modality] = Field(
        ["acoustic", "audio", "video"], min_length=1, description="modalities put in the records"
    )
    microphones: int = Field(
        1, ge=1, le=NUM_MICROPHONES, description="microphones kept in the records"
    )
    sequences_per_job: int = Field(
        10, ge=1, le=50, description="sequences that one job works on; changes no result"
    )
    simulation: Simulation = Field(Simulation(), description="the simulated acoustic camera")
    archive: Archive | None = Field(None, description="where the archive is")
    folders: Folders | None = Field(None, description="where the unpacked folders are")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.source == "archive" and self.archive is None:
            raise ValueError("source is archive, but the section archive is missing")
        if self.source == "folders" and self.folders is None:
            raise ValueError("source is folders, but the section folders is missing")
        if self.source == "simulation":
            if len(self.simulation.scenario_kinds) != len(self.scenarios):
                raise ValueError("simulation.scenario_kinds needs one kind for each scenario")
            unknown = set(self.classes) - set(ACTIONS)
            if unknown and not self.simulation.recordings:
                raise ValueError(
                    f"the simulation has no sound for {', '.join(sorted(unknown))}; "
                    "name one of AVIA's actions, or a folder in simulation.recordings"
                )
        return self

    @field_validator("missing")
    @classmethod
    def _full_names(cls, names: list[str]) -> list[str]:
        try:
            return [SequenceId.parse(name).name for name in names]
        except InputError as error:
            raise ValueError(str(error)) from error


class Splits(_Section):
    """How sequences are divided into training, validation and test."""

    strategy: Literal["paper", "stratified", "subject"] = Field(
        "stratified", description="`paper`: one permutation; by action and scenario; by subject"
    )
    seed: Seed = Field(42, description="seed of the permutation")


class Crops(_Section):
    """How training crops are cut out of full sequences."""

    seed: Seed = Field(42, description="seed of the random crops")
    per_sequence: Positive | None = Field(
        None, description="crops drawn from a sequence; null: sequence length / crop length"
    )
    fresh: bool = Field(
        False, description="draw new crops in every epoch, which the paper did not do"
    )


class TeacherTraining(_Section):
    """How one teacher is trained."""

    learning_rate: Rate = Field(1e-3, description="Adam's learning rate (the paper's table 1)")
    epochs: Positive = Field(100, description="epochs")
    scopes: list[Name] | None = Field(
        None,
        description="scopes that it, and students of it, are trained on; null: all of `scopes`",
    )


class StudentTraining(_Section):
    """How one student is trained."""

    supervision: list[Supervision] = Field(
        ["ground_truth", "dualcamnet"],
        min_length=1,
        description="`ground_truth` (G), or a teacher whose soft labels are used: `dualcamnet` (D)",
    )
    epochs: Positive = Field(100, description="epochs of every cell of the grid")


class Grid(_Section):
    """The students' grid search, by validation accuracy."""

    learning_rate: list[Rate] = Field([1e-3, 1e-4], min_length=1, description="learning rates")
    temperature: list[Temperature] = Field(
        [1, 2, 5, 10], min_length=1, description="temperatures T of the soft labels"
    )
    imitation: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        [0.25, 0.5, 0.75, 1], min_length=1, description="imitation parameters λ"
    )
    scope: Name = Field(
        "each",
        description="`each`: search on every scope; or one scope, whose best cell the others take",
    )
    cells_per_job: Positive = Field(
        32, description="cells that one job searches; changes no result"
    )


class Training(_Section):
    """What all networks share."""

    seeds: list[Seed] = Field([0], min_length=1, description="one run of everything for each")
    batch_size: Positive = Field(32, description="crops in a batch")
    tensorflow_threads: Positive = Field(
        2, description="threads of TensorFlow, whatever --cores says: results depend on it"
    )
    cache: bool = Field(
        True, description="keep acoustic images in memory, once decoded (1 MB a second)"
    )


class Evaluation(_Section):
    """How results are measured."""

    seed: Seed = Field(0, description="seed of the bootstrap over sequences")
    across_scopes: bool = Field(
        True, description="also test every network on the scopes that it was not trained on"
    )


class Esc10(_Section):
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


class Transfer(_Section):
    """k-nearest neighbours on the students' features."""

    neighbours: list[Annotated[int, Field(ge=1)]] = Field(
        [7, 9, 11, 13, 15],
        min_length=1,
        description="values of k, at most the crops of a training split; chosen on validation",
    )
    scopes: bool = Field(True, description="transfer each student to every other scope")
    esc10: Esc10 | None = Field(None, description="transfer to ESC-10")


class Report(_Section):
    """What the report says of itself."""

    note: str = Field("", description="one sentence shown with every table")


class Configuration(_Section):
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
    grid: Grid = Field(Grid(), description="the students' grid search")
    training: Training = Field(Training(), description="what all networks share")
    evaluation: Evaluation = Field(Evaluation(), description="how results are measured")
    transfer: Transfer = Field(Transfer(), description="k-nearest neighbours")
    report: Report = Field(Report(), description="what the report says of itself")

    @model_validator(mode="after")
    def _check_data(self) -> Self:
        known = self.description().scopes
        whole = replace(self.description(), missing=())
        if unknown := set(self.dataset.missing) - {s.name for s in whole.sequences()}:
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
        for name, teacher in self.teachers.items():
            if unknown := set(teacher.scopes or []) - set(self.scopes):
                raise ValueError(
                    f"teachers.{name}.scopes: {', '.join(sorted(unknown))} is not in scopes"
                )
        if not self.teachers and not self.students:
            raise ValueError("teachers, students: name one network at least")
        if self.grid.scope != "each" and not all(
            self.grid.scope in self.scopes_of(source) for source in ("ground_truth", *self.teachers)
        ):
            raise ValueError(
                f"grid.scope: {self.grid.scope!r} is neither `each` nor a scope of every network"
            )
        for name, student in self.students.items():
            for supervision in student.supervision:
                if supervision != "ground_truth" and supervision not in self.teachers:
                    raise ValueError(
                        f"students.{name}.supervision: {supervision!r} is not among the teachers"
                    )
        if self.students and self.dataset.sequence_seconds < STUDENT_SECONDS:
            raise ValueError(f"dataset.sequence_seconds: students need {STUDENT_SECONDS} at least")
        needed = {"acoustic"} if self.teachers else set()
        needed |= {"audio"} if self.students else set()
        if absent := needed - set(self.dataset.modalities):
            raise ValueError(
                f"dataset.modalities: the networks also need {', '.join(sorted(absent))}"
            )
        return self

    def scopes_of(self, supervision: str) -> list[str]:
        """List the scopes of a teacher and of its students, or those of `ground_truth`."""
        if supervision == "ground_truth":
            return self.scopes
        return self.teachers[supervision].scopes or self.scopes

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
        `grid.temperature[1]: input should be greater than 0 (it is -2)`.
    """
    try:
        return Configuration.model_validate(dict(values))
    except ValidationError as error:
        lines = "\n".join(_describe(entry) for entry in error.errors())
        raise InputError(
            f"the configuration is wrong; see config/README.md for every key\n{lines}"
        ) from None


def _describe(error: Mapping[str, Any]) -> str:
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in error["loc"])
    path = path.lstrip(".").removesuffix(".[key]")
    if error["type"] == "extra_forbidden":
        return f"  {path}: there is no such key"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"  {path}: {message}" if path else f"  {message}"
    return f"  {path}: {message[0].lower()}{message[1:]} (it is {error['input']!r})"
