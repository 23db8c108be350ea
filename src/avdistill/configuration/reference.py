"""The configuration's reference as Markdown, generated from the typed model."""

import json
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from avdistill.configuration.configuration import Configuration

_INTRODUCTION = """\
# Every key of the configuration

`make documents` writes this page, and a test fails when it is out of date. `schema.json` is the
same as a JSON schema, for editors.

| file | contents |
| --- | --- |
| `demo.yaml` | the default: a simulated acoustic camera, all networks, 20 minutes |
| `smoke.yaml`, `micro.yaml` | smaller runs, for tests |
| `paper.yaml` | the paper's experiment at full scale, on AVIA itself |
| `esc10.yaml`, `dcase2018.yaml` | overlays that add the transfer to real recordings |
| `table1.yaml` | an overlay with the paper's learning rates (table 1) in place of a search |

Choose one with `make reproduce CONFIG=config/smoke.yaml` or `snakemake --configfile …`. Name an
overlay after it: `--configfile config/demo.yaml config/esc10.yaml`. Everything is checked when the
workflow is parsed, before any job runs. A message names each mistake by the path of its key.
"""


def configuration_reference() -> str:
    """Return the page: one table row per key, sections in the configuration's order."""
    rows = [
        f"| `{path}` | {kind} | {default} | {description} |"
        for path, kind, default, description in _keys(Configuration, "")
    ]
    return "\n".join(
        [
            _INTRODUCTION,
            "| key | type | default | meaning |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _keys(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        section = _section(field.annotation)
        description = (field.description or "").replace("|", "\\|")
        if section is None:
            yield path, _kind(field.annotation), _default(field), description
        else:
            yield path, "section", "", description
            inside = f"{path}.NAME." if get_origin(field.annotation) is dict else f"{path}."
            yield from _keys(section, inside)


def _section(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None


def _kind(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin is list:
        return f"list of {_kind(arguments[0])}"
    if origin is dict:
        return f"mapping of names to {_kind(arguments[1])}"
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(argument) for argument in arguments)
    names = {str: "text", int: "integer", float: "number", bool: "true or false"}
    return names.get(annotation, "null")


def _default(field: Any) -> str:
    if field.default is PydanticUndefined:
        return "required"
    return f"`{json.dumps(field.default)}`"
