"""What a command declares: its texts and its options, as data; `avdistill.cli` reads them."""

from argparse import ArgumentTypeError
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


def positive(text: str) -> int:
    """Return a whole number of at least 1."""
    return _number(text, 1)


def whole(text: str) -> int:
    """Return a whole number of at least 0."""
    return _number(text, 0)


def odd(text: str) -> int:
    """Return an odd whole number."""
    number = _number(text, 1)
    if number % 2 == 0:
        raise ArgumentTypeError(f"{text!r} is not odd: an even number can be divided half and half")
    return number


def _number(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least}")
    return int(text)


# Options that many commands share.
DATASET = path_option("--dataset", help="dataset.json")
RECORDS = path_option("--records", help="manifest.csv of the records, in their folder")
SEQUENCES = option("--sequences", required=True, nargs="+", help="names of the sequences")
FIGURE = path_option("--output", help="PNG to write; an SVG goes into the same folder")
TENSORFLOW_THREADS = option(
    "--tensorflow-threads",
    type=positive,
    default=2,
    help="threads of TensorFlow; results depend on it (default: 2)",
)
