"""The configuration's section `vision`: the frozen backbone of the teachers that take video."""

from typing import Literal, Self

from pydantic import Field, model_validator

from avdistill.configuration.section import Name, Section, Seed, Sha256


class Vision(Section):
    """The frozen backbone of ResNet-50, Temporal ResNet-50 and AVNet."""

    frames_per_second: int = Field(
        12,
        ge=1,
        le=12,
        description="video frames of each second, of its twelve, that networks take",
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
        description="compute the batch-norm statistics anew, once, on each scope's training frames",
    )
    train_temporal: bool = Field(
        False,
        description="train Temporal ResNet-50's convolutions over time, on each scope, from pixels "
        "(slow: one step runs the whole backbone), with its learning rate and epochs; the released "
        "code never trains them",
    )
    seed: Seed = Field(
        0,
        description="seed of random weights, recalibration's order, and training over time",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.weights == "file") != (self.file is not None):
            raise ValueError("weights: file needs the key file, and only that")
        if (self.file is None) != (self.sha256 is None):
            raise ValueError("a file of weights needs its sha256, and only that")
        return self
