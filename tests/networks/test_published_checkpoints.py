"""Golden: the released code's logits and losses, from its own checkpoints."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.networks.published_checkpoints import import_checkpoint, read_variables
from avdistill.networks.registry import NETWORKS

CASES = {"dualcamnet": "DualCamHybridNet", "hearnet": "HearNet"}


def prefix(shared, name):
    return shared / "published_code" / "checkpoints" / CASES[name] / "model.ckpt"


@pytest.fixture(scope="module")
def case(shared):
    def load(name):
        with np.load(shared / "published_code" / f"{CASES[name]}.npz") as recorded:
            arrays = dict(recorded)
        if name == "dualcamnet":  # 24 frames, of two seconds
            arrays["input"] = arrays["input"].reshape(2, 12, 36, 48, 12)
            arrays["logits"] = arrays["logits"].reshape(2, 12, 14)
            arrays["labels"] = arrays["labels"].reshape(2, 12, 14)[:, 0]
        else:
            arrays["input"] = arrays["input"][:, :, 0]
        return arrays

    return load


def npz_of(shared, name, folder, **changes):
    variables = read_variables(prefix(shared, name)) | changes
    path = folder / "variables.npz"
    np.savez(path, **{key: value for key, value in variables.items() if value is not None})
    return path


@pytest.mark.parametrize("name", CASES)
def test_logits_and_losses_are_the_released_codes(shared, case, name):
    from avdistill.training.losses import target_crossentropy, training_targets

    recorded = case(name)
    model = import_checkpoint(CASES[name], prefix(shared, name))
    logits = model.predict_on_batch(recorded["input"])
    scale = np.abs(recorded["logits"]).max()
    difference = np.abs(logits - recorded["logits"]).max()
    print(f"{name}: largest difference {difference:.2g} where logits go to {scale:.3g}")
    assert logits.shape == recorded["logits"].shape
    assert difference <= 1e-3 * scale
    targets = training_targets(recorded["labels"].argmax(axis=1), 14)
    cross = float(np.mean(target_crossentropy(targets, logits)))
    assert cross == pytest.approx(float(recorded["loss_cross"]), rel=1e-5)
    total = cross + float(sum(model.losses))
    assert total == pytest.approx(float(recorded["loss_total"]), rel=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_npz_gives_the_same_weights(shared, tmp_path, name):
    from_npz = import_checkpoint(name, npz_of(shared, name, tmp_path))
    from_prefix = import_checkpoint(name, prefix(shared, name))
    for one, other in zip(from_npz.get_weights(), from_prefix.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_optimizer_state_in_a_checkpoint_is_ignored(shared, tmp_path):
    path = npz_of(
        shared,
        "hearnet",
        tmp_path,
        **{
            "global_step": np.int64(7),
            "beta1_power": np.float32(0.5),
            "hear_net/fc2/biases/Adam": np.zeros(14, np.float32),
            "hear_net/fc2/biases/Adam_1": np.zeros(14, np.float32),
        },
    )
    assert import_checkpoint("hearnet", path).name == "hearnet"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hear_net/conv9/weights": np.zeros(3, "f")}, "has hear_net/conv9/weights, which the"),
        ({"hear_net/conv1/biases": None}, "lacks hear_net/conv1/biases"),
        ({"hear_net/fc2/biases": None}, "lacks hear_net/fc2/biases"),
        ({"hear_net/conv1/biases": np.zeros(12, "f")}, r"in shape \(12,\), not \(128,\)"),
        ({"hear_net/conv1/biases": np.full(128, np.nan, "f")}, "not finite"),
    ],
)
def test_other_variables_are_named(shared, tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        import_checkpoint("hearnet", npz_of(shared, "hearnet", tmp_path, **changes))


@pytest.mark.parametrize(
    ("published", "norm"),
    [("SoundNet5", "SoundNet/conv3/norm"), ("AVModel", "resnet_v1_50/conv1/BatchNorm")],
)
def test_every_wrong_variable_is_named_in_one_sorted_message(shared, tmp_path, published, norm):
    table = json.loads((shared / "published_code" / "variables.json").read_text())[published]
    # Nearly all of the wrong size: what is wrong is found before anything is assigned.
    shapes = {variable["name"]: tuple(variable["shape"]) for variable in table}
    arrays = {name: np.zeros(shape[-1:], np.float32) for name, shape in shapes.items()}
    del arrays[f"{norm}/gamma"], arrays[f"{norm}/moving_variance"]
    arrays[f"{norm}/other"] = np.zeros(1, np.float32)
    np.savez(tmp_path / "wrong.npz", **arrays)
    with pytest.raises(InputError) as caught:
        import_checkpoint(published, tmp_path / "wrong.npz")
    start, _, problems = str(caught.value).partition(": it ")
    assert start.endswith(f"wrong.npz: not a checkpoint of {published}")
    expected = [
        f"has {name} in shape {shape[-1:]}, not {shape}"
        for name, shape in shapes.items()
        if len(shape) > 1
    ]
    expected.append(f"has {norm}/other, which the network has not")
    expected += [f"lacks {norm}/gamma", f"lacks {norm}/moving_variance"]
    assert problems.split("; ") == sorted(expected)


def test_checkpoint_of_another_network_is_refused(shared):
    with pytest.raises(InputError, match="not a checkpoint of DualCamHybridNet"):
        import_checkpoint("dualcamnet", prefix(shared, "hearnet"))


def test_a_network_that_the_released_code_lacks_has_no_checkpoints(monkeypatch, tmp_path):
    monkeypatch.setitem(NETWORKS, "hearnet", replace(NETWORKS["hearnet"], published_name=None))
    with pytest.raises(InputError, match=r"hearnet: the released code has no .* it has DualCam"):
        import_checkpoint("hearnet", tmp_path / "any.npz")


def test_npz_files_that_are_damaged_or_something_else_are_named(tmp_path, monkeypatch):
    path = tmp_path / "bad.npz"
    np.savez_compressed(path, a=np.arange(10000.0))
    data = bytearray(path.read_bytes())
    start = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    data[start : start + 20] = b"\xff" * 20  # no block of deflate begins so
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"bad\.npz: not readable as \.npz \(Error -3"):
        read_variables(path)
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(InputError, match=r"bad\.npz: not readable"):
        read_variables(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hear_net/fc2/biases", b"text")
    with pytest.raises(InputError, match="other things than arrays"):
        read_variables(path)

    def exhausted(*_, **__):
        raise MemoryError("no room")

    monkeypatch.setattr(np, "load", exhausted)
    with pytest.raises(InputError, match="no room"):
        read_variables(path)


def test_absent_and_unreadable_checkpoints_are_named(tmp_path):
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "bad.ckpt.index").write_bytes(b"nonsense" * 20)
    (tmp_path / "one_file.ckpt").write_bytes(b"nonsense" * 20)
    for name in ("absent.npz", "absent.ckpt", "bad.npz", "bad.ckpt", "one_file.ckpt"):
        with pytest.raises(InputError, match=name):
            import_checkpoint("hearnet", tmp_path / name)
