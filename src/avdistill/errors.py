"""The exception for problems that users can solve, and two ways to raise it from a table."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

Kinds = type[Exception] | tuple[type[Exception], ...]
Case = tuple[object, str]  # whether it is so (or what is not empty then), and what is wrong


class InputError(Exception):
    """A problem that the user can solve; the message names the file and what to do.

    The command line prints the message alone, without a traceback, and exits with status 1.
    """


@contextmanager
def explain_errors(path: Path | str, problems: Mapping[Kinds, str]) -> Iterator[None]:
    """Turn errors about a file in the block into an `InputError`.

    Parameters
    ----------
    path : of the file; messages begin with it.
    problems : by kind of error, what is wrong and what to do; `{error}` stands for the error, and
        `{reason}` for it as one short line that is the same in every run; other braces are not
        allowed. The first kind that fits counts. An `InputError`, and errors of no such kind, stay
        as they are.

    Raises
    ------
    InputError : as `problems` says.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        for kinds, problem in problems.items():
            if isinstance(error, kinds):
                text = problem.format(error=error, reason=_reason(error))
                raise InputError(f"{path}: {text}") from error
        raise


def _reason(error: Exception) -> str:
    line = str(error).strip().partition("\n")[0]
    return re.sub(r"<[^<>]* at 0x\w+>", "…", line)[:120] or type(error).__name__


def refuse(path: Path | str, cases: Iterable[Case]) -> None:
    """Refuse a file that has one of several problems.

    Parameters
    ----------
    path : of the file; messages begin with it.
    cases : looked at one after the other, so that those of a generator may rely on the earlier.

    Raises
    ------
    InputError : the first problem that is so.
    """
    for is_so, problem in cases:
        if is_so:
            raise InputError(f"{path}: {problem}")
