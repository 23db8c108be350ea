"""The configuration's section `evaluation`: how results are measured."""

from pydantic import Field

from avdistill.configuration.section import Section, Seed


class Evaluation(Section):
    """How results are measured."""

    seed: Seed = Field(
        0,
        description="seed of evaluation's random draws: the bootstrap of intervals, the resampling "
        "of claims, and the subjects, sequences and crops that figures show; trains nothing anew",
    )
    across_scopes: bool = Field(
        True, description="also test every network on the scopes that it was not trained on"
    )
