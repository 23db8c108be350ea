"""The configuration's sections about networks: which are trained, from what, and how."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from avdistill.configuration.section import Name, Positive, Rate, Section, Seed, Sha256
from avdistill.records.caches import Cache

Temperature = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Teacher = Literal["dualcamnet", "resnet50", "temporal_resnet50", "avnet"]
Student = Literal["hearnet", "soundnet"]
Ensemble = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]  # becomes part of folders' names
SEEING: tuple[Teacher, ...] = ("resnet50", "temporal_resnet50", "avnet")  # the vision teachers
HEARING_ACOUSTIC_IMAGES: tuple[Teacher, ...] = ("dualcamnet", "avnet")
# Told apart by hand, so that a mistake is told once, by its own path.
LearningRates = Annotated[
    Annotated[list[Rate], Field(min_length=1), Tag("rates")]
    | Annotated[Literal["table1"], Tag("table1")],
    Discriminator(lambda value: "table1" if isinstance(value, str) else "rates"),
]


class Vision(Section):
    """The frozen backbone of ResNet-50, Temporal ResNet-50 and AVNet."""

    frames_per_second: int = Field(
        12, ge=1, le=12, description="video frames that vision sees of a second's twelve"
    )
    weights: Literal["random", "imagenet", "file"] = Field(
        "random",
        description="the backbone's weights: drawn from `seed`, ImageNet's through Keras (which "
        "downloads them), or those of `file`; the paper's are ImageNet's",
    )
    file: Name | None = Field(
        None, description="ImageNet weights: Keras's `.h5` or `.keras`, or slim's `.ckpt`"
    )
    sha256: Sha256 | None = Field(None, description="sha256 of that file")
    recalibrate: bool = Field(
        False,
        description="take the batch-norm statistics anew, once, from each scope's training frames",
    )
    train_temporal: bool = Field(
        False,
        description="train Temporal ResNet-50's convolutions over time, on each scope, from pixels "
        "(slow: one step runs the whole backbone), with its learning rate and epochs; the released "
        "code never trains them",
    )
    seed: Seed = Field(
        0, description="seed of random weights, of recalibration's order, of training over time"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.weights == "file") != (self.file is not None):
            raise ValueError("weights: file needs the key file, and only that")
        if (self.file is None) != (self.sha256 is None):
            raise ValueError("a file of weights needs its sha256, and only that")
        return self


class InitialWeights(Section):
    """OurSoundNet's first four layers, as published."""

    file: Name = Field(description="SoundNet's weights: Torch `.t7`, or NumPy `.npz`")
    sha256: Sha256 = Field(description="sha256 of that file")


class TeacherTraining(Section):
    """How one teacher is trained."""

    learning_rate: Rate = Field(1e-3, description="Adam's learning rate (the paper's table 1)")
    epochs: Positive = Field(100, description="epochs")
    scopes: list[Name] | None = Field(
        None,
        min_length=1,
        description="scopes that it, and students of it, are trained on; null: all of `scopes`",
    )


class StudentTraining(Section):
    """How one student is trained."""

    supervision: list[Name] = Field(
        ["ground_truth", "dualcamnet"],
        min_length=1,
        description="`ground_truth` (G), or whose soft labels are used: a teacher, such as "
        "`dualcamnet` (D) or `resnet50` (R), or one of `ensembles`",
    )
    epochs: Positive = Field(100, description="epochs of every cell of the grid")
    scopes: list[Name] | None = Field(
        None,
        min_length=1,
        description="scopes that it is trained on, as far as its teacher is; null: all of `scopes`",
    )
    weights: InitialWeights | None = Field(
        None, description="of `soundnet`: published weights to start from; null: random ones"
    )
    batch_norm_decay: Rate | None = Field(
        None, description="of `soundnet`: decay of the batch-norm statistics; null: 0.999"
    )


class Grid(Section):
    """The students' grid search, by validation accuracy."""

    learning_rate: LearningRates = Field(
        [1e-3, 1e-4], description="learning rates to search, or `table1`: the paper's own choice"
    )
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
        32,
        description="cells that one job searches; changes no result, but another number runs "
        "students, and what is made from them, again",
    )


class Training(Section):
    """What all networks share."""

    seeds: list[Seed] = Field([0], min_length=1, description="one run of everything for each")
    batch_size: Positive = Field(32, description="crops in a batch")
    loss: Literal["generalized", "hinton"] = Field(
        "generalized",
        description="distillation loss: the paper's, or Hinton's (both logits divided by T, times "
        "T²)",
    )
    tensorflow_threads: Positive = Field(
        2, description="threads of TensorFlow, whatever --cores says: results depend on it"
    )
    gpus: int = Field(
        0,
        ge=0,
        description="GPUs that each training job asks for, must have, and divides its batches "
        "among; features of frames take one of them. 0: none is asked for, and one is used where "
        "TensorFlow sees any; results depend on it",
    )
    mixed_precision: bool = Field(
        False,
        description="train in float16, for GPUs; weights, logits and losses stay in float32, and "
        "so does all that a trained network is used for; results depend on it",
    )
    cache: Cache = Field(
        "memory",
        description="where acoustic images are kept, once decoded (1 MB a second), while a teacher "
        "is trained: in `memory`; on `disk`, in a file below `TMPDIR` that goes with the job; or "
        "`none`: they are read in every epoch; changes no result and runs nothing again",
    )
    tensorboard: bool = Field(
        False,
        description="log every epoch for TensorBoard too, below `results/tensorboard`; changes no "
        "result and runs nothing again",
    )
