"""The configuration's section `students`: which are trained, with which supervision, and how."""

from typing import Literal

from pydantic import Field

from avdistill.configuration.section import Name, Positive, Rate, Section, Sha256
from avdistill.networks.registry import GROUND_TRUTH, STUDENTS

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
    learning_rate: list[Rate] | None = Field(
        None, min_length=1, description="learning rates to search; null: `grid.learning_rate`"
    )
    epochs: Positive = Field(100, description="number of epochs in each cell of the grid")
    crops_per_sequence: Positive | None = Field(
        None, description="training crops drawn from each sequence; null: `crops.per_sequence`"
    )
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
