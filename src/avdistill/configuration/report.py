"""The configuration's section `report`: texts of the report."""

from pydantic import Field

from avdistill.configuration.section import Name, Section


class Report(Section):
    """Texts of the report."""

    note: str = Field("", description="a sentence to show with every table")
    licence: Name | None = Field(
        None,
        description="terms of the data and of models trained on them, for the card of the run; "
        "null: the project's own (MIT) if all data, sounds too, are simulated; else not stated",
    )
