"""The configuration's section `splits`: how sequences are divided."""

from typing import Literal

from pydantic import Field

from avdistill.configuration.section import Section, Seed


class Splits(Section):
    """How sequences are divided into training, validation and test."""

    strategy: Literal["paper", "stratified", "subject"] = Field(
        "stratified",
        description="`paper`: one random permutation; `stratified`: by action and scenario; "
        "`subject`: no subject is in two splits",
    )
    seed: Seed = Field(42, description="seed of the random division")
