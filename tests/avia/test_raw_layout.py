import io
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.io import savemat

from avdistill.avia.raw_layout import (
    MODALITIES,
    find_sequence,
    frame_number,
    load_frame,
    parse_acoustic,
    parse_audio,
    parse_video,
)
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError

FIRST = SequenceId(1, 1, 1)


def test_finds_the_files_of_each_modality_in_the_order_of_their_numbers(tmp_path, put_sequence):
    put_sequence(tmp_path, frames=11)
    found = find_sequence(RawTrees.below(tmp_path), FIRST)
    for modality in (found["acoustic"], found["audio"], found["video"]):
        assert [frame_number(path) for path in modality] == list(range(1, 12))
    assert found["acoustic"][-1].name == "Data_11.mat"  # after Data_9.mat, not after Data_1.mat


def test_raw_action_folders_count_from_zero(tmp_path, put_sequence):
    put_sequence(tmp_path, "Location_02/Subject_03/Action_005")
    assert (tmp_path / "matfiles/Location_2/Subject_3/Action_4").is_dir()
    assert len(find_sequence(RawTrees.below(tmp_path), SequenceId(2, 3, 5))["video"]) == 3
    assert find_sequence(RawTrees.below(tmp_path), SequenceId(2, 3, 4))["video"] == []


def test_zero_padding_of_folders_and_files_is_not_significant(tmp_path, put_sequence):
    put_sequence(tmp_path, frames=2)
    (tmp_path / "matfiles/Location_1").rename(tmp_path / "matfiles/Location_01")
    (tmp_path / "sync/Location_1/Subject_1").rename(tmp_path / "sync/Location_1/Subject_001")
    action = tmp_path / "sync/Location_1/Subject_001/Action_0"
    (action / "audio/A_000002.npy").rename(action / "audio/A_2.npy")
    action.rename(action.with_name("Action_000"))
    found = find_sequence(RawTrees.below(tmp_path), FIRST)
    assert [len(files) for files in found.values()] == [2, 2, 2]


def test_number_is_compared_whole(tmp_path, put_sequence):
    put_sequence(tmp_path, "Location_01/Subject_01/Action_011")
    assert find_sequence(RawTrees.below(tmp_path), SequenceId(1, 1, 1))["audio"] == []
    assert len(find_sequence(RawTrees.below(tmp_path), SequenceId(1, 1, 11))["audio"]) == 3


def test_missing_modality_is_an_empty_list(tmp_path, put_sequence):
    matfiles, _ = put_sequence(tmp_path)
    for file in (matfiles / "MFCC_Image").iterdir():
        file.unlink()
    found = find_sequence(RawTrees.below(tmp_path), FIRST)
    assert found["acoustic"] == []
    assert len(found["audio"]) == 3


def test_other_files_are_passed_over(tmp_path, put_sequence):
    _, sync = put_sequence(tmp_path)
    (sync / "video/Thumbs.db").touch()
    (sync / "video/._I_000001.jpeg").touch()
    assert len(find_sequence(RawTrees.below(tmp_path), FIRST)["video"]) == 3


def test_the_same_folder_twice_is_refused(tmp_path, put_sequence):
    put_sequence(tmp_path)
    (tmp_path / "sync/Location_1/Subject_01").mkdir()
    with pytest.raises(InputError, match=r"Subject_01 and Subject_1 are the same folder twice"):
        find_sequence(RawTrees.below(tmp_path), FIRST)


def test_frame_number_of_another_file_is_refused():
    with pytest.raises(InputError, match="not the name of a raw file"):
        frame_number(Path("notes.txt"))


def test_acoustic_image_is_read_as_stored(tmp_path, make_mat):
    image = np.random.default_rng(3).normal(size=(36, 48, 12))
    (tmp_path / "Data_1.mat").write_bytes(make_mat(image))
    loaded = load_frame("acoustic", tmp_path / "Data_1.mat")
    assert loaded.dtype == np.float32
    assert loaded.flags.c_contiguous
    np.testing.assert_array_equal(loaded, image.astype(np.float32))


@pytest.mark.parametrize("shape", [(35, 48, 12), (36, 40, 12), (36, 48, 11), (2, 3, 4)])
def test_smaller_acoustic_image_is_padded_at_the_front_of_each_axis(make_mat, shape):
    image = np.ones(shape, np.float32)
    loaded = parse_acoustic(make_mat(image), "Data_1.mat")
    assert loaded.shape == (36, 48, 12)
    assert loaded.sum() == image.sum()
    np.testing.assert_array_equal(loaded[-shape[0] :, -shape[1] :, -shape[2] :], image)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((37, 48, 12)), "MFCC is 37 x 48 x 12, not 36 x 48 x 12"),
        (np.zeros((36, 48)), "MFCC is 36 x 48, not"),
        (np.zeros((36, 48, 12, 2)), "MFCC is 36 x 48 x 12 x 2, not"),
        (np.zeros((36, 0, 12)), "MFCC is 36 x 0 x 12, not"),
        (np.zeros((36, 48, 12), np.int16), "holds int16, not floats"),
        (np.zeros((36, 48, 12), complex), "holds complex numbers, not floats"),
        (np.full((36, 48, 12), np.nan), "not finite"),
        (np.full((36, 48, 12), np.inf), "not finite"),
        (np.full((36, 48, 12), 1e300), "not finite"),
    ],
)
def test_other_acoustic_images_are_refused(tmp_path, make_mat, image, message):
    (tmp_path / "Data_1.mat").write_bytes(make_mat(image))
    with pytest.raises(InputError, match=rf"Data_1\.mat: .*{message}.*; get it again"):
        load_frame("acoustic", tmp_path / "Data_1.mat")


def test_acoustic_image_under_another_name_is_refused(make_mat):
    with pytest.raises(InputError, match="holds no variable MFCC"):
        parse_acoustic(make_mat(np.zeros((36, 48, 12)), "MFC"), "Data_1.mat")


def test_matlab_7_3_file_names_the_mend():
    header = b"MATLAB 7.3 MAT-file".ljust(124) + struct.pack("<HH", 0x0200, 0x4D49)
    with pytest.raises(InputError, match=r"MATLAB 7\.3 file; save it with the option -v7"):
        parse_acoustic(header + bytes(512), "Data_1.mat")


def test_audio_is_read_as_stored(tmp_path, make_npy):
    samples = np.random.default_rng(4).integers(-(2**31), 2**31, (128, 1024), np.int32)
    (tmp_path / "A_000001.npy").write_bytes(make_npy(samples))
    np.testing.assert_array_equal(load_frame("audio", tmp_path / "A_000001.npy"), samples)
    one = parse_audio(make_npy(samples), "A_000001.npy", microphones=[0])
    assert one.shape == (1, 1024)
    assert one.dtype == np.int32
    np.testing.assert_array_equal(one, samples[:1])
    some = parse_audio(make_npy(samples), "A_000001.npy", microphones=[1, 78, 80])
    np.testing.assert_array_equal(some, samples[[1, 78, 80]])


def test_audio_written_by_python_2_is_read():
    header = b"{'descr': '<i4', 'fortran_order': False, 'shape': (1L, 1024L), }"
    header = header.ljust(128 - 10 - 1) + b"\n"
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    samples = np.arange(1024, dtype="<i4").reshape(1, 1024)
    np.testing.assert_array_equal(parse_audio(data + samples.tobytes(), "A_1.npy"), samples)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<i4", ">i4"])
def test_audio_of_any_memory_order_is_native(make_npy, dtype, order):
    samples = np.arange(3 * 1024).reshape(3, 1024)
    loaded = parse_audio(make_npy(np.asarray(samples, dtype, order=order)), "A_1.npy")
    assert loaded.dtype == np.dtype("=i4")
    np.testing.assert_array_equal(loaded, samples)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros((1, 1024), np.int16), "holds int16, not int32"),
        (np.zeros((1, 1024), np.float32), "holds float32, not int32"),
        (np.zeros((1, 1024), np.uint32), "holds uint32, not int32"),
        (np.zeros(1024, np.int32), "is 1024, not microphones x 1024"),
        (np.zeros((1024, 1), np.int32), "is 1024 x 1, not microphones x 1024"),
        (np.zeros((0, 1024), np.int32), "is 0 x 1024, not microphones x 1024"),
        (np.zeros((), np.int32), "is a single number, not microphones x 1024"),
    ],
)
def test_other_audio_is_refused(tmp_path, make_npy, samples, message):
    (tmp_path / "A_1.npy").write_bytes(make_npy(samples))
    with pytest.raises(InputError, match=rf"A_1\.npy: {message}; get it again"):
        load_frame("audio", tmp_path / "A_1.npy")


def test_pickled_audio_is_refused_without_being_run(tmp_path, make_npy):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    data = make_npy(np.array([Trap()], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="not a readable NumPy file"):
        parse_audio(data, "A_1.npy")
    assert not (tmp_path / "sprung").exists()


def test_bare_pickle_and_npz_are_refused(tmp_path):
    with pytest.raises(InputError, match="not a readable NumPy file"):
        parse_audio(pickle.dumps([1]), "A_1.npy")
    np.savez(tmp_path / "a.npz", np.zeros((1, 1024), np.int32))
    with pytest.raises(InputError, match="an archive of arrays"):
        parse_audio((tmp_path / "a.npz").read_bytes(), "A_1.npy")


def test_fewer_microphones_than_asked_for_are_refused(make_npy):
    with pytest.raises(InputError, match=r"has 2 microphones, number 2 \(from 0\) is asked for"):
        parse_audio(make_npy(np.zeros((2, 1024), np.int32)), "A_1.npy", range(3))


def test_frame_bytes_are_untouched(tmp_path, make_jpeg):
    (tmp_path / "I_000001.jpeg").write_bytes(make_jpeg())
    assert load_frame("video", tmp_path / "I_000001.jpeg") == make_jpeg()


def test_other_frames_are_refused(make_jpeg):
    parse_video(make_jpeg(), "I_1.jpeg")
    with pytest.raises(InputError, match=r"I_1\.jpeg: is 480x640 RGB, not 640x480 RGB"):
        parse_video(make_jpeg((480, 640)), "I_1.jpeg")
    with pytest.raises(InputError, match="is 640x480 L, not 640x480 RGB"):
        parse_video(make_jpeg(mode="L"), "I_1.jpeg")
    with pytest.raises(InputError, match="is 640x480 CMYK, not 640x480 RGB"):
        parse_video(make_jpeg(mode="CMYK"), "I_1.jpeg")


def test_picture_of_another_format_is_refused():
    stream = io.BytesIO()
    Image.new("RGB", (640, 480)).save(stream, "PNG")
    with pytest.raises(InputError, match="not a whole JPEG") as caught:
        parse_video(stream.getvalue(), "I_1.jpeg")
    assert "0x" not in str(caught.value)  # the same message in every run


@pytest.mark.parametrize("modality", MODALITIES)
def test_missing_and_empty_files_are_named(tmp_path, modality):
    with pytest.raises(InputError, match="absent: cannot be read"):
        load_frame(modality, tmp_path / "absent")
    (tmp_path / "empty").touch()
    with pytest.raises(InputError, match="empty: is empty"):
        load_frame(modality, tmp_path / "empty")


@settings(deadline=None, derandomize=True, max_examples=150)
@given(data=st.data())
def test_damaged_files_never_raise_anything_else(data, whole_files):
    name, parse, whole = data.draw(st.sampled_from(whole_files), label="kind")
    broken = bytearray(whole[: data.draw(st.integers(1, len(whole)), label="length")])
    # Headers are where damage is interesting.
    for _ in range(data.draw(st.integers(0, 3), label="changed bytes")):
        place = data.draw(st.integers(0, min(len(broken), 400) - 1))
        broken[place] = data.draw(st.integers(0, 255))
    message = f"{name}: is whole"
    try:
        parse(bytes(broken), name)
    except InputError as error:
        message = str(error)
    assert message.startswith(f"{name}: ")
    assert "\n" not in message


@pytest.fixture(scope="module")
def whole_files():
    mat, packed, npy, jpeg = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    image = {"MFCC": np.ones((36, 48, 12), np.float32)}
    savemat(mat, image)
    savemat(packed, image, do_compression=True)
    np.save(npy, np.ones((1, 1024), np.int32))
    Image.new("RGB", (640, 480)).save(jpeg, "JPEG")
    return [
        ("Data_1.mat", parse_acoustic, mat.getvalue()),
        ("Data_2.mat", parse_acoustic, packed.getvalue()),
        ("A_1.npy", parse_audio, npy.getvalue()),
        ("I_1.jpeg", parse_video, jpeg.getvalue()),
    ]
