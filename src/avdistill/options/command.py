"""What a command declares: its texts and its options, as data; `avdistill.cli` reads them."""

from pathlib import Path
from typing import Any, NamedTuple


class Option(NamedTuple):
    """An option of a command: what argparse's `add_argument` takes."""

    names: tuple[str, ...]
    keywords: dict[str, Any]


class Command(NamedTuple):
    """What a command is for, and what it takes.

    Attributes
    ----------
    summary : one line, for the list of commands and the command's help.
    example : a whole command line.
    options : in the order of the help.
    one_of : options of which one must be given, and no more; they come before the others.
    """

    summary: str
    example: str
    options: tuple[Option, ...]
    one_of: tuple[Option, ...] = ()


def option(*names: str, **keywords: Any) -> Option:
    """Return an option from the arguments of argparse's `add_argument`."""
    return Option(names, keywords)


def path_option(name: str, *, required: bool = True, **keywords: Any) -> Option:
    """Return an option that names a file or a folder."""
    return option(name, type=Path, required=required, **keywords)
