"""Reading objects from Torch 7 files, as `torch.save` writes them (binary).

Nothing in a file is executed: an object of a Torch class becomes its name and its fields, a
function None. Every length is checked before anything is read or allocated. Format: torch7's
`File.lua`, `generic/Tensor.c` and `generic/Storage.c`, on a 64-bit little-endian machine.
"""

import math
import re
import struct
from typing import Any, NamedTuple

import numpy as np

from avdistill.errors import explain_errors

_NIL, _NUMBER, _STRING, _TABLE, _TORCH, _BOOLEAN = range(6)
_OLD_FUNCTION, _LEGACY_FUNCTION, _FUNCTION = 6, 7, 8  # an old function has no number in the file
_DTYPES = {  # of tensors and storages; `Cuda` ones have the same layout
    "Byte": "u1",
    "Char": "i1",
    "Short": "<i2",
    "Int": "<i4",
    "Long": "<i8",
    "Half": "<f2",
    "Float": "<f4",
    "Double": "<f8",
    "": "<f4",  # `torch.CudaTensor` is float
}
_ARRAY_CLASS = re.compile(r"torch\.(Cuda)?([A-Z][a-z]+|)(Tensor|Storage)")
_DEEPEST = 100  # objects within objects
_UNFINISHED = object()


class TorchObject(NamedTuple):
    """An object of a Torch class that is neither tensor nor storage.

    Attributes
    ----------
    name : name of its class, such as `nn.SpatialConvolution`.
    version : version of its class, on which the meaning of fields depends; 0: it has none.
    fields : its fields by name.
    """

    name: str
    version: float
    fields: dict[Any, Any]


def decode_torch7(data: bytes, name: str) -> Any:
    """Decode the one object of a file.

    Parameters
    ----------
    data : content of the file.
    name : name of the file, for messages.

    Returns
    -------
    None, a number (float), a boolean, text (str, one character a byte), a table (dict; lists have
        keys 1.0, 2.0, ...), a tensor or storage (read-only array, not copied) or a `TorchObject`.
        An object to which the file refers in several places is one object here too.

    Raises
    ------
    InputError : the file is of another kind, or damaged, or an object contains itself.
    """
    problem = "not readable as a binary Torch 7 file ({error}); get it again"
    with explain_errors(name, {ValueError: problem}):
        return _Reader(data).read(0)


class _Reader:
    """Reads a file's bytes from an offset on, and keeps the objects read so far by number."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0
        self.objects: dict[int, Any] = {}

    def read(self, depth: int) -> Any:
        """Read one object of any kind."""
        if depth > _DEEPEST:
            raise ValueError(f"objects within objects more than {_DEEPEST} deep")
        kind = self.unpack("i")
        unnumbered = {
            _NIL: lambda: None,
            _NUMBER: lambda: self.unpack("d"),
            _BOOLEAN: lambda: self.unpack("i") == 1,
            _STRING: self.text,
            _OLD_FUNCTION: lambda: self.function(depth),
        }
        if kind in unnumbered:
            return unnumbered[kind]()
        readers = {
            _TABLE: self.table,
            _TORCH: self.torch_object,
            _LEGACY_FUNCTION: self.function,
            _FUNCTION: self.function,
        }
        if kind not in readers:
            raise ValueError(f"an object of the unknown type {kind}")
        number = self.unpack("i")
        if number not in self.objects:
            self.objects[number] = _UNFINISHED
            self.objects[number] = readers[kind](depth)
        elif self.objects[number] is _UNFINISHED:
            raise ValueError("an object that contains itself")
        return self.objects[number]

    def table(self, depth: int) -> dict[Any, Any]:
        size = self.unpack("i")
        # A key and a value take four bytes each at least.
        if not 0 <= size * 8 <= len(self.data) - self.offset:
            raise ValueError(f"a count of {size}, for which the file is too short")
        table = {}
        for _ in range(size):
            key = self.read(depth + 1)
            if not isinstance(key, str | float | bool):
                raise ValueError("a table with keys that are neither text nor numbers")
            table[key] = self.read(depth + 1)
        return table

    def function(self, depth: int) -> None:
        self.text()  # its byte code
        self.read(depth + 1)  # the variables that it refers to

    def torch_object(self, depth: int) -> "np.ndarray | TorchObject":
        version, name = 0.0, self.text()
        if numbered := re.fullmatch(r"V (\d+(?:\.\d+)?)", name):
            version, name = float(numbered[1]), self.text()
        array = _ARRAY_CLASS.fullmatch(name)
        if array and (array[1] or array[2]) and array[2] in _DTYPES:
            dtype = np.dtype(_DTYPES[array[2]])
            return self.storage(dtype) if array[3] == "Storage" else self.tensor(dtype, depth)
        fields = self.read(depth + 1)
        if not isinstance(fields, dict):
            raise ValueError(f"an object of class {name!r}, whose layout is unknown")
        return TorchObject(name, version, fields)

    def storage(self, dtype: np.dtype) -> np.ndarray:
        return np.frombuffer(self.take(self.unpack("q"), dtype.itemsize), dtype)

    def tensor(self, dtype: np.dtype, depth: int) -> np.ndarray:
        dimensions = self.unpack("i")
        shape, strides = (
            struct.unpack(f"<{dimensions}q", self.take(dimensions, 8)) for _ in range(2)
        )
        first = self.unpack("q") - 1  # Lua counts from 1
        storage = self.read(depth + 1)
        if storage is None or not dimensions:
            return np.empty(0, dtype)
        if not isinstance(storage, np.ndarray) or storage.dtype != dtype or storage.ndim != 1:
            raise ValueError("a tensor without a storage of its kind")
        if min(shape) < 0 or min(strides) < 0 or first < 0:
            raise ValueError("a tensor of negative size")
        last = first + sum((size - 1) * step for size, step in zip(shape, strides, strict=True))
        if math.prod(shape) > len(storage) or (min(shape) and last >= len(storage)):
            raise ValueError(f"a tensor of shape {shape} in a storage of {len(storage)}")
        if not min(shape):  # its strides may have any value
            return np.empty(shape, dtype)
        # The step along an axis of length one is never taken, and may have any value.
        steps = [
            step * dtype.itemsize if size > 1 else 0
            for size, step in zip(shape, strides, strict=True)
        ]
        return np.lib.stride_tricks.as_strided(storage[first:], shape, steps, writeable=False)

    def text(self) -> str:
        return bytes(self.take(self.unpack("i"), 1)).decode("latin-1")

    def unpack(self, code: str) -> Any:
        return struct.unpack(f"<{code}", self.take(1, struct.calcsize(f"<{code}")))[0]

    def take(self, count: int, size: int) -> memoryview:
        """Take the bytes of `count` items of `size` bytes."""
        start, end = self.offset, self.offset + count * size
        if count < 0 or end > len(self.data):
            raise ValueError(f"{count * size} bytes wanted at byte {start}, but the file ends")
        self.offset = end
        return memoryview(self.data)[start:end]
