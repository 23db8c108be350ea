"""The whole configuration: its sections, values derived from them, and its validation.

A section's file has the section's name. `config/README.md` and `config/schema.json` are generated
from these models. Values that nobody varies are constants in the code, beside their use.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, ValidationError

from avdistill.avia.dataset import DatasetDescription
from avdistill.configuration.checks import cases_between_sections
from avdistill.configuration.crops import Crops
from avdistill.configuration.dataset import Dataset
from avdistill.configuration.evaluation import Evaluation
from avdistill.configuration.grid import Grid
from avdistill.configuration.paths import describe_misplaced_paths
from avdistill.configuration.report import Report
from avdistill.configuration.section import Name, Section, describe_mistakes
from avdistill.configuration.spectrograms import Spectrograms
from avdistill.configuration.splits import Splits
from avdistill.configuration.students import Student, StudentTraining
from avdistill.configuration.teachers import Ensemble, Teacher, TeacherTraining
from avdistill.configuration.training import Training
from avdistill.configuration.transfer import Transfer
from avdistill.configuration.vision import Vision
from avdistill.errors import Case, InputError
from avdistill.networks.registry import GROUND_TRUTH, table1_learning_rate

# Keys that decide how jobs run, but no result.
_WITHOUT_INFLUENCE = {
    "dataset": {"sequences_per_job"},
    "grid": {"cells_per_job"},
    "training": {"cache", "tensorboard"},
}


class Configuration(Section):
    """All settings of a reproduction."""

    dataset: Dataset = Field(Dataset(), description="the data, and where they come from")
    splits: Splits = Field(Splits(), description="how sequences are divided")
    crops: Crops = Field(Crops(), description="how training crops are drawn")
    spectrograms: Spectrograms = Field(Spectrograms(), description="HearNet's input")
    scopes: list[Name] = Field(
        ["all"], min_length=1, description="data that networks are trained on: `scenario1`…, `all`"
    )
    teachers: dict[Teacher, TeacherTraining] = Field(
        {"dualcamnet": TeacherTraining()}, description="teachers, and how each is trained"
    )
    students: dict[Student, StudentTraining] = Field(
        {"hearnet": StudentTraining()}, description="students, and how each is trained"
    )
    ensembles: dict[Ensemble, list[Teacher]] = Field(
        {}, description="names for groups of teachers, whose mean logits are soft labels"
    )
    vision: Vision = Field(
        Vision(), description="the backbone of the teachers that take video frames"
    )
    grid: Grid = Field(Grid(), description="the students' grid search")
    training: Training = Field(Training(), description="settings of all networks")
    evaluation: Evaluation = Field(Evaluation(), description="how results are measured")
    transfer: Transfer = Field(Transfer(), description="k-nearest neighbours on students' features")
    report: Report = Field(Report(), description="texts of the report")

    def _cases(self) -> Iterable[Case]:
        return cases_between_sections(self)

    def scopes_of(self, supervision: str) -> list[str]:
        """List the scopes for which a supervision exists: its teachers are trained on them."""
        trained = [
            self.teachers[name].scopes or self.scopes for name in self.teachers_of(supervision)
        ]
        return [scope for scope in self.scopes if all(scope in scopes for scopes in trained)]

    def student_scopes(self, network: str, supervision: str) -> list[str]:
        """List the scopes on which a student is trained with a supervision."""
        wanted = self.students[network].scopes or self.scopes
        return [scope for scope in self.scopes_of(supervision) if scope in wanted]

    def teachers_of(self, supervision: str) -> list[str]:
        """List the teachers whose logits make a supervision; none for `ground_truth`."""
        if supervision == GROUND_TRUTH:
            return []
        return self.ensembles.get(supervision, [supervision])

    def learning_rates(self, network: str, supervision: str, scope: str) -> list[float]:
        """List the learning rates in a student's grid."""
        if own := self.students[network].learning_rate:
            return own
        if self.grid.learning_rate == "table1":
            return [table1_learning_rate(network, supervision, scope)]
        return self.grid.learning_rate

    def canonical(self) -> str:
        """Return all settings that results depend on as JSON: with defaults, sorted, compact.

        Equal configurations give equal texts, however their files are written. The text is a valid
        configuration.
        """
        values = self.model_dump(mode="json", exclude=_WITHOUT_INFLUENCE)
        return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def description(self) -> DatasetDescription:
        """Return the description of the data set that all commands read."""
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
        `grid.temperature[1]: input should be greater than 0 (it is -2)`. A path of the user's in
        a folder that runs write to is a mistake, too.
    """
    try:
        configuration = Configuration.model_validate(dict(values))
        lines = [f"  {line}" for line in describe_misplaced_paths(configuration.model_dump())]
    except ValidationError as error:
        lines = [describe_mistakes(error)]
    if lines:
        raise InputError(
            "the configuration is wrong; see config/README.md for every key\n" + "\n".join(lines)
        )
    return configuration
