"""Options that are numbers: what they may be, and the number that many commands share."""

from argparse import ArgumentTypeError

from avdistill.options.command import option


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


TENSORFLOW_THREADS = option(
    "--tensorflow-threads",
    type=positive,
    default=2,
    help="threads of TensorFlow; results depend on it (default: 2)",
)
