"""Torch 7 files: every kind of object, and every kind of damage."""

import struct

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.networks.torch7 import TorchObject, decode_torch7


def decode(data):
    return decode_torch7(data, "file.t7")


def integers(*values):
    return struct.pack(f"<{len(values)}i", *values)


def longs(*values):
    return struct.pack(f"<{len(values)}q", *values)


def text(content):
    return integers(len(content)) + content.encode()


def storage(number, values):
    values = np.asarray(values, np.float32)
    return (
        integers(4, number)
        + text("V 1")
        + text("torch.FloatStorage")
        + longs(len(values))
        + (values.tobytes())
    )


def tensor(number, shape, strides, first, stored):
    head = integers(4, number) + text("V 1") + text("torch.FloatTensor") + integers(len(shape))
    return head + longs(*shape) + longs(*strides) + longs(first) + stored


def test_plain_values_come_back(torch7_bytes):
    table = {"yes": True, "no": False, "none": None, "half": 0.5, 1.0: "naïve", "in": {1.0: 2.0}}
    assert decode(torch7_bytes(table)) == table


@pytest.mark.parametrize(
    "kind", ["Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double"]
)
def test_tensors_of_every_number_come_back(torch7_bytes, kind):
    dtype = {"Byte": "u1", "Char": "i1", "Short": "i2", "Int": "i4", "Long": "i8"}.get(kind)
    dtype = dtype or {"Half": "f2", "Float": "f4", "Double": "f8"}[kind]
    values = np.arange(24).reshape(2, 3, 4).astype(dtype)
    decoded = decode(torch7_bytes({"t": values}))["t"]
    assert np.array_equal(decoded, values)
    assert decoded.dtype == dtype
    assert not decoded.flags.writeable


def test_tensors_may_be_parts_of_a_storage_in_any_order():
    stored = storage(2, range(12))
    transposed = decode(tensor(1, (2, 3), (1, 2), 5, stored))
    assert transposed.tolist() == [[4, 6, 8], [5, 7, 9]]
    row = decode(tensor(1, (1, 3), (2**60, 1), 1, stored))  # a step that is never taken
    assert row.tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("name", ["torch.CudaTensor", "torch.CudaDoubleTensor"])
def test_tensors_of_a_gpu_come_back(torch7_bytes, name):
    dtype = "<f8" if "Double" in name else "<f4"
    data = torch7_bytes((name, np.arange(3).astype(dtype)))
    assert decode(data).tolist() == [0, 1, 2]


def test_empty_tensors_are_empty():
    assert decode(tensor(1, (), (), 1, integers(0))).shape == (0,)
    assert decode(tensor(1, (2, 0), (1, 1), 1, storage(2, [1]))).shape == (2, 0)
    assert decode(tensor(1, (0, 2), (2**62, 2**62), 1, storage(2, [1]))).shape == (0, 2)


def test_objects_are_names_and_fields_and_shared_ones_are_one(torch7_bytes):
    weight = np.ones(3, np.float32)
    module = TorchObject("nn.Linear", 2, {"weight": weight, "again": weight})
    decoded = decode(torch7_bytes({1.0: module, 2.0: module}))
    assert decoded[1.0] is decoded[2.0]
    assert isinstance(decoded[1.0], TorchObject)
    assert (decoded[1.0].name, decoded[1.0].version) == ("nn.Linear", 2)
    assert decoded[1.0].fields["weight"] is decoded[1.0].fields["again"]


def test_objects_from_before_versions_have_version_0():
    data = integers(4, 1) + text("nn.Old") + integers(3, 2, 0)
    assert decode(data) == TorchObject("nn.Old", 0, {})


@pytest.mark.parametrize("kind", [6, 7, 8])
def test_functions_are_nothing(kind):
    head = integers(kind) if kind == 6 else integers(kind, 9)
    function = head + text("\x1bLJ byte code") + integers(3, 10, 0)
    data = integers(3, 1, 1) + integers(2) + text("f") + function
    assert decode(data) == {"f": None}


def test_every_truncation_is_named(torch7_bytes):
    module = TorchObject(
        "nn.Linear", 1, {"weight": np.ones((2, 2), np.float32), "name": "x", "n": 3.0}
    )
    whole = torch7_bytes({1.0: module, "b": True})
    for length in range(len(whole)):
        with pytest.raises(InputError, match=r"^file\.t7: not readable as a binary Torch 7 file"):
            decode(whole[:length])


def test_damaged_bytes_never_raise_anything_else(torch7_bytes):
    whole = torch7_bytes(
        {1.0: TorchObject("nn.A", 1, {"w": np.ones((2, 2), np.float32)}), "b": True}
    )
    generator = np.random.default_rng(0)
    refused = 0
    for _ in range(2000):
        damaged = bytearray(whole)
        for place in generator.integers(0, len(whole), 3):
            damaged[place] = generator.integers(0, 256)
        try:
            decode(bytes(damaged))
        except InputError:
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 a zip archive", "unknown type"),
        (b"4\n1\n3\nV 1\n", "unknown type"),  # Torch's text form
        (b"", "ends"),
        (integers(3, 1, 1) + integers(2) + text("me") + integers(3, 1), "contains itself"),
        (integers(4, 1) + text("V 1") + text("nn.A") + integers(4, 1), "contains itself"),
        (integers(3, 1, 2**31 - 1), "a count of"),
        (integers(3, 1, -1), "a count of"),
        (integers(2, 2**31 - 1), "bytes wanted"),
        (integers(2, -1), "bytes wanted"),
        (integers(3, 1, 1) + integers(3, 2, 0) + integers(0), "neither text nor numbers"),
        (integers(4, 1) + text("V 1") + text("tds.Hash") + integers(2) + text(""), "'tds.Hash'"),
        (integers(4, 1) + text("torch.FloatStorage") + longs(2**62), "bytes wanted"),
        (tensor(1, (3,), (1,), 1, storage(2, [1, 2])), r"shape \(3,\) in a storage of 2"),
        (tensor(1, (2,), (2,), 1, storage(2, [1, 2])), r"shape \(2,\) in a storage of 2"),
        (tensor(1, (1,), (1,), 3, storage(2, [1, 2])), "in a storage of 2"),
        (tensor(1, (2**40, 2**40), (0, 0), 1, storage(2, [1, 2])), "in a storage of 2"),
        (tensor(1, (-1,), (1,), 1, storage(2, [1, 2])), "negative"),
        (tensor(1, (1,), (1,), 0, storage(2, [1, 2])), "negative"),
        (tensor(1, (1,), (1,), 1, integers(2) + text("x")), "without a storage"),
    ],
)
def test_other_files_and_impossible_sizes_are_refused(data, message):
    with pytest.raises(InputError, match=message):
        decode(data)


def test_depth_is_limited(torch7_bytes):
    table = {}
    for _ in range(200):
        table = {"in": table}
    with pytest.raises(InputError, match="more than 100 deep"):
        decode(torch7_bytes(table))
