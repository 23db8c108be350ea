"""TensorFlow as every verb starts it, and a writer of Torch 7 files."""

import struct
from typing import Any

import numpy as np
import pytest

from avdistill.examples.tensorflow_start import start_tensorflow
from avdistill.networks.torch7 import TorchObject

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
start_tensorflow(seed=0, threads=2)

_KINDS = {
    "u1": "Byte",
    "i1": "Char",
    "i2": "Short",
    "i4": "Int",
    "i8": "Long",
    "f2": "Half",
    "f4": "Float",
    "f8": "Double",
}


@pytest.fixture(scope="session")
def torch7_bytes():
    """Write what Torch 7's `torch.save` writes: each object once, however often it is met.

    Tables are dictionaries, a tensor is an array or a pair (class name, array).
    """
    return lambda value: _Torch7Writer().object(value)


class _Torch7Writer:
    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.kept: list[Any] = []

    def object(self, value: Any) -> bytes:
        if isinstance(value, dict | TorchObject | tuple | np.ndarray):
            return self.numbered(value)
        if value is None:
            return struct.pack("<i", 0)
        if isinstance(value, bool):
            return struct.pack("<ii", 5, value)
        if isinstance(value, str):
            return struct.pack("<i", 2) + self.text(value)
        return struct.pack("<id", 1, value)

    def numbered(self, value: Any) -> bytes:
        known = id(value) in self.numbers
        number = self.numbers.setdefault(id(value), len(self.numbers) + 1)
        self.kept.append(value)
        head = struct.pack("<ii", 3 if isinstance(value, dict) else 4, number)
        if known:
            return head
        if isinstance(value, dict):
            items = (self.object(key) + self.object(inner) for key, inner in value.items())
            return head + struct.pack("<i", len(value)) + b"".join(items)
        if isinstance(value, TorchObject):
            return head + self.typed(value.name, value.version) + self.object(value.fields)
        return head + self.tensor(value)

    def tensor(self, value: np.ndarray | tuple[str, np.ndarray]) -> bytes:
        name, values = value if isinstance(value, tuple) else (None, value)
        name = name or f"torch.{_KINDS[values.dtype.str[1:]]}Tensor"
        number = len(self.numbers) + 1
        self.numbers[-number] = number  # the storage's
        shape = values.shape
        strides = [step // values.itemsize for step in np.ascontiguousarray(values).strides]
        return (
            self.typed(name)
            + struct.pack(f"<i{2 * len(shape) + 1}q", len(shape), *shape, *strides, 1)
            + struct.pack("<ii", 4, number)
            + self.typed(name.replace("Tensor", "Storage"))
            + struct.pack("<q", values.size)
            + values.tobytes()
        )

    def typed(self, name: str, version: float = 1) -> bytes:
        return self.text(f"V {version:g}") + self.text(name)

    def text(self, content: str) -> bytes:
        raw = content.encode("latin-1")
        return struct.pack("<i", len(raw)) + raw
