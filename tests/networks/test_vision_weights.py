"""Weights from elsewhere: Keras's features from our backbone, and files that are not weights."""

import hashlib
import zipfile

import h5py
import keras
import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.networks import keras_weights
from avdistill.networks.backbone import (
    align_pool,
    build_backbone,
    published_kernels,
)
from avdistill.networks.published_variables import published_weights
from avdistill.networks.vision_weights import load_vision_weights

# Keras hands tensors to NumPy 2 the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def reference():
    """Keras's own network, with statistics and biases unlike those that it starts from."""
    model = keras.applications.ResNet50(weights=None)
    generator = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            channels = layer.gamma.shape[0]
            layer.set_weights(
                [
                    generator.uniform(0.4, 0.8, channels),
                    generator.normal(0, 0.1, channels),
                    generator.normal(0, 0.1, channels),
                    generator.uniform(0.5, 1.5, channels),
                ]
            )
        elif layer.name.endswith("_conv"):
            layer.bias.assign(generator.normal(0, 0.1, layer.bias.shape))
    return model


@pytest.fixture(scope="module")
def without_top(reference):
    return keras.Model(reference.inputs, reference.get_layer("avg_pool").output)


@pytest.fixture(scope="module")
def files(reference, without_top, tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    without_top.save(folder / "model.keras")
    reference.save_weights(folder / "top.weights.h5")
    with h5py.File(folder / "top.weights.h5") as new, h5py.File(folder / "old.h5", "w") as old:
        new.copy("layers", old)  # as the first versions of Keras 3: without layers' names
        old.visititems(lambda _, item: item.attrs.clear())
    with h5py.File(folder / "legacy.h5", "w") as file:  # as Keras's own download
        for layer in reference.layers:
            group = file.create_group(layer.name)
            for weight in layer.weights:
                group[f"{layer.name}/{weight.name}:0"] = np.asarray(weight)
    yield folder
    for path in folder.iterdir():
        path.unlink()  # pytest keeps temporary folders; these have 100 MB each


@pytest.fixture(scope="module")
def backbone():
    return build_backbone(seed=0)


def weights_of(backbone):
    return {
        name: np.asarray(weight)
        for name, (_, weight) in published_weights(
            backbone, published_kernels(), "BatchNorm"
        ).items()
    }


def test_features_are_kerass_own(without_top, files, backbone):
    frames = np.random.default_rng(1).uniform(-110, 130, (2, 224, 224, 3)).astype(np.float32)
    expected = without_top.predict_on_batch(frames[..., ::-1])  # Keras's caffe mode is BGR
    assert load_vision_weights(backbone, "file", files / "legacy.h5") == "legacy.h5"
    features = backbone.predict_on_batch(frames)
    difference = np.abs(features - expected).max() / np.abs(expected).max()
    print(f"largest difference {difference:.2g} of the features' scale")
    assert difference <= 1e-5


def test_keras_files_of_every_layout_give_the_same_weights(files, backbone):
    load_vision_weights(backbone, "file", files / "legacy.h5")
    expected = weights_of(backbone)
    for name in ("model.keras", "top.weights.h5", "old.h5"):
        for weight in backbone.weights:
            weight.assign(np.zeros(weight.shape))
        load_vision_weights(backbone, "file", files / name)
        for key, value in weights_of(backbone).items():
            assert np.array_equal(value, expected[key]), (name, key)


def pool_alignment(backbone):
    (before, after), _ = backbone.get_layer("pool1_pad").padding
    return {(0, 1): "slim", (1, 0): "keras"}[before, after]


def test_pool_goes_with_the_weights(files, backbone, tmp_path):
    frame = np.random.default_rng(1).uniform(-110, 130, (1, 224, 224, 3)).astype(np.float32)
    load_vision_weights(backbone, "file", files / "legacy.h5")
    assert pool_alignment(backbone) == "keras"
    as_keras = backbone.predict_on_batch(frame)
    np.savez(tmp_path / "slim.npz", **weights_of(backbone))
    load_vision_weights(backbone, "file", tmp_path / "slim.npz")
    assert pool_alignment(backbone) == "slim"
    as_slim = backbone.predict_on_batch(frame)
    assert np.abs(as_slim - as_keras).max() > 1e-3 * np.abs(as_keras).max()
    for alignment in ("keras", "slim"):
        align_pool(backbone, alignment)
        saved = keras.Model.from_config(backbone.get_config())
        assert pool_alignment(saved) == alignment


def test_imagenet_is_what_keras_downloads(reference, files, backbone, monkeypatch):
    asked = []

    def get_file(name, origin, **options):
        asked.append((origin, options["file_hash"]))
        return str(files / "legacy-without-top.h5")

    order = [layer.name for layer in reference.layers if layer.name != "predictions"]
    path = files / "legacy-without-top.h5"
    with h5py.File(files / "legacy.h5") as whole, h5py.File(path, "w") as part:
        part.attrs["layer_names"] = order
        for name in order:
            whole.copy(name, part)
            names = [weight.name for weight in reference.get_layer(name).weights]
            part[name].attrs["weight_names"] = [f"{name}/{weight}:0" for weight in names]
    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    assert load_vision_weights(backbone, "imagenet") == "ImageNet (Keras)"
    ((origin, digest),) = asked
    assert origin.endswith("resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5")
    assert len(digest) == 32
    imported = weights_of(backbone)
    load_vision_weights(backbone, "file", files / "legacy.h5")
    for key, value in weights_of(backbone).items():
        assert np.array_equal(imported[key], value)


def test_without_internet_the_message_asks_for_a_file(backbone, monkeypatch):
    def get_file(*_, **__):
        raise Exception("URL fetch failure on https://example.org/x: None")  # as Keras does

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    with pytest.raises(InputError, match=r"URL fetch failure.*name a file"):
        load_vision_weights(backbone, "imagenet")


def test_random_weights_are_left(backbone):
    before = [np.asarray(weight) for weight in backbone.weights]
    assert load_vision_weights(backbone, "random") == "random"
    assert all(map(np.array_equal, before, backbone.get_weights()))


def test_slims_checkpoint_of_either_format(backbone, tmp_path):
    import tensorflow as tf

    values = weights_of(build_backbone(seed=3))
    unused = {"resnet_v1_50/logits/biases": 1000, "resnet_v1_50/mean_rgb": 3, "global_step": ()}
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        for name, value in values.items():
            tf.compat.v1.get_variable(name, initializer=value)
        for name, shape in unused.items():
            tf.compat.v1.get_variable(name, initializer=np.ones(shape, np.float32))
        session.run(tf.compat.v1.global_variables_initializer())
        for version in (tf.compat.v1.train.SaverDef.V1, tf.compat.v1.train.SaverDef.V2):
            saver = tf.compat.v1.train.Saver(write_version=version)
            prefix = tmp_path / f"v{version}" / "resnet_v1_50.ckpt"
            prefix.parent.mkdir()
            saver.save(session, str(prefix), write_meta_graph=False, write_state=False)
    for version, pattern in ((1, "resnet_v1_50.ckpt"), (2, "resnet_v1_50.ckpt.[id]*")):
        folder = tmp_path / f"v{version}"
        parts = sorted(folder.glob(pattern), key=lambda path: ".data-" in path.name)
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()
        for weight in backbone.weights:
            weight.assign(np.zeros(weight.shape))
        found = load_vision_weights(backbone, "file", folder / "resnet_v1_50.ckpt", digest)
        assert found == "resnet_v1_50.ckpt"
        for name, value in weights_of(backbone).items():
            assert np.array_equal(value, values[name])
        with pytest.raises(InputError, match=f"its sha256 is {digest}, not 00"):
            load_vision_weights(backbone, "file", folder / "resnet_v1_50.ckpt", "00")
        for part in parts:
            part.unlink()


def test_convolutions_over_time_come_from_a_checkpoint_that_has_them(tmp_path, backbone):
    temporal = build_backbone(seed=0, temporal=True)
    plain = weights_of(backbone)
    kernel = temporal.get_layer("block3_unit_2_conv_temp").kernel
    identity = np.asarray(kernel)
    np.savez(tmp_path / "plain.npz", **plain)
    load_vision_weights(temporal, "file", tmp_path / "plain.npz")
    assert np.array_equal(kernel, identity)
    over_time = {
        name: np.full(shape, 0.5, np.float32)
        for name, (shape, _) in published_weights(
            temporal, published_kernels(temporal=True), "BatchNorm"
        ).items()
        if "conv_temp" in name
    }
    np.savez(tmp_path / "temporal.npz", **plain, **over_time)
    load_vision_weights(temporal, "file", tmp_path / "temporal.npz")
    assert (np.asarray(kernel) == 0.5).all()
    with pytest.raises(InputError, match="has resnet_v1_50/block1/unit_2/bottleneck_v1/conv_temp"):
        load_vision_weights(backbone, "file", tmp_path / "temporal.npz")


def test_other_arrays_are_all_named(files, backbone, tmp_path):
    path = tmp_path / "changed.h5"
    with h5py.File(files / "legacy.h5") as whole, h5py.File(path, "w") as part:
        for name in whole:
            if name != "conv2_block3_2_bn":
                whole.copy(name, part)
        del part["conv1_conv/conv1_conv/bias:0"]
        part["conv1_conv/conv1_conv/bias:0"] = np.zeros(3, np.float32)
        part["dense/dense/kernel:0"] = np.zeros(3, np.float32)
        part["conv1_bn/conv1_bn/beta:0"][5] = np.nan
    with pytest.raises(InputError) as caught:
        load_vision_weights(backbone, "file", path)
    for expected in (
        "changed.h5: not weights of Keras's ResNet50",
        "lacks conv2_block3_2_bn/gamma",
        "lacks conv2_block3_2_bn/moving_variance",
        "has conv1_conv/bias in shape (3,), not (64,)",
        "has dense/kernel, which the network has not",
        "has values in conv1_bn/beta that are not finite",
    ):
        assert expected in str(caught.value)


def test_what_is_not_wanted_is_not_read(backbone, tmp_path):
    """Nothing says how large an array is that a file of a kilobyte asks for."""
    path = tmp_path / "large.h5"
    huge = {"shape": (1 << 36, 3), "dtype": "f4", "chunks": (1 << 20, 3)}
    with h5py.File(path, "w") as file:
        file.create_dataset("conv1_conv/conv1_conv/kernel:0", **huge)
        file.create_dataset("other/other/kernel:0", **huge)
        file.create_dataset("conv1_bn/conv1_bn/beta:0", shape=(64,), dtype="S1000000000")
        file["conv1_bn/conv1_bn/gamma:0"] = h5py.Empty("f4")
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError) as caught:
        load_vision_weights(backbone, "file", path)
    for expected in (
        "has conv1_conv/kernel in shape (68719476736, 3), not (7, 7, 3, 64)",
        "has other/kernel, which the network has not",
        "has values in conv1_bn/beta that are not finite floats",
        "has conv1_bn/gamma in shape (), not (64,)",
    ):
        assert expected in str(caught.value)


@pytest.mark.parametrize("kind", ["external", "virtual"])
def test_arrays_kept_in_another_file_are_refused(backbone, tmp_path, kind):
    name = "conv1_conv/conv1_conv/bias:0"
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        if kind == "external":
            secret = tmp_path / "secret"
            secret.write_bytes(bytes(256))
            file.create_dataset(name, (64,), "f4", external=[(str(secret), 0, 256)])
        else:
            layout = h5py.VirtualLayout((64,), "f4")
            layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", (64,))
            file.create_virtual_dataset(name, layout)
    with pytest.raises(InputError, match=r"weights\.h5: not readable.*kept in another file"):
        load_vision_weights(backbone, "file", tmp_path / "weights.h5")


def test_archives_are_unpacked_only_so_far_and_broken_ones_named(backbone, tmp_path, monkeypatch):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", bytes(100_000))
    data = bytearray(path.read_bytes())
    monkeypatch.setattr(keras_weights, "_LARGEST", 99_999)
    with pytest.raises(InputError, match=r"model\.keras: too large"):
        load_vision_weights(backbone, "file", path)
    monkeypatch.setattr(keras_weights, "_LARGEST", 100_000)
    with pytest.raises(InputError, match="not readable as weights of Keras"):
        load_vision_weights(backbone, "file", path)
    data[46:60] = b"\xff" * 14  # behind the header and the name: no block of deflate begins so
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"not readable as weights of Keras \(Error -3"):
        load_vision_weights(backbone, "file", path)

    def exhausted(*_):
        raise MemoryError("no room")

    monkeypatch.setattr(zipfile.ZipFile, "read", exhausted)
    with pytest.raises(InputError, match="no room"):
        load_vision_weights(backbone, "file", path)


@pytest.mark.parametrize("name", ["absent.h5", "absent.keras", "absent.ckpt", "absent.npz"])
def test_absent_files_are_named(backbone, tmp_path, name):
    for digest in (None, "00"):
        with pytest.raises(InputError, match=name):
            load_vision_weights(backbone, "file", tmp_path / name, digest)


def test_damaged_files_are_named(files, backbone, tmp_path):
    for name in ("legacy.h5", "model.keras"):
        data = (files / name).read_bytes()
        for damaged in (data[: len(data) // 2], b"hello"):
            (tmp_path / name).write_bytes(damaged)
            with pytest.raises(InputError, match=rf"{name}: not readable.*get the file again"):
                load_vision_weights(backbone, "file", tmp_path / name)
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(InputError, match=r"model\.weights\.h5"):
        load_vision_weights(backbone, "file", tmp_path / "model.keras")
    (tmp_path / "resnet_v1_50.ckpt").write_bytes(b"hello" * 100)
    with pytest.raises(InputError, match="not readable as a checkpoint"):
        load_vision_weights(backbone, "file", tmp_path / "resnet_v1_50.ckpt")
