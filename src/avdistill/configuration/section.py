"""What every section has in common: its types, its strictness, and how mistakes are reported."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from avdistill.errors import Case

Seed = Annotated[int, Field(ge=0, lt=2**31)]
Positive = Annotated[int, Field(gt=0)]
Rate = Annotated[float, Field(gt=0, lt=1)]
Name = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

_MAY_REPEAT = {"scenario_kinds"}  # two offices are two scenarios


class Section(BaseModel, extra="forbid", frozen=True):
    """A part of the configuration: unknown keys and repeated values are refused."""

    @model_validator(mode="after")
    def _refuse_wrong_cases(self) -> Self:
        lists = {key: values for key, values in self if isinstance(values, list)}
        repeated = (
            (
                key not in _MAY_REPEAT and len(set(values)) < len(values),
                f"{key} holds a value twice",
            )
            for key, values in lists.items()
        )
        for is_so, problem in chain(repeated, self._cases()):
            if is_so:
                raise ValueError(problem)
        return self

    def _cases(self) -> Iterable[Case]:
        """Yield in which cases a section is wrong; a case may rely on those before it."""
        return ()


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
