"""The configuration's sections `teachers` and `ensembles`: which are trained, and how."""

from typing import Annotated, Literal

from pydantic import Field

from avdistill.configuration.section import Name, Positive, Rate, Section
from avdistill.networks.registry import TEACHERS

Teacher = Literal[TEACHERS]
Ensemble = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]  # part of folders' names


class TeacherTraining(Section):
    """How one teacher is trained."""

    learning_rate: Rate = Field(
        1e-3, description="learning rate of Adam; the paper's are in its table 1"
    )
    epochs: Positive = Field(100, description="number of epochs")
    crops_per_sequence: Positive | None = Field(
        None,
        description="training crops drawn from each sequence; null: `crops.per_sequence`; with "
        "`vision.train_temporal` also those that train Temporal ResNet-50 from pixels",
    )
    scopes: list[Name] | None = Field(
        None,
        min_length=1,
        description="scopes to train it, and students of it, on; null: all of `scopes`",
    )
