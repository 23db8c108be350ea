"""Teachers that take video: trained on stored features, by the same commands as the others."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from tiny_jobs import command, data_of

from avdistill.examples.predicting import predict_crops
from avdistill.examples.scope_data import open_scope_data
from avdistill.files.manifest import file_sha256
from avdistill.records.crops import evaluation_crops
from avdistill.records.stored_features import feature_path, features_folder, open_features
from avdistill.results.backbone_description import DESCRIPTION_FILE, BackboneDescription
from avdistill.results.model_folder import open_model_directory
from avdistill.results.predictions import logits_of, read_predictions
from avdistill.runs.inputs import JobInputs

DIGEST = "b" * 64  # of the backbone in `seen`

FRAMES = {
    "resnet50": [1, 3, 5, 7, 9, 11],
    "temporal_resnet50": [1, 3, 5, 7, 11],
    "avnet": [1, 3, 5, 7, 9, 11],
}
FRAME_WISE = ("resnet50", "avnet")


def train(tiny, features, output, network, *more, **settings):
    epochs = 1 if network == "avnet" else 8
    fixed = {"network": network, "scope": "all", "learning_rate": 1e-3}
    fixed["fitting"] = {"epochs": epochs, "batch_size": 5}
    files = data_of(tiny) | {"features": features / "manifest.csv", "output": output}
    return command("train-teacher", fixed | settings, files, *more)


def export(tiny, teacher, features, output, **files):
    options = data_of(tiny) | {"teacher": teacher, "output": output}
    if features is not None:
        options["features"] = features / "manifest.csv"
    return command("export-soft-labels", None, options | files)


@pytest.fixture(scope="module")
def trained(tiny, seen, tmp_path_factory):
    """Folder with a folder of each teacher."""
    root = tmp_path_factory.mktemp("trained")
    for network in FRAMES:
        assert train(tiny, seen, root / network, network) == 0
    return root


@pytest.mark.parametrize("network", FRAMES)
def test_it_leaves_what_every_teacher_leaves(trained, tiny, network):
    predictions = read_predictions(trained / network / "predictions.parquet")
    assert len(predictions) == 15
    metrics = json.loads((trained / network / "metrics.json").read_text())
    assert metrics["initial_weights"] == "random backbone"
    assert ("accuracy_frame" in metrics["test"]) == (network in FRAME_WISE)
    if network != "avnet":  # of which one epoch is too few
        assert metrics["test"]["accuracy_crop"] == 1
    model, _, description = open_model_directory(trained / network)
    assert description["frames"] == FRAMES[network]
    assert description["initial_weights"] == "random backbone"
    assert description["backbone"] == DIGEST
    assert description["split"] == file_sha256(tiny / "all.csv")
    if network in FRAME_WISE:
        assert (predictions["frames"] == 6).all()
        assert model.output_shape[-2:] == ((6, 3) if network == "avnet" else (None, 3))
    assert (trained / network / "model.keras").stat().st_size < 50e6  # no backbone in it


@pytest.mark.parametrize("network", ["resnet50", "temporal_resnet50"])
def test_a_second_is_judged_by_the_frames_that_the_network_takes(trained, seen, network):
    model, _, _ = open_model_directory(trained / network)
    predictions = read_predictions(trained / network / "predictions.parquet")
    row = predictions.iloc[7]
    stored = open_features(seen / features_folder(DIGEST), row["sequence"], 6)[row["start"]]
    kernel, bias = model.get_weights()
    positions = [(1, 3, 5, 7, 9, 11).index(frame) for frame in FRAMES[network]]
    expected = (stored[positions] @ kernel + bias).mean(axis=0)
    np.testing.assert_allclose(logits_of(predictions)[7], expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("network", FRAMES)
def test_its_soft_labels_are_its_logits(trained, tiny, seen, tmp_path, network):
    assert export(tiny, trained / network, seen, tmp_path / "soft.parquet") == 0
    soft = pd.read_parquet(tmp_path / "soft.parquet")
    assert len(soft) == 9 * 5
    test = soft[soft["split"] == "test"].sort_values(["sequence", "second"])
    predictions = read_predictions(trained / network / "predictions.parquet")
    np.testing.assert_allclose(logits_of(test), logits_of(predictions), atol=1e-4)


def test_it_predicts_any_crops_of_data_with_features(trained, tiny, seen):
    model, spec, _ = open_model_directory(trained / "avnet")
    inputs = JobInputs(**data_of(tiny), features=seen / "manifest.csv")
    data = open_scope_data(spec, "all", inputs)
    crops = evaluation_crops(data.sequences("validation"), 5, 1)
    predictions = predict_crops(model, data, crops)
    assert len(predictions) == len(crops)
    assert (predictions["frames"] == 6).all()


@pytest.mark.parametrize("case", ["resnet50 none", "avnet none", "avnet disk"])
def test_the_same_run_gives_the_same_bytes_wherever_images_are_kept(
    trained, tiny, seen, tmp_path, case
):
    network, cache = case.split()
    assert train(tiny, seen, tmp_path / "again", network, "--cache", cache) == 0
    for name in ("model.keras", "predictions.parquet", "metrics.json", "history.csv", "run.json"):
        first, again = (folder / name for folder in (trained / network, tmp_path / "again"))
        assert first.read_bytes() == again.read_bytes(), name


def recalibrated(seen, folder, **changes):
    """Copy a backbone's folder; its description, and the digest if it is named, are changed."""
    shutil.copytree(seen, folder)
    values = {"name": "resnet50", "weights": "random", "recalibrated_on": None, "temporal": False}
    values |= {"frames": (1, 3, 5, 7, 9, 11), "seed": 0, "sha256": DIGEST}
    description = BackboneDescription(**values | changes)
    description.write(folder)
    (folder / features_folder(DIGEST)).rename(folder / features_folder(description.sha256))
    listed = (folder / "manifest.csv").read_text()
    (folder / "manifest.csv").write_text(listed.replace(DIGEST[:16], description.sha256[:16]))
    return folder


@pytest.mark.parametrize(
    "case",
    [
        ({"recalibrated_on": "scenario1"}, "recalibrated on scenario1, not on all"),
        ({"trained_on": "scenario1"}, "trained on scenario1, not on all"),
        ({"name": "temporal_resnet50", "temporal": True}, "temporal_resnet50's, not resnet50's"),
    ],
)
def test_a_backbone_that_does_not_fit_is_refused(tiny, seen, tmp_path, capsys, case):
    changes, message = case
    features = recalibrated(seen, tmp_path / "other", **changes)
    assert train(tiny, features, tmp_path / "out", "resnet50") == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_results_say_where_a_backbone_was_recalibrated(tiny, seen, tmp_path):
    features = recalibrated(
        seen,
        tmp_path / "other",
        name="temporal_resnet50",
        temporal=True,
        recalibrated_on="all",
        weights="ImageNet (Keras)",
    )
    fitting = {"epochs": 1, "batch_size": 5}
    assert train(tiny, features, tmp_path / "out", "temporal_resnet50", fitting=fitting) == 0
    metrics = json.loads((tmp_path / "out/metrics.json").read_text())
    assert metrics["initial_weights"] == "ImageNet (Keras) backbone, temporal, recalibrated on all"


def test_a_trained_teacher_asks_for_its_own_backbone(trained, tiny, seen, tmp_path, capsys):
    for number, changes in enumerate(({"sha256": "c" * 64}, {"frames": (0, 2, 4, 6, 8, 10)})):
        other = recalibrated(seen, tmp_path / str(number), **changes)
        assert export(tiny, trained / "resnet50", other, tmp_path / "soft") == 1
        message = capsys.readouterr().err
        assert "was trained on frames [1, 3, 5, 7, 9, 11] and a random backbone (bbbb" in message


def test_features_of_a_backbone_that_was_there_before_are_not_taken(tiny, seen, tmp_path, capsys):
    folder = recalibrated(seen, tmp_path / "other")
    BackboneDescription(
        "resnet50", "random", "noise", False, (1, 3, 5, 7, 9, 11), 1, sha256="d" * 64
    ).write(folder)
    assert train(tiny, folder, tmp_path / "out", "resnet50") == 1
    assert "lacks features/dddd" in capsys.readouterr().err


def test_soft_labels_need_the_split_that_the_teacher_was_trained_with(
    trained, tiny, seen, tmp_path, capsys
):
    split = tmp_path / "all.csv"
    split.write_text((tiny / "all.csv").read_text().replace("\r", "") + "\n")
    assert export(tiny, trained / "resnet50", seen, tmp_path / "soft", split=split) == 1
    assert f"{split}: not the split of scope all that {trained}/resnet50" in capsys.readouterr().err


def test_features_are_asked_for_and_refused_where_they_do_not_belong(
    tiny, seen, trained, tmp_path, capsys
):
    settings = {"scope": "all", "learning_rate": 1e-3, "fitting": {"epochs": 1}}
    files = data_of(tiny) | {"output": tmp_path / "out"}
    assert command("train-teacher", settings | {"network": "resnet50"}, files) == 1
    assert "resnet50 takes vision input; give --features" in capsys.readouterr().err
    files["features"] = seen / "manifest.csv"
    assert command("train-teacher", settings | {"network": "dualcamnet"}, files) == 1
    assert "dualcamnet takes acoustic input; leave out --features" in capsys.readouterr().err
    assert export(tiny, trained / "avnet", None, tmp_path / "out") == 1
    assert "avnet takes audiovisual input; give --features" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_features_that_the_manifest_lacks_are_named(tiny, seen, tmp_path, capsys):
    features = recalibrated(seen, tmp_path / "other")
    lines = (features / "manifest.csv").read_text().splitlines()
    (features / "manifest.csv").write_text("\n".join(lines[:-1]) + "\n")
    assert train(tiny, features, tmp_path / "out", "resnet50") == 1
    assert feature_path("Location_01/Subject_03/Action_003", DIGEST) in capsys.readouterr().err
    (features / DESCRIPTION_FILE).unlink()
    assert train(tiny, features, tmp_path / "out", "resnet50") == 1
    assert "backbone.json: no such file" in capsys.readouterr().err
