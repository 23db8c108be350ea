"""The configuration's section `training`: settings of all networks."""

from typing import Literal

from pydantic import Field

from avdistill.configuration.section import Positive, Section, Seed
from avdistill.records.temporary import Cache


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
