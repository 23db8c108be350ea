"""The configuration's section `crops`: how training crops are cut."""

from pydantic import Field

from avdistill.configuration.section import Positive, Section, Seed


class Crops(Section):
    """How training crops are cut from full sequences."""

    seed: Seed = Field(42, description="seed of the random crops")
    per_sequence: Positive | None = Field(
        None,
        description="crops drawn from each sequence for a network that has no "
        "`crops_per_sequence` of its own; null: sequence length / crop length",
    )
    fresh: bool = Field(False, description="draw new crops in every epoch; the paper does not")
