"""The configuration's sections on training: `teachers` to `training`, in the order of the file."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from avdistill.configuration.section import Case, Name, Positive, Rate, Section, Seed, Sha256
from avdistill.networks.registry import GROUND_TRUTH, STUDENTS, TEACHERS
from avdistill.records.temporary import Cache

Teacher = Literal[TEACHERS]
Ensemble = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]  # part of folders' names


class TeacherTraining(Section):
    """How one teacher is trained."""

    learning_rate: Rate = Field(
        1e-3, description="learning rate of Adam; the paper's are in its table 1"
    )
    epochs: Positive = Field(100, description="number of epochs")
    scopes: list[Name] | None = Field(
        None,
        min_length=1,
        description="scopes to train it, and students of it, on; null: all of `scopes`",
    )


Student = Literal[STUDENTS]


class InitialWeights(Section):
    """Published weights of OurSoundNet's first four layers."""

    file: Name = Field(description="SoundNet's weights: Torch `.t7`, or NumPy `.npz`")
    sha256: Sha256 = Field(description="sha256 of that file")


class StudentTraining(Section):
    """How one student is trained."""

    supervision: list[Name] = Field(
        [GROUND_TRUTH, "dualcamnet"],
        min_length=1,
        description="`ground_truth` (G), or a teacher whose soft labels are used, such as "
        "`dualcamnet` (D) or `resnet50` (R), or one of `ensembles`; one student for each",
    )
    epochs: Positive = Field(100, description="number of epochs in each cell of the grid")
    scopes: list[Name] | None = Field(
        None,
        min_length=1,
        description="scopes to train on, if its teacher is trained on them too; null: all of "
        "`scopes`",
    )
    weights: InitialWeights | None = Field(
        None, description="for `soundnet`: published initial weights; null: random ones"
    )
    batch_norm_decay: Rate | None = Field(
        None, description="for `soundnet`: decay of the batch-norm statistics; null: 0.999"
    )


class Vision(Section):
    """The frozen backbone of ResNet-50, Temporal ResNet-50 and AVNet."""

    frames_per_second: int = Field(
        12, ge=1, le=12, description="how many of a second's twelve video frames vision takes"
    )
    weights: Literal["random", "imagenet", "file"] = Field(
        "random",
        description="the backbone's initial weights: random by `seed`, ImageNet's (which Keras "
        "downloads), or those in `file`; the paper's are ImageNet's",
    )
    file: Name | None = Field(
        None, description="ImageNet weights: Keras's `.h5` or `.keras`, or slim's `.ckpt`"
    )
    sha256: Sha256 | None = Field(None, description="sha256 of that file")
    recalibrate: bool = Field(
        False,
        description="recompute the batch-norm statistics, once, on each scope's training frames",
    )
    train_temporal: bool = Field(
        False,
        description="train Temporal ResNet-50's convolutions over time, on each scope, from "
        "pixels, with its learning rate and epochs (slow: each step runs the whole backbone); the "
        "released code never trains them",
    )
    seed: Seed = Field(
        0,
        description="seed of random weights, of the order of frames in recalibration, and of "
        "training over time",
    )

    def _cases(self) -> Iterator[Case]:
        yield (
            (self.weights == "file") != (self.file is not None),
            "weights: file needs the key file, and only that",
        )
        yield (
            (self.file is None) != (self.sha256 is None),
            "a file of weights needs its sha256, and only that",
        )


Temperature = Annotated[float, Field(gt=0, allow_inf_nan=False)]
# A union with explicit tags: pydantic's plain union reports a mistake once for each member.
LearningRates = Annotated[
    Annotated[list[Rate], Field(min_length=1), Tag("rates")]
    | Annotated[Literal["table1"], Tag("table1")],
    Discriminator(lambda value: "table1" if isinstance(value, str) else "rates"),
]


class Grid(Section):
    """The students' grid search, by validation accuracy."""

    learning_rate: LearningRates = Field(
        [1e-3, 1e-4],
        description="learning rates to search, or `table1`: those that the paper chose",
    )
    temperature: list[Temperature] = Field(
        [1, 2, 5, 10], min_length=1, description="temperatures T of the soft labels"
    )
    imitation: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        [0.25, 0.5, 0.75, 1], min_length=1, description="imitation parameters λ"
    )
    scope: Name = Field(
        "each",
        description="`each`: search on every scope; or the one scope to search on, whose best "
        "cell the others take",
    )
    cells_per_job: Positive = Field(
        32,
        description="cells in one job; changes no result, but another number trains students again",
    )


class Training(Section):
    """Settings of all networks."""

    seeds: list[Seed] = Field(
        [0], min_length=1, description="every network is trained once for each seed"
    )
    batch_size: Positive = Field(32, description="crops in a batch")
    loss: Literal["generalized", "hinton"] = Field(
        "generalized",
        description="distillation loss: the paper's, or Hinton's (both logits divided by T, times "
        "T²)",
    )
    tensorflow_threads: Positive = Field(
        2,
        description="number of TensorFlow's threads, whatever --cores is, since results depend on "
        "it",
    )
    gpus: int = Field(
        0,
        ge=0,
        description="GPUs that each training job asks for and must have; batches are divided "
        "among them. Computing features of frames takes one at most. 0: a job asks for none, and "
        "uses one if TensorFlow finds any. Results depend on it",
    )
    mixed_precision: bool = Field(
        False,
        description="train in float16, for GPUs; weights, logits and losses stay in float32, and "
        "trained networks are used in float32; results depend on it",
    )
    cache: Cache = Field(
        "memory",
        description="where a teacher in training keeps decoded acoustic images (1 MB a second): "
        "in `memory`; on `disk`, in a file below `TMPDIR` that is gone when the job ends; or "
        "`none`: they are read and decoded in every epoch; changes no result and runs nothing "
        "again",
    )
    tensorboard: bool = Field(
        False,
        description="also log every epoch for TensorBoard, below `results/tensorboard`; changes no "
        "result and runs nothing again",
    )
