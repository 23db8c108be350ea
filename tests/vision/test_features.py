"""Features of frames, computed once."""

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256
from avdistill.records.stored_features import feature_path, features_folder, open_features
from avdistill.results.backbone_description import BackboneDescription
from avdistill.vision.features import compute_features, read_frames

NAME = "Location_01/Subject_02/Action_001"
FRAMES = (3, 9)
DIGEST = "d" * 64  # of the backbone


class Means:
    """Stands in for a backbone: the mean of a frame, over and over."""

    def __init__(self, *, temporal):
        self.temporal = temporal
        self.shapes = []

    def predict_on_batch(self, inputs):
        self.shapes.append(inputs.shape)
        means = inputs.mean(axis=(-3, -2, -1))
        return np.repeat(means[..., None], 2048, axis=-1).astype(np.float32)


def compute(pictures, folder, backbone, frames=FRAMES, seconds=2):
    description = BackboneDescription(
        "any", "random", None, backbone.temporal, frames, seed=0, sha256=DIGEST
    )
    return compute_features(
        backbone, description, NAME, records=pictures / "records", seconds=seconds, folder=folder
    )


@pytest.mark.parametrize("temporal", [False, True])
def test_every_stored_frame_of_every_second_has_its_features(pictures, tmp_path, temporal):
    row = compute(pictures, tmp_path, Means(temporal=temporal))
    features = open_features(tmp_path / features_folder(DIGEST), NAME, len(FRAMES))
    assert features.shape == (2, 2, 2048)
    for second in range(2):
        for position, frame in enumerate(FRAMES):
            pixels = read_frames(pictures / "records", NAME, second, (frame,))
            assert features[second, position, 7] == pytest.approx(pixels.mean(), rel=1e-5)
    assert len(np.unique(features[..., 0])) == 4
    path = tmp_path / feature_path(NAME, DIGEST)
    assert row == (NAME, feature_path(NAME, DIGEST), path.stat().st_size, file_sha256(path))


def test_a_temporal_backbone_takes_a_seconds_frames_together(pictures, tmp_path):
    apart, together = Means(temporal=False), Means(temporal=True)
    for backbone in (apart, together):
        compute(pictures, tmp_path, backbone)
    assert apart.shapes == [(4, 224, 224, 3)]
    assert together.shapes == [(2, 2, 224, 224, 3)]


def test_parts_of_a_sequence_have_one_size_and_change_nothing(pictures, tmp_path, monkeypatch):
    from avdistill.vision import features

    whole, parts = Means(temporal=False), Means(temporal=False)
    compute(pictures, tmp_path / "whole", whole)
    monkeypatch.setattr(features, "_MOST_FRAMES", 3)
    compute(pictures, tmp_path / "parts", parts)
    assert parts.shapes == [(2, 224, 224, 3)] * 2
    one, other = (tmp_path / name / feature_path(NAME, DIGEST) for name in ("whole", "parts"))
    assert one.read_bytes() == other.read_bytes()


def test_seconds_that_are_not_there_are_named(pictures, tmp_path):
    with pytest.raises(InputError, match=r"Data_003\.tfrecord: no such record"):
        compute(pictures, tmp_path, Means(temporal=False), seconds=3)
    assert not (tmp_path / feature_path(NAME, DIGEST)).exists()


def test_features_that_are_not_numbers_are_refused(pictures, tmp_path):
    class Broken(Means):
        def predict_on_batch(self, inputs):
            return super().predict_on_batch(inputs) * np.nan

    with pytest.raises(InputError, match="not finite"):
        compute(pictures, tmp_path, Broken(temporal=False))
    assert not (tmp_path / feature_path(NAME, DIGEST)).exists()
