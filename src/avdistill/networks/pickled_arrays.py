"""Arrays out of `.npy` files that hold a pickled dictionary.

`numpy.load(..., allow_pickle=True)` runs whatever such a file says. Here the pickle can name
nothing but the four things that NumPy's own arrays are pickled with, and even these are stand-ins
of ours, which keep what they are told and check it.
"""

import io
import pickle
from typing import Any

import numpy as np

from avdistill.errors import InputError


def decode_pickled_dictionary(data: bytes, name: str) -> dict[Any, Any]:
    """Decode a `.npy` file's one object: a dictionary of arrays, or of such dictionaries.

    Parameters
    ----------
    name : of the file, for messages.

    Raises
    ------
    InputError : the file is no such file, or damaged, or its pickle names anything else.
    """
    try:
        return _decode(data)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    except Exception as error:  # a damaged pickle raises whatever its bytes happen to call for
        raise InputError(
            f"{name}: not readable as .npy of a pickled dictionary ({error}); get it again"
        ) from error


def _decode(data: bytes) -> dict[Any, Any]:
    file = io.BytesIO(data)
    major, _ = np.lib.format.read_magic(file)
    read_header = {
        1: np.lib.format.read_array_header_1_0,
        2: np.lib.format.read_array_header_2_0,
    }
    if major not in read_header:
        raise ValueError(f"format version {major}")
    shape, _, dtype = read_header[major](file)
    if shape != () or dtype.kind != "O":
        raise ValueError(f"an array of {dtype}, shape {shape}")
    outer = _Unpickler(file, encoding="latin-1").load()  # which Python 2 needs
    if not isinstance(outer, _Array) or not isinstance(outer.value, list) or len(outer.value) != 1:
        raise ValueError("not one object")
    contents = _unwrap(outer.value[0])
    if not isinstance(contents, dict):
        raise ValueError(f"a {type(contents).__name__}")
    return contents


def _unwrap(value: Any, depth: int = 0) -> Any:
    if depth > 2:
        raise ValueError("dictionaries within dictionaries more than 2 deep")
    if isinstance(value, dict):
        return {key: _unwrap(inner, depth + 1) for key, inner in value.items()}
    return value.value if isinstance(value, _Array) else value


class _Dtype:
    """Stands for `numpy.dtype`."""

    def __init__(self, code: str, *_: Any) -> None:
        self.code = str(code)
        self.order = "<"

    def __setstate__(self, state: tuple) -> None:
        self.order = str(state[1])

    def numbers(self) -> np.dtype:
        kind = np.dtype(self.order.replace("|", "=") + self.code)
        if kind.kind not in "fiub":
            raise ValueError(f"an array of {kind}")
        return kind


class _Array:
    """Stands for `numpy.ndarray`; `value` is the array, or the objects of an array of objects."""

    def __init__(self) -> None:
        self.value: np.ndarray | list = []

    def __setstate__(self, state: tuple) -> None:
        _, shape, dtype, columns_first, content = state
        if isinstance(content, list):
            self.value = content
            return
        raw = content.encode("latin-1") if isinstance(content, str) else bytes(content)
        numbers = np.frombuffer(raw, dtype.numbers())
        self.value = numbers.reshape(shape, order="F" if columns_first else "C")


def _reconstruct(kind: type, *_: Any) -> _Array:
    if kind is not _Array:
        raise ValueError("a new object of no array class")
    return _Array()


def _encode(text: str, encoding: str) -> bytes:
    if encoding != "latin1":
        raise ValueError(f"bytes in the encoding {encoding}")
    return text.encode("latin-1")


class _Unpickler(pickle.Unpickler):
    _ALLOWED = {  # noqa: RUF012, never changed
        ("numpy", "ndarray"): _Array,
        ("numpy", "dtype"): _Dtype,
        ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
        ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
        ("_codecs", "encode"): _encode,  # how Python 3 writes bytes for Python 2
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._ALLOWED:
            raise InputError(
                f"refused: its pickle asks for {module}.{name}, and arrays of numbers need no "
                "such thing; get the file from its publisher"
            )
        return self._ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> Any:
        raise ValueError("objects outside the file")
