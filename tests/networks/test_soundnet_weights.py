"""SoundNet's published weights: from Torch's file and from NumPy's, and from nothing else."""

import hashlib
import io
import pickle
import zipfile

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.networks import soundnet_weights
from avdistill.networks.published_variables import read_npz
from avdistill.networks.registry import build
from avdistill.networks.soundnet import PRETRAINED, load_published_weights
from avdistill.networks.torch7 import TorchObject

FILTERS = (32, 64, 128, 256)
WINDOWS = (64, 32, 16, 8)


def layers(filters=FILTERS):
    """Weights of a network in the layout of SoundNet's TensorFlow version."""
    generator = np.random.default_rng(0)

    def drawn(*shape):
        return generator.uniform(0.5, 1.5, shape).astype(np.float32)

    result, inputs = {}, 1
    for name, window, outputs in zip(PRETRAINED, WINDOWS, filters, strict=True):
        names = ("biases", "mean", "var", "beta", "gamma")
        result[name] = {kind: drawn(outputs) for kind in names}
        result[name]["weights"] = drawn(window, 1, inputs, outputs)
        inputs = outputs
    return result


def torch_network(content, norm_version=2, package="nn"):
    """Build SoundNet as its authors' main_train_small.lua does."""
    modules = []
    for name in PRETRAINED:
        layer = content[name]
        convolution = {"weight": layer["weights"].transpose(3, 2, 0, 1).copy(), "kW": 1.0}
        norm = {"weight": layer["gamma"], "bias": layer["beta"], "running_mean": layer["mean"]}
        if norm_version == 2:
            norm["running_var"] = layer["var"]
        else:
            norm |= {"running_std": (layer["var"] + 1e-3) ** -0.5, "eps": 1e-3}
        modules += [
            TorchObject(
                f"{package}.SpatialConvolution", 1, convolution | {"bias": layer["biases"]}
            ),
            TorchObject(f"{package}.SpatialBatchNormalization", norm_version, norm),
            TorchObject(f"{package}.ReLU", 1, {"inplace": True}),
            TorchObject(f"{package}.SpatialMaxPooling", 1, {"kH": 8.0, "indices": None}),
        ]
    last = TorchObject("nn.SpatialConvolution", 1, {"weight": np.ones((7, 256, 16, 1), "f")})
    heads = TorchObject("nn.ConcatTable", 1, {"modules": {1.0: last, 2.0: last}})
    # Lua writes a table in no particular order.
    numbered = dict(enumerate([*modules, heads, heads], start=1))
    table = {float(number): numbered[number] for number in sorted(numbered, reverse=True)}
    return TorchObject("nn.Sequential", 1, {"modules": table, "train": False})


def npz_bytes(content, write=np.savez):
    """Write nested dictionaries of arrays as `.npz`: `conv1/weights` and so on."""
    file = io.BytesIO()
    write(
        file,
        **{f"{layer}/{kind}": content[layer][kind] for layer in content for kind in content[layer]},
    )
    return file.getvalue()


def written(path, data):
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def model():
    return build("soundnet", 3, seed=0)


def check(model, content):
    for name in PRETRAINED:
        kernel, bias = model.get_layer(name).get_weights()
        assert np.array_equal(kernel, content[name]["weights"][:, 0])
        assert np.array_equal(bias, content[name]["biases"])
        norm = model.get_layer(f"{name}_norm").get_weights()
        for value, kind in zip(norm, ("gamma", "beta", "mean", "var"), strict=True):
            np.testing.assert_allclose(value, content[name][kind], rtol=1e-6, err_msg=kind)


@pytest.mark.parametrize("package", ["nn", "cudnn"])
def test_torch_file_sets_the_first_four_layers_and_no_other(torch7_bytes, tmp_path, package):
    fresh = build("soundnet", 3, seed=0)
    model = build("soundnet", 3, seed=0)
    data = torch7_bytes(torch_network(layers(), package=package))
    name = load_published_weights(model, *written(tmp_path / "soundnet5_final.t7", data))
    assert name == "SoundNet (soundnet5_final.t7)"
    check(model, layers())
    for layer in model.layers:
        if layer.weights and layer.name.removesuffix("_norm") not in PRETRAINED:
            same = fresh.get_layer(layer.name).get_weights()
            for mine, other in zip(layer.get_weights(), same, strict=True):
                assert np.array_equal(mine, other)


def test_batch_norms_from_before_version_2_hold_an_inverse_deviation(torch7_bytes, tmp_path, model):
    data = torch7_bytes(torch_network(layers(), norm_version=1))
    load_published_weights(model, *written(tmp_path / "old.t7", data))
    check(model, layers())


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_numpy_file_sets_the_same(tmp_path, model, write):
    content = layers()
    data = npz_bytes(content | {"conv5": {"weights": 1}}, write)
    path, digest = written(tmp_path / "sound5.npz", data)
    assert load_published_weights(model, path, digest.upper()) == "SoundNet (sound5.npz)"
    check(model, content)


@pytest.mark.parametrize("suffix", [".t7", ".npz"])
def test_the_network_of_8_layers_is_recognised_and_refused(torch7_bytes, tmp_path, model, suffix):
    content = layers((16, 32, 64, 128))
    data = npz_bytes(content) if suffix == ".npz" else torch7_bytes(torch_network(content))
    path, digest = written(tmp_path / f"sound8{suffix}", data)
    with pytest.raises(InputError, match="8 layers, whose first layer has 16 filters, not 32"):
        load_published_weights(model, path, digest)


def test_what_is_missing_or_of_another_shape_is_named_and_nothing_is_set(tmp_path):
    model = build("soundnet", 3, seed=0)
    before = model.get_weights()
    content = layers()
    del content["conv2"]["beta"], content["conv4"]
    content["conv3"]["weights"] = content["conv3"]["weights"][:3]
    content["conv1"]["var"][2] = np.nan
    with pytest.raises(InputError) as raised:
        load_published_weights(model, *written(tmp_path / "part.npz", npz_bytes(content)))
    for problem in (
        "not the weights of SoundNet's network of 5 layers",
        "lacks conv2/norm/beta",
        "lacks conv4/weights",
        "has conv3/weights in shape (3, 1, 64, 128)",
        "values in conv1/norm/moving_variance that are not finite",
    ):
        assert problem in str(raised.value)
    for mine, earlier in zip(model.get_weights(), before, strict=True):
        assert np.array_equal(mine, earlier)


def test_other_torch_files_are_refused(torch7_bytes, tmp_path, model):
    network = torch_network(layers())
    modules = network.fields["modules"]
    no_norm = {key: value for key, value in modules.items() if key != 6}
    for value, message in (
        ({"weight": np.ones(3)}, "no network of Torch"),
        (TorchObject("nn.Sequential", 1, {"modules": {"a": None}}), "no network of Torch"),
        (TorchObject("nn.Sequential", 1, {"modules": no_norm}), "no batch norm .* convolution 2"),
        (TorchObject("nn.Sequential", 1, {"modules": {}}), "lacks conv1/biases"),
    ):
        with pytest.raises(InputError, match=message):
            load_published_weights(model, *written(tmp_path / "a.t7", torch7_bytes(value)))


@pytest.mark.parametrize("shape", [(), (32,), (64, 32)])
def test_kernels_of_too_few_axes_are_refused(torch7_bytes, tmp_path, model, shape):
    network = torch_network(layers())
    convolution = network.fields["modules"][1.0]
    # A tensor without axes has no elements in Torch.
    convolution.fields["weight"] = np.ones(shape or 0, np.float32)
    with pytest.raises(InputError, match="has conv1/weights in shape"):
        load_published_weights(model, *written(tmp_path / "a.t7", torch7_bytes(network)))


@pytest.mark.parametrize("epsilon", ["1e-3", True, None, {1.0: 1e-3}])
def test_an_epsilon_that_is_no_number_is_refused(torch7_bytes, tmp_path, model, epsilon):
    network = torch_network(layers(), norm_version=1)
    network.fields["modules"][2.0].fields["eps"] = epsilon
    with pytest.raises(InputError, match="eps is no number"):
        load_published_weights(model, *written(tmp_path / "a.t7", torch7_bytes(network)))


def test_checksum_is_verified_and_absence_named(tmp_path, model, monkeypatch):
    path, digest = written(tmp_path / "sound5.npz", npz_bytes(layers()))
    with pytest.raises(InputError, match=rf"its sha256 is {digest}, not 00ff"):
        load_published_weights(model, path, "00ff")
    with pytest.raises(InputError, match="cannot be read"):
        load_published_weights(model, tmp_path / "absent.t7", digest)
    with pytest.raises(InputError, match=r"read from \.t7 or \.npz"):
        load_published_weights(model, tmp_path / "sound5.ckpt", digest)
    monkeypatch.setattr(soundnet_weights, "_LARGEST_FILE", 100)
    with pytest.raises(InputError, match="too large"):
        load_published_weights(model, path, digest)


class Malice:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("place", ["in a layer", "as the whole"])
def test_malicious_pickle_is_refused_and_does_nothing(tmp_path, model, place):
    trace = tmp_path / "trace"
    content = np.array({"weights": Malice(trace)}, dtype=object)
    data = npz_bytes({"conv1": {"weights": content}})
    if place == "as the whole":
        data = pickle.dumps(Malice(trace))
    with pytest.raises(InputError, match=r"a\.npz: not readable as \.npz"):
        load_published_weights(model, *written(tmp_path / "a.npz", data))
    assert not trace.exists()


def test_damaged_numpy_files_are_refused(tmp_path, model):
    whole = npz_bytes(layers((2, 2, 2, 2)))
    numbers = io.BytesIO()
    np.save(numbers, np.ones(3))
    with zipfile.ZipFile(texts := io.BytesIO(), "w") as archive:
        archive.writestr("conv1/weights", b"text")
    others = (numbers.getvalue(), texts.getvalue())
    for data in (b"", b"hello", whole[:50], whole[:-9], whole[:300], *others):
        with pytest.raises(InputError, match=r"a\.npz: not readable as \.npz .* get it again"):
            load_published_weights(model, *written(tmp_path / "a.npz", data))


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_changed_bytes_never_raise_anything_else(write):
    whole = npz_bytes(layers((2, 2, 2, 2)), write)
    end = len(whole)
    generator = np.random.default_rng(0)
    refused = 0
    for _ in range(1000):
        changed = bytearray(whole)
        changed[generator.integers(0, end)] = generator.integers(0, 256)
        try:
            read_npz(io.BytesIO(changed), "a.npz")
        except InputError:
            refused += 1
    assert refused > 50
