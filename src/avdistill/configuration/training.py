"""The configuration's section `training`: what all networks have in common."""

from typing import Literal

from pydantic import Field

from avdistill.configuration.section import Positive, Section, Seed
from avdistill.records.temporary import Cache


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
