"""The configuration's section `vision`: the frozen backbone of the teachers that take video."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from avdistill.configuration.section import Name, Section, Seed, Sha256
from avdistill.errors import Case


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
        "pixels, with its learning rate, epochs and crops per sequence (slow: each step runs the "
        "whole backbone); the released code never trains them",
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
