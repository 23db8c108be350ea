import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import loadmat, savemat

from avdistill.avia.matlab import decode_numbers, find_variable

LIMIT = 10**6


def saved(compressed: bool = False, **variables) -> bytes:
    stream = io.BytesIO()
    savemat(stream, variables, do_compression=compressed)
    return stream.getvalue()


def matrix(byte_order: str, stored: int, content: bytes, dimensions=(2, 3), number=6) -> bytes:
    """Build a file with one array X, as MATLAB would on a machine of that byte order."""
    pack = struct.pack
    padded = content + bytes(-len(content) % 8)
    body = (
        pack(byte_order + "IIII", 6, 8, number, 0)
        + pack(f"{byte_order}II{len(dimensions)}i", 5, 4 * len(dimensions), *dimensions)
        + bytes(-4 * len(dimensions) % 8)
        + pack(byte_order + "I4s", 1 << 16 | 1, b"X")
        + pack(byte_order + "II", stored, len(content))
        + padded
    )
    header = b"MATLAB 5.0 MAT-file".ljust(124) + pack(byte_order + "HH", 0x0100, 0x4D49)
    return header + pack(byte_order + "II", 14, len(body)) + body


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "uint8", "int64"])
@pytest.mark.parametrize("shape", [(36, 48, 12), (3, 5), (2, 3, 4, 5), (1, 1)])
def test_agrees_with_scipy(dtype, shape, compressed):
    values = np.random.default_rng(0).normal(scale=50, size=shape).astype(dtype)
    data = saved(compressed, before=np.arange(4.0), MFCC=values, after="text")
    variable = find_variable(data, "MFCC", max_bytes=LIMIT)
    assert variable.kind == {"float32": "single", "float64": "double"}.get(dtype, dtype)
    expected = loadmat(io.BytesIO(data))["MFCC"]
    np.testing.assert_array_equal(decode_numbers(variable), expected)


@pytest.mark.parametrize("byte_order", ["<", ">"])
@pytest.mark.parametrize(("stored", "code"), [(2, "B"), (3, "h"), (4, "H"), (9, "d")])
def test_doubles_that_matlab_stores_as_integers_are_doubles(byte_order, stored, code):
    content = struct.pack(f"{byte_order}6{code}", *range(6))
    variable = find_variable(matrix(byte_order, stored, content), "X", max_bytes=LIMIT)
    numbers = decode_numbers(variable)
    assert numbers.dtype == np.float64
    np.testing.assert_array_equal(numbers, [[0, 2, 4], [1, 3, 5]])  # columns first


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.array([[True]]), "logical"),
        (np.array([[1j]]), "complex numbers"),
        ("text", "text"),
        ({"a": 1}, "a structure"),
        (np.array([[1, "a"]], dtype=object), "a cell array"),
    ],
)
def test_other_kinds_are_named(value, kind):
    assert find_variable(saved(X=value), "X", max_bytes=LIMIT).kind == kind


def test_variable_that_is_not_there():
    assert find_variable(saved(Y=np.ones(3)), "X", max_bytes=LIMIT) is None


def test_bookkeeping_of_matlab_is_passed_over():
    whole = matrix("<", 9, bytes(48))
    opaque = matrix("<", 9, bytes(48), number=17)[128:]
    data = whole[:128] + opaque + whole[128:]
    assert find_variable(data, "X", max_bytes=LIMIT).kind == "double"


def test_announced_size_is_not_believed():
    data = matrix("<", 9, bytes(48), dimensions=(2**31 - 1, 2**31 - 1, 2**31 - 1))
    variable = find_variable(data, "X", max_bytes=LIMIT)
    assert variable.shape == (2**31 - 1,) * 3
    with pytest.raises(ValueError, match="48 bytes for"):
        decode_numbers(variable)


def test_compressed_bomb_is_not_unpacked():
    data = saved(True, X=np.zeros(10**6))
    variable = find_variable(data, "X", max_bytes=1000)
    assert variable.shape == (1, 10**6)  # so the shape can be complained of
    assert len(variable.content) < 1000
    with pytest.raises(ValueError, match="ends in the middle"):
        decode_numbers(variable)


def test_type_of_numbers_that_does_not_exist():
    data = matrix("<", 0x1109, bytes(48))  # crashes scipy 1.17
    with pytest.raises(ValueError, match="unknown type 4361"):
        decode_numbers(find_variable(data, "X", max_bytes=LIMIT))


@pytest.mark.parametrize("data", [b"", b"MATLAB", bytes(200), b"\xff" * 500])
def test_what_is_no_matlab_file(data):
    with pytest.raises(ValueError, match="no header of a MATLAB file"):
        find_variable(data, "X", max_bytes=LIMIT)


@pytest.mark.parametrize("compressed", [False, True])
def test_file_cut_anywhere_is_refused(compressed):
    data = saved(compressed, X=np.random.default_rng(0).normal(size=(4, 4)))
    for length in range(129, len(data)):
        with pytest.raises(ValueError, match=r"ends in the middle|incomplete|bytes for"):
            decode_numbers(find_variable(data[:length], "X", max_bytes=LIMIT))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    compressed=st.booleans(),
    changes=st.lists(st.tuples(st.integers(0, 299), st.integers(0, 255)), max_size=6),
)
def test_damage_raises_nothing_but_value_errors(compressed, changes):
    data = bytearray(saved(compressed, X=np.arange(16.0).reshape(4, 4)))
    for place, value in changes:
        data[place % len(data)] = value
    try:
        variable = find_variable(bytes(data), "X", max_bytes=LIMIT)
        numbers = None if variable is None else decode_numbers(variable)
    except ValueError:
        numbers = None
    assert numbers is None or numbers.size <= 64  # never more than the file can hold
