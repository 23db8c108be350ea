"""The configuration's section `grid`: the hyperparameters that students search."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from avdistill.configuration.section import Name, Positive, Rate, Section

Temperature = Annotated[float, Field(gt=0, allow_inf_nan=False)]
# A union with explicit tags: pydantic's plain union reports a mistake once for each member.
LearningRates = Annotated[
    Annotated[list[Rate], Field(min_length=1), Tag("rates")]
    | Annotated[Literal["table1"], Tag("table1")],
    Discriminator(lambda value: "table1" if isinstance(value, str) else "rates"),
]


class Grid(Section):
    """The students' grid search, by validation accuracy."""

    learning_rate: LearningRates = Field(
        [1e-3, 1e-4],
        description="learning rates to search, or `table1`: those that the paper chose",
    )
    temperature: list[Temperature] = Field(
        [1, 2, 5, 10], min_length=1, description="temperatures T of the soft labels"
    )
    imitation: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        [0.25, 0.5, 0.75, 1], min_length=1, description="imitation parameters λ"
    )
    scope: Name = Field(
        "each",
        description="`each`: search on every scope; or the one scope to search on, whose best "
        "cell the others take",
    )
    supervision: list[Name] | None = Field(
        None,
        min_length=1,
        description="supervisions whose students search all of these values; the others take the "
        "first value of each list; null: all students search",
    )
    cells_per_job: Positive = Field(
        32,
        description="cells in one job; changes no result, but another number trains students again",
    )
