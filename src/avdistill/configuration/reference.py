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

| key | type | default | meaning |
| --- | --- | --- | --- |
"""
_TYPES = {str: "text", int: "integer", float: "number", bool: "true or false"}


def configuration_reference() -> str:
    """Return the page: one table row per key, sections in the configuration's order."""
    return _INTRODUCTION + "".join(f"| {' | '.join(row)} |\n" for row in _rows(Configuration, ""))


def _rows(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield key, type, default and meaning."""
    for name, field in model.model_fields.items():
        key = f"`{prefix}{name}`"
        description = (field.description or "").replace("|", "\\|")
        section = _section(field.annotation)
        if section is None:
            is_required = field.default is PydanticUndefined
            default = "required" if is_required else f"`{json.dumps(field.default)}`"
            yield key, _type(field.annotation), default, description
        else:
            yield key, "section", "", description
            inside = ".NAME." if get_origin(field.annotation) is dict else "."
            yield from _rows(section, f"{prefix}{name}{inside}")


def _section(annotation: Any) -> type[BaseModel] | None:
    kinds = (kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type))
    return next((kind for kind in kinds if issubclass(kind, BaseModel)), None)


def _type(annotation: Any) -> str:
    describe = _TYPES_OF_TYPES.get(get_origin(annotation))
    return describe(*get_args(annotation)) if describe else _TYPES.get(annotation, "null")


def _one_of(*annotations: Any) -> str:
    return " or ".join(map(_type, annotations))


_TYPES_OF_TYPES = {  # each with a function of what is in the brackets
    Annotated: lambda annotation, *_: _type(annotation),
    Literal: lambda *values: " or ".join(f"`{value}`" for value in values),
    list: lambda element: f"list of {_type(element)}",
    dict: lambda _, value: f"mapping of names to {_type(value)}",
    Union: _one_of,
    types.UnionType: _one_of,
}
