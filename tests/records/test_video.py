"""Frames as a vision network sees them, against the published code."""

from pathlib import Path

import numpy as np
import pytest

from avdistill.records.crops import Crop, CropReader
from avdistill.records.video import network_frames

MEAN = np.array((123.68, 116.78, 103.94), np.float32)


@pytest.mark.parametrize("shape", [(480, 640), (300, 260), (256, 256)])
def test_resizing_is_tensorflow_1s(shape: tuple[int, int]):
    import tensorflow as tf

    frames = np.random.default_rng(0).integers(0, 256, (2, *shape, 3)).astype(np.uint8)
    rows, columns = (round(size * 256 / min(shape)) for size in shape)
    resized = tf.compat.v1.image.resize_bilinear(frames, (rows, columns)).numpy()
    top, left = (rows - 224) // 2, (columns - 224) // 2
    expected = resized[:, top : top + 224, left : left + 224] - MEAN
    ours = network_frames(frames)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, expected, atol=1e-3)


def test_published_loader_but_for_the_order_of_channels(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture
):
    published = shared / "published_code" / "records"
    name = "Location_01/Subject_01/Action_001"
    (tmp_path / name).mkdir(parents=True)
    (tmp_path / name / "Data_001.tfrecord").symlink_to(published / "Data_001.tfrecord")
    with np.load(published / "loader.npz", allow_pickle=False) as loader:
        theirs = loader["video_1s_first_two_frames"]
        acoustic = loader["acoustic_1s"]
    reader = CropReader(tmp_path, modality="video", length=1, frames=(0, 1))
    # Theirs are BGR, from which they subtract the RGB means all the same.
    ours = (reader.read(Crop(name, 0)) + MEAN)[..., ::-1] - MEAN
    difference = np.abs(ours - theirs).max()
    images = CropReader(tmp_path, modality="acoustic", length=1).read(Crop(name, 0))
    with capsys.disabled():
        print(f"\nvideo, channels reversed: largest difference {difference:.1e} of 255")
        print(f"acoustic images: equal {np.array_equal(images, acoustic)}")
    assert difference <= 1e-4
    np.testing.assert_array_equal(images, acoustic)
