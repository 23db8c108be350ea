"""The configuration's section `training`: settings of all networks."""

from typing import Literal

from pydantic import Field

from avdistill.configuration.section import Positive, Section, Seed
from avdistill.records.temporary import Cache


class Training(Section):
    """Settings of all networks."""

    seeds: list[Seed] = Field(
        [0], min_length=1, description="all networks are trained once for each seed"
    )
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
        description="GPUs of each training job, which divides its batches among them; features of "
        "frames are computed on one. 0: the job requests none, and uses one if TensorFlow finds "
        "any; results depend on it",
    )
    mixed_precision: bool = Field(
        False,
        description="train in float16, for GPUs; weights, logits and losses stay in float32, and a "
        "trained network always runs in float32; results depend on it",
    )
    cache: Cache = Field(
        "memory",
        description="where decoded acoustic images (1 MB a second) are kept while a teacher is "
        "trained: in `memory`; on `disk`, in a file below `TMPDIR` that is removed with the job; "
        "or `none`: they are read in every epoch; changes no result and runs nothing again",
    )
    tensorboard: bool = Field(
        False,
        description="log every epoch for TensorBoard too, below `results/tensorboard`; changes no "
        "result and runs nothing again",
    )
