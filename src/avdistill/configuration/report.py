"""The configuration's section `report`: what the report says of itself."""

from pydantic import Field

from avdistill.configuration.section import Name, Section


class Report(Section):
    """What the report says of itself."""

    note: str = Field("", description="one sentence shown with every table")
    licence: Name | None = Field(
        None,
        description="terms of the data and of models trained on them, for the card of the run; "
        "null: the project's own (MIT) if all is simulated, sounds too; else not stated",
    )
