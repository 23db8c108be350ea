"""The base class of the configuration's sections, and types of values."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Seed = Annotated[int, Field(ge=0, lt=2**31)]
Positive = Annotated[int, Field(gt=0)]
Rate = Annotated[float, Field(gt=0, lt=1)]
Name = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

_MAY_REPEAT = {"scenario_kinds"}  # two offices are two scenarios


class Section(BaseModel):
    """A part of the configuration: unknown keys and repeated values are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _no_value_twice(self) -> Self:
        for key, values in self:
            is_checked = isinstance(values, list) and key not in _MAY_REPEAT
            if is_checked and len(set(values)) < len(values):
                raise ValueError(f"{key} holds a value twice")
        return self
