"""Types for numbers on the command line, and options that are a number."""

from argparse import ArgumentParser, ArgumentTypeError


def positive(text: str) -> int:
    """Return a whole number of at least 1."""
    return _number(text, 1)


def whole(text: str) -> int:
    """Return a whole number of at least 0."""
    return _number(text, 0)


def _number(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least}")
    return int(text)


def add_thread_option(parser: ArgumentParser) -> None:
    """Add the option for TensorFlow's threads."""
    parser.add_argument(
        "--tensorflow-threads",
        type=positive,
        default=2,
        help="threads of TensorFlow; results depend on it (default: 2)",
    )


def add_gpu_option(parser: ArgumentParser) -> None:
    """Add the option for the number of GPUs."""
    parser.add_argument(
        "--gpus",
        type=whole,
        default=0,
        help="GPUs that there must be, and that are used; results depend on it (default: 0: none "
        "must be, one is used if there is)",
    )
