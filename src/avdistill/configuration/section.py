"""What every section has in common: its types, its strictness, and how mistakes are reported."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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


def describe_mistakes(error: ValidationError) -> str:
    """Write one line per mistake, such as `  grid.temperature[1]: input should be … (it is -2)`."""
    return "\n".join(map(_describe, error.errors()))


def _describe(mistake: Mapping[str, Any]) -> str:
    keys = [key for key in mistake["loc"] if key not in ("rates", "table1")]  # tags of a union
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    path = path.lstrip(".").removesuffix(".[key]")
    message = mistake["msg"].removeprefix("Value error, ")
    match mistake["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            message = "there is no such key"
        case "missing":
            message = "is missing"
        case kind if kind != "value_error":
            message = f"{message[0].lower()}{message[1:]} (it is {mistake['input']!r})"
    return f"  {path}: {message}" if path else f"  {message}"
