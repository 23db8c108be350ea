"""What a record holds, as TensorFlow and the published code see it."""

from pathlib import Path

import numpy as np
import pytest

from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError
from avdistill.records import schema
from avdistill.records.tfrecord import compress_record, read_record

SEQUENCE = SequenceId(3, 7, 14)


def random_second(frames: list[bytes], microphones: int = 2) -> dict:
    generator = np.random.default_rng(0)
    return {
        "acoustic": generator.normal(size=(12, 36, 48, 12)).astype(np.float32),
        "audio": generator.integers(-(2**31), 2**31, (12, microphones, 1024)).astype(np.int32),
        "video": frames,
    }


def write(path: Path, **contents) -> Path:
    path.write_bytes(compress_record(schema.encode_second(SEQUENCE, **contents)))
    return path


def test_keys_and_types(frames: list[bytes]):
    import tensorflow as tf

    contents = random_second(frames)
    example = tf.train.SequenceExample.FromString(schema.encode_second(SEQUENCE, **contents))
    integers = {
        key: feature.int64_list.value[:]
        for key, feature in example.context.feature.items()
        if feature.WhichOneof("kind") == "int64_list"
    }
    assert integers == {
        "action": [13],
        "location": [2],
        "subject": [6],
        "audio_image/height": [36],
        "audio_image/width": [48],
        "audio_image/depth": [12],
        "audio_data/mics": [2],
        "audio_data/samples": [1024],
        "video/height": [480],
        "video/width": [640],
        "video/depth": [3],
    }
    strings = set(example.context.feature) - set(integers)
    assert strings == {"video/encoding"}
    assert example.context.feature["video/encoding"].bytes_list.value[:] == [b"jpeg"]
    lists = {
        key: [value for feature in features.feature for value in feature.bytes_list.value]
        for key, features in example.feature_lists.feature_list.items()
    }
    assert lists == {
        "audio/image": [image.astype("<f4").tobytes() for image in contents["acoustic"]],
        "audio/data": [samples.astype("<i4").tobytes() for samples in contents["audio"]],
        "video/image": frames,
    }


def test_tensorflow_parses_only_what_it_asks_for(frames: list[bytes]):
    import tensorflow as tf

    contents = random_second(frames)
    _, lists = tf.io.parse_single_sequence_example(
        schema.encode_second(SEQUENCE, **contents),
        sequence_features={"audio/image": tf.io.FixedLenSequenceFeature([], tf.string)},
    )
    images = tf.reshape(tf.io.decode_raw(lists["audio/image"], tf.float32), (12, 36, 48, 12))
    np.testing.assert_array_equal(images, contents["acoustic"])


@pytest.mark.parametrize(
    "modalities",
    [
        (),
        ("acoustic",),
        ("audio",),
        ("video",),
        ("acoustic", "audio"),
        ("acoustic", "video"),
        ("audio", "video"),
        ("acoustic", "audio", "video"),
    ],
)
def test_any_subset_is_written_and_read(
    tmp_path: Path, frames: list[bytes], modalities: tuple[str, ...]
):
    contents = random_second(frames)
    path = write(tmp_path / "Data_001.tfrecord", **{key: contents[key] for key in modalities})
    readers = {
        "acoustic": (schema.read_acoustic, contents["acoustic"]),
        "audio": (
            lambda path: schema.read_audio(path, microphone=1),
            contents["audio"][:, 1].ravel(),
        ),
    }
    for modality, (read, expected) in readers.items():
        if modality in modalities:
            np.testing.assert_array_equal(read(path), expected)
            assert read(path).dtype == expected.dtype
        else:
            with pytest.raises(InputError, match=rf"{path}: holds no {modality}, only "):
                read(path)
    if "video" in modalities:
        assert schema.read_video(path).shape == (12, 480, 640, 3)
    else:
        with pytest.raises(InputError, match=rf"{path}: holds no video, only "):
            schema.read_video(path)


def test_same_input_same_bytes(frames: list[bytes]):
    contents = random_second(frames)
    reordered = {key: contents[key] for key in reversed(contents)}
    assert schema.encode_second(SEQUENCE, **contents) == schema.encode_second(SEQUENCE, **reordered)


def test_frames_decode_as_tensorflow_decodes_them(tmp_path: Path, frames: list[bytes]):
    import tensorflow as tf

    path = write(tmp_path / "Data_001.tfrecord", video=frames)
    expected = [tf.io.decode_jpeg(frame, dct_method="INTEGER_ACCURATE").numpy() for frame in frames]
    np.testing.assert_array_equal(schema.read_video(path, frames=[11, 0]), [
        expected[11], expected[0]
    ])  # fmt: skip


def test_only_the_frames_and_modalities_asked_for_are_decoded(tmp_path: Path, frames: list[bytes]):
    contents = random_second(frames)
    contents["video"] = [*frames[:11], b"not an image"]
    path = write(tmp_path / "Data_001.tfrecord", **contents)
    np.testing.assert_array_equal(schema.read_acoustic(path), contents["acoustic"])
    assert schema.read_video(path, frames=[0, 5]).shape == (2, 480, 640, 3)
    with pytest.raises(InputError, match=f"{path}: holds a damaged frame"):
        schema.read_video(path)


@pytest.mark.parametrize("other", [(1, 7, 14), (3, 1, 14), (3, 7, 1)])
def test_a_record_of_another_sequence(tmp_path: Path, frames: list[bytes], other: tuple[int, ...]):
    path = write(tmp_path / "Data_001.tfrecord", **random_second(frames))
    for read in (schema.read_acoustic, schema.read_audio, schema.read_video):
        assert len(read(path, sequence=SEQUENCE)) == len(read(path))
        with pytest.raises(InputError, match=rf"{path}: holds a second of {SEQUENCE.name}, not of"):
            read(path, sequence=SequenceId(*other))


def test_published_record(shared: Path):
    path = shared / "published_code" / "records" / "Data_001.tfrecord"
    assert schema.read_acoustic(path, sequence=SequenceId(1, 1, 1)).shape == (12, 36, 48, 12)
    assert schema.read_audio(path).shape == (12 * 1024,)
    assert schema.read_video(path).shape == (12, 480, 640, 3)


def test_published_record_without_video_or_images(shared: Path):
    path = shared / "published_code" / "records" / "audio_003.tfrecord"
    assert np.abs(schema.read_audio(path)).max() > 0
    with pytest.raises(InputError, match=r"audio_003.tfrecord: holds no acoustic, only audio"):
        schema.read_acoustic(path)


def test_a_microphone_that_is_not_there(tmp_path: Path, frames: list[bytes]):
    path = write(tmp_path / "Data_001.tfrecord", **random_second(frames, microphones=2))
    with pytest.raises(InputError, match=r"holds 2 microphones, number 2 \(from 0\)"):
        schema.read_audio(path, microphone=2)


@pytest.mark.parametrize("cut", [11, 13])
def test_a_second_of_another_number_of_frames(tmp_path: Path, frames: list[bytes], cut: int):
    path = write(tmp_path / "Data_001.tfrecord", video=(frames * 2)[:cut])
    with pytest.raises(InputError, match=f"holds {cut} frames of video, not 12"):
        schema.read_video(path)


def test_arrays_of_another_size(tmp_path: Path):
    path = write(tmp_path / "Data_001.tfrecord", acoustic=np.zeros((12, 36, 48, 11)))
    with pytest.raises(InputError, match="a step is not 36 x 48 x 12 of float32"):
        schema.read_acoustic(path)


def test_payload_that_is_no_example(tmp_path: Path):
    path = tmp_path / "Data_001.tfrecord"
    path.write_bytes(compress_record(b"\xff" * 30))
    with pytest.raises(InputError, match=f"{path}: holds no SequenceExample"):
        schema.read_acoustic(path)


def test_unknown_encoding(tmp_path: Path, frames: list[bytes]):
    payload = schema.encode_second(SEQUENCE, video=frames).replace(b"\x04jpeg", b"\x04webp")
    path = tmp_path / "Data_001.tfrecord"
    path.write_bytes(compress_record(payload))
    assert read_record(path) == payload
    with pytest.raises(InputError, match="frames are neither JPEG nor raw"):
        schema.read_video(path)
