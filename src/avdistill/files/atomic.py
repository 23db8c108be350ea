"""Writing files so that they are whole or absent: under a temporary name, then renamed.

Reading them here turns what can go wrong into an `InputError`.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from avdistill.errors import explain_errors

PARTIAL_PREFIX = ".partial-"


@contextmanager
def atomic_file(path: Path | str) -> Iterator[Path]:
    """Yield a temporary path in the same folder; rename it to `path` if the block succeeds.

    The temporary name keeps the suffix, by which Keras and others choose a format. After a failure
    the temporary file is removed, and an earlier file at `path` is unchanged.
    """
    path, partial = _partial_path(path)
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def atomic_directory(path: Path | str) -> Iterator[Path]:
    """Yield a new empty folder beside `path`; replace `path` by it if the block succeeds."""
    path, partial = _partial_path(path)
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir()
    try:
        yield partial
        if path.exists():
            shutil.rmtree(path)
        partial.replace(path)
    finally:
        if partial.exists():
            shutil.rmtree(partial)


def _partial_path(path: Path | str) -> tuple[Path, Path]:
    """Return a path, and a temporary one in the same folder, which is made."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, path.with_name(PARTIAL_PREFIX + path.name)


def write_text(path: Path | str, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def write_json(path: Path | str, value: Any) -> None:
    """Write JSON atomically: keys in the given order, one per line, a newline at the end."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_bytes(path: Path, remedy: str = "get it again") -> bytes:
    """Read a file whole.

    Parameters
    ----------
    remedy : what to do where it cannot be read, for the message.

    Raises
    ------
    InputError : the file cannot be read.
    """
    with explain_errors(path, {OSError: f"cannot be read ({{error.strerror}}); {remedy}"}):
        return path.read_bytes()


def read_json(path: Path | str) -> Any:
    """Read JSON.

    Raises
    ------
    InputError : the file is missing or is not JSON.
    """
    problems = {
        FileNotFoundError: "no such file; run the rule that makes it",
        (json.JSONDecodeError, UnicodeDecodeError): (
            "not valid JSON ({error}); delete it and run again"
        ),
    }
    with explain_errors(path, problems):
        return json.loads(Path(path).read_text(encoding="utf-8"))
