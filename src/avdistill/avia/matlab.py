"""A reader of numeric arrays in MATLAB files, level 5 (`save -v6` and `-v7`).

SciPy's reader is for files that one trusts: a few changed bytes make it crash the process or take
gigabytes. A check of 400,000 files must survive any of them. So this module reads the small part
of the format that AVIA needs, and checks every length. Format: MathWorks, *MAT-File Format*,
chapter 1, level 5.
"""

import math
import struct
import zlib
from typing import NamedTuple

import numpy as np

_HEADER_SIZE = 128
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {  # by type of a data element: the dtype of its numbers
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
}
_CLASSES = (  # counted from 1
    "a cell array",
    "a structure",
    "an object",
    "text",
    "a sparse matrix",
    "double",
    "single",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
)
_COMPLEX_FLAG, _LOGICAL_FLAG = 0x0800, 0x0200


class Variable(NamedTuple):
    """A variable of a MATLAB file, its numbers not yet decoded.

    Attributes
    ----------
    shape : sizes of its axes.
    kind : MATLAB's class, `double` or `single` for floats, or words for any other kind.
    content : the data elements that follow the variable's name.
    byte_order : `<` or `>`.
    """

    shape: tuple[int, ...]
    kind: str
    content: bytes
    byte_order: str


def find_variable(data: bytes, name: str, *, max_bytes: int) -> Variable | None:
    """Return a variable from a file's bytes; None if the file lacks it.

    At most `max_bytes` of a compressed variable are unpacked. If it is longer, `decode_numbers`
    raises since numbers are missing.

    Raises
    ------
    ValueError : it is not a MATLAB file of level 5, or it is damaged.
    """
    byte_order = {b"IM": "<", b"MI": ">"}.get(data[126:_HEADER_SIZE])
    if byte_order is None:
        raise ValueError("no header of a MATLAB file, level 5")
    offset = _HEADER_SIZE
    while offset < len(data):
        kind, content, offset = _read_element(data, offset, byte_order)
        if kind == _COMPRESSED:
            unpacked = zlib.decompressobj()
            try:
                content = unpacked.decompress(content, max_bytes)
            except zlib.error as error:
                raise ValueError(str(error)) from error
            kind, content, _ = _read_element(content, 0, byte_order, whole=False)
        if kind != _MATRIX:
            raise ValueError(f"a data element of type {kind} instead of an array")
        variable = _read_matrix(content, name, byte_order)
        if variable is not None:
            return variable
    return None


def _read_matrix(content: bytes, name: str, byte_order: str) -> Variable | None:
    _, flags, offset = _read_element(content, 0, byte_order)
    if len(flags) != 8:
        raise ValueError("damaged array flags")
    (word,) = struct.unpack(byte_order + "I4x", flags)
    number = word & 0xFF
    if not 1 <= number <= len(_CLASSES):  # internal data of MATLAB, which have another structure
        return None
    _, dimensions, offset = _read_element(content, offset, byte_order)
    _, found_name, offset = _read_element(content, offset, byte_order)
    if found_name != name.encode("ascii"):
        return None
    kind = _CLASSES[number - 1]
    if word & _COMPLEX_FLAG:
        kind = "complex numbers"
    elif word & _LOGICAL_FLAG:
        kind = "logical"
    if len(dimensions) % 4:
        raise ValueError("damaged array dimensions")
    shape = struct.unpack(f"{byte_order}{len(dimensions) // 4}i", dimensions)
    return Variable(shape, kind, content[offset:], byte_order)


def decode_numbers(variable: Variable) -> np.ndarray:
    """Return a variable's numbers; check its shape and kind before.

    Returns
    -------
    numbers : array of the variable's shape; float32 if it is `single`, otherwise float64. To save
        space MATLAB may store floats with whole values as integers.

    Raises
    ------
    ValueError : the number of values does not fit the shape.
    """
    kind, content, _ = _read_element(variable.content, 0, variable.byte_order)
    if kind not in _NUMBERS:
        raise ValueError(f"numbers of the unknown type {kind}")
    stored = np.dtype(variable.byte_order + _NUMBERS[kind])
    count = math.prod(variable.shape)
    if len(content) != count * stored.itemsize:
        raise ValueError(f"{len(content)} bytes for {count} numbers of {stored.itemsize}")
    numbers = np.frombuffer(content, stored).reshape(variable.shape, order="F")
    return numbers.astype(np.float32 if variable.kind == "single" else np.float64)


def _read_element(
    data: bytes, offset: int, byte_order: str, *, whole: bool = True
) -> tuple[int, bytes, int]:
    """Return the type and the content of a data element, and where the next one starts."""
    if offset + 8 > len(data):
        raise ValueError("ends in the middle")
    kind, size = struct.unpack_from(byte_order + "II", data, offset)
    if kind >> 16:  # a small element has type, length and up to four bytes of content in its tag
        kind, size = kind & 0xFFFF, kind >> 16
        if size > 4:
            raise ValueError("damaged tag of a data element")
        return kind, data[offset + 4 : offset + 4 + size], offset + 8
    start, end = offset + 8, offset + 8 + size
    if whole and end > len(data):
        raise ValueError("ends in the middle")
    padding = 0 if kind == _COMPRESSED else -size % 8
    return kind, data[start:end], end + padding
