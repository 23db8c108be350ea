"""The configuration's section `evaluation`: how results are measured."""

from pydantic import Field

from avdistill.configuration.section import Section, Seed


class Evaluation(Section):
    """How results are measured."""

    seed: Seed = Field(
        0,
        description="seed of the bootstrap of intervals, of the resampling of claims, and of the "
        "choice of subjects, sequences and crops in figures; another seed trains nothing again",
    )
    across_scopes: bool = Field(
        True, description="also test every network on the scopes that it was not trained on"
    )
