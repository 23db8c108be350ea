"""Settings of the jobs that train: all that decides a result and is in none of its input files.

Each job has a small section of its own. The workflow hands it to a command as one line of JSON,
whose text is the same whenever its values are, so that Snakemake compares it by value.
"""

import json
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from avdistill.configuration.crops import Crops
from avdistill.configuration.section import (
    Positive,
    Rate,
    Section,
    Seed,
    Sha256,
    describe_mistakes,
)
from avdistill.errors import InputError
from avdistill.networks.registry import BACKBONES, GROUND_TRUTH, Role, network_spec
from avdistill.runs.run import Run

S = TypeVar("S", bound=Section)
Supervision = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]  # becomes part of folders' names


class RunSettings(Section):
    """Settings of any job about one run."""

    _role: ClassVar[Role]  # that the network must have

    network: str
    scope: str
    supervision: Supervision = GROUND_TRUTH
    seed: Seed = 0
    tensorflow_threads: Positive = 2

    @property
    def run(self) -> Run:
        """Return the run that the job is about."""
        return Run(self.network, self.scope, self.supervision, self.seed)

    @property
    def title(self) -> str:
        """What messages and progress call it."""
        return self.run.title

    @model_validator(mode="after")
    def _check_network(self) -> Self:
        try:
            network_spec(self.network, self._role)
        except InputError as error:
            raise ValueError(f"network: {error}") from None
        return self


class Fitting(Section):
    """How a network is fitted to training crops."""

    epochs: Positive
    batch_size: Positive = 32
    crops: Crops = Crops()
    gpus: int = Field(0, ge=0)
    mixed_precision: bool = False


class TeacherSettings(RunSettings):
    """Settings of `train-teacher`."""

    _role = "teacher"

    learning_rate: Rate
    fitting: Fitting

    @model_validator(mode="after")
    def _check_supervision(self) -> Self:
        if self.run.is_distilled:
            raise ValueError("supervision: teachers are trained on ground_truth")
        return self


class StudentSettings(RunSettings):
    """Settings of `select-student`."""

    _role = "student"


class SearchSettings(StudentSettings):
    """Settings of `search-grid`, for one slice of the grid.

    Without learning rates the only cell is the best one of another scope's grid.
    """

    learning_rates: tuple[Rate, ...] = ()
    temperatures: tuple[Annotated[float, Field(gt=0, allow_inf_nan=False)], ...] = ()
    imitations: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()
    slice: int = Field(0, ge=0)
    slices: Positive = 1
    loss: Literal["generalized", "hinton"] = "generalized"
    initial_weights_sha256: Sha256 | None = None
    batch_norm_decay: Rate | None = None
    fitting: Fitting

    @model_validator(mode="after")
    def _check_options(self) -> Self:
        own = network_spec(self.network).own_settings
        if self.initial_weights_sha256 is not None and "weights" not in own:
            raise ValueError(f"initial_weights_sha256: {self.network} has no published weights")
        if self.batch_norm_decay is not None and "batch_norm_decay" not in own:
            raise ValueError(f"batch_norm_decay: {self.network} has none")
        return self

    @property
    def takes_cell_of_another_scope(self) -> bool:
        """Whether its one cell comes from the grid of another scope."""
        return not (self.learning_rates or self.temperatures or self.imitations)


class TemporalTraining(Section):
    """How the convolutions over time of a backbone are trained."""

    learning_rate: Rate
    fitting: Fitting


class BackboneSettings(Section):
    """Settings of `prepare-backbone`.

    `scope` is the one on whose training frames batch norms are recalibrated, or convolutions over
    time are trained; a backbone without it belongs to all scopes.
    """

    name: Literal[BACKBONES]
    weights: Literal["random", "imagenet", "file"] = "random"
    sha256: Sha256 | None = None
    seed: Seed = 0
    frames_per_second: int = Field(12, ge=1, le=12)
    scope: str | None = None
    recalibrate: bool = False
    temporal_training: TemporalTraining | None = None
    gpus: int = Field(0, ge=0)
    tensorflow_threads: Positive = 2

    @property
    def network(self) -> str:
        """Name of the network whose backbone it is."""
        return self.name

    @property
    def fitting(self) -> Fitting | None:
        """How the convolutions over time are fitted; None: they are not trained."""
        return self.temporal_training and self.temporal_training.fitting

    @property
    def title(self) -> str:
        """What messages and progress call its training."""
        return f"{self.name}'s convolutions over time, scope {self.scope}, seed {self.seed}"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.weights == "file") != (self.sha256 is not None):
            raise ValueError("sha256: weights `file` need it, and only these")
        if self.temporal_training and not network_spec(self.name).temporal:
            raise ValueError(f"temporal_training: {self.name} has no convolutions over time")
        learns = self.recalibrate or self.temporal_training is not None
        if learns != (self.scope is not None):
            raise ValueError("scope: recalibration and training over time need it, and only these")
        return self


def canonical(settings: Section) -> str:
    """Write settings as one line of JSON: all values, defaults too, with sorted keys."""
    values = settings.model_dump(mode="json")
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_section(kind: type[S], values: Any, problem: str) -> S:
    """Check values from a JSON file or from the command line.

    Parameters
    ----------
    kind : the section that they are to be.
    problem : the first line of the message about mistakes: where they are, and what is wrong.

    Raises
    ------
    InputError : one line per mistake, each with the path of its key.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise InputError(f"{problem}\n{describe_mistakes(error)}") from None
