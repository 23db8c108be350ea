"""One gzip-compressed record, exchanged with TensorFlow."""

import zlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from avdistill.errors import InputError
from avdistill.records.tfrecord import compress_record, read_record

PAYLOAD = bytes(range(256)) * 40


@pytest.mark.parametrize("payload", [b"four", PAYLOAD, PAYLOAD * 20])
def test_tensorflow_reads_what_is_written(tmp_path: Path, payload: bytes):
    import tensorflow as tf

    path = tmp_path / "ours.tfrecord"
    path.write_bytes(compress_record(payload))
    records = list(tf.data.TFRecordDataset(str(path), "GZIP").as_numpy_iterator())
    assert records == [payload]


def test_what_tensorflow_writes_is_read(tmp_path: Path):
    import tensorflow as tf

    path = tmp_path / "theirs.tfrecord"
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        writer.write(PAYLOAD)
    assert read_record(path) == PAYLOAD
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        writer.write(PAYLOAD)
        writer.write(PAYLOAD)
    with pytest.raises(InputError, match="not a TFRecord of one record"):
        read_record(path)


def test_bytes_carry_no_date():
    assert compress_record(PAYLOAD)[4:8] == bytes(4)  # gzip's modification time
    assert compress_record(PAYLOAD) == compress_record(PAYLOAD)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.integers(0, len(compress_record(PAYLOAD)) - 1))
@example(0)
def test_a_truncated_record_is_refused(tmp_path_factory: pytest.TempPathFactory, length: int):
    path = tmp_path_factory.mktemp("truncated") / "Data_001.tfrecord"
    path.write_bytes(compress_record(PAYLOAD)[:length])
    with pytest.raises(InputError, match=rf"{path}: truncated record; delete it"):
        read_record(path)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.integers(0, len(compress_record(PAYLOAD)) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, position: int, flip: int
):
    data = bytearray(compress_record(PAYLOAD))
    data[position] ^= flip
    path = tmp_path_factory.mktemp("flipped") / "Data_001.tfrecord"
    path.write_bytes(data)
    try:
        payload = read_record(path)
    except InputError as error:
        assert str(path) in str(error)  # noqa: PT017, not raising is right as well
    else:
        assert payload == PAYLOAD  # harmless: gzip's date, bits after the last code


@pytest.mark.parametrize("position", [0, 3, 12, 200, -9 - 2, -5, -1])
def test_a_flipped_byte_is_refused(tmp_path: Path, position: int):
    data = bytearray(compress_record(PAYLOAD))
    data[position] ^= 0x55
    path = tmp_path / "Data_001.tfrecord"
    path.write_bytes(data)
    with pytest.raises(InputError, match=str(path)):
        read_record(path)


@pytest.mark.parametrize("content", [b"text", zlib.compress(b"text", wbits=31), b"\x1f\x8b"])
def test_other_files_are_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "Data_001.tfrecord"
    path.write_bytes(content)
    with pytest.raises(InputError, match=str(path)):
        read_record(path)


def test_a_missing_record_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"Data_007.tfrecord: no such record"):
        read_record(tmp_path / "Data_007.tfrecord")
