"""The configuration's section `report`: texts of the report."""

from pydantic import Field

from avdistill.configuration.section import Name, Section


class Report(Section):
    """Texts of the report."""

    note: str = Field("", description="one sentence shown with every table")
    licence: Name | None = Field(
        None,
        description="licence of the data and of models trained on them, for the card of the run; "
        "null: the project's own (MIT) if all is simulated, sounds too; else not stated",
    )
