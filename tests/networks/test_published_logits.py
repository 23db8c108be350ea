"""Golden: logits of the four networks without a checkpoint to hand, for variables from a seed.

Temporal ResNet-50's logits were recorded from the released code. ResNet-50's, AVNet's and
OurSoundNet's are computed here a second time in NumPy, in float64, from the definitions.
"""

import importlib.util

import numpy as np
import pytest

from avdistill.networks.published_checkpoints import import_checkpoint

SLIM = "resnet_v1_50"


@pytest.fixture
def imported(shared, tmp_path):
    """Rebuild a case, import its variables, and return the model, the variables, the inputs."""
    folder = shared / "published_code"
    spec = importlib.util.spec_from_file_location("published_case", folder / "case.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = tmp_path / "variables.npz"

    def load(name):
        variables, inputs = module.case(name)
        np.savez(path, **variables)
        return import_checkpoint(name, path), variables, inputs

    yield load
    path.unlink(missing_ok=True)  # pytest keeps temporary folders; this one has 100 MB


def check(name, logits, expected, bound):
    scale = np.abs(expected).max()
    difference = np.abs(logits - expected).max()
    print(f"{name}: largest difference {difference:.2g} where logits go to {scale:.3g}")
    assert logits.shape == expected.shape
    assert difference <= bound * scale


def test_temporal_resnet50_is_the_released_codes(shared, imported):
    model, _, inputs = imported("TemporalResNet50")
    with np.load(shared / "published_code" / "TemporalResNet50.npz") as recorded:
        expected = recorded["logits"]
    logits = model.predict_on_batch(inputs["input"].reshape(2, 5, 224, 224, 3))
    check("temporal_resnet50", logits, expected, 1e-4)


def test_resnet50_is_its_definition(imported):
    model, variables, inputs = imported("ResNet50")
    frames = inputs["input"][[0, 13]]
    expected = dense(resnet_features(variables, frames), variables, f"{SLIM}/logits")
    check("resnet50", model.predict_on_batch(frames), expected, 1e-5)


def test_avnet_is_its_definition(imported):
    model, variables, inputs = imported("AVModel")
    frames, images = inputs["video_input"][:12], inputs["audio_input"][:12]
    judged = [0, 7]  # the convolution over time takes all frames
    vision = dense(resnet_features(variables, frames[judged]), variables, f"{SLIM}/logits")
    joined = np.concatenate([vision, dualcamnet_features(variables, images)[judged]], axis=1)
    expected = head(joined, variables, "AVNet")
    logits = model.predict_on_batch([frames[np.newaxis], images[np.newaxis]])
    check("avnet", logits[0, judged], expected, 1e-5)


def test_soundnet_is_its_definition(imported):
    model, variables, inputs = imported("SoundNet5")
    waveforms = inputs["input"].reshape(2, 110_250)
    x = waveforms.astype(np.float64)[..., np.newaxis, np.newaxis]
    layers = ((2, 32, 8), (2, 16, 8), (2, 8, 8), (2, 4, 1), (12, 4, 1))  # stride, padding, pool
    for number, (stride, padding, pool) in enumerate(layers, start=1):
        name = f"SoundNet/conv{number}"
        x = np.pad(x, ((0, 0), (padding, padding), (0, 0), (0, 0)))
        x = convolve(x, variables[f"{name}/weights"], (stride, 1)) + variables[f"{name}/biases"]
        x = relu(normalise(x, variables, f"{name}/norm", epsilon=1e-3))
        steps = x.shape[1] // pool
        x = x[:, : steps * pool].reshape(2, steps, pool, 1, -1).max(axis=2)
    x = relu(dense(x.reshape(2, 1024), variables, "SoundNet/conv6"))
    logits = model.predict_on_batch(waveforms.reshape(2, *model.input_shape[1:]))
    check("soundnet", logits, head(x, variables, "SoundNet"), 1e-5)


def resnet_features(variables, frames):
    """Pool slim's `resnet_v1_50`: (frames, 224, 224, 3) to (frames, 2048)."""
    return np.concatenate([_resnet_features(variables, frame[np.newaxis]) for frame in frames])


def _resnet_features(variables, frame):
    def block(x, name, window, stride=1):
        x = np.pad(x, ((0, 0), (window // 2,) * 2, (window // 2,) * 2, (0, 0)))
        x = convolve(x, variables[f"{name}/weights"], (stride, stride))
        return normalise(x, variables, f"{name}/BatchNorm", epsilon=1e-5)

    x = relu(block(frame.astype(np.float64), f"{SLIM}/conv1", 7, 2))
    x = np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)))  # SAME: 113 rows for 56 windows
    x = windows(x, (3, 3), (2, 2)).max(axis=(-2, -1))
    for number, units in enumerate((3, 4, 6, 3), start=1):
        for unit in range(1, units + 1):
            name = f"{SLIM}/block{number}/unit_{unit}/bottleneck_v1"
            stride = 2 if unit == units and number < 4 else 1
            shortcut = x[:, ::stride, ::stride]
            if unit == 1:
                shortcut = block(x, f"{name}/shortcut", 1)
            x = relu(block(x, f"{name}/conv1", 1))
            x = relu(block(x, f"{name}/conv2", 3, stride))
            x = relu(shortcut + block(x, f"{name}/conv3", 1))
    return x.mean(axis=(1, 2))


def dualcamnet_features(variables, images):
    """Compute DualCamNet's full1 of one second: (12, 36, 48, 12) to (12, 1024)."""

    def layer(x, name, pool):
        kernel = variables[f"DualCamNet/{name}/weights"]
        x = np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)))
        x = relu(convolve(x, kernel, (1, 1)) + variables[f"DualCamNet/{name}/biases"])
        return windows(x, (pool, pool), (pool, pool)).max(axis=(-2, -1))

    kernel = variables["DualCamNet/conv1/weights"][:, 0, 0].astype(np.float64)
    padded = np.pad(images.astype(np.float64), ((3, 3), (0, 0), (0, 0), (0, 0)))
    smoothed = sum(padded[shift : shift + 12] @ kernel[shift] for shift in range(7))
    x = relu(smoothed + variables["DualCamNet/conv1/biases"])
    x = layer(layer(x, "conv2", 2), "conv3", 2)
    return relu(dense(x.reshape(12, -1), variables, "DualCamNet/full1"))


def head(features, variables, scope):
    return dense(relu(dense(features, variables, f"{scope}/fc1")), variables, f"{scope}/fc2")


def dense(x, variables, name):
    """Apply a convolution whose window covers all of its input."""
    kernel = variables[f"{name}/weights"]
    return x @ kernel.reshape(-1, kernel.shape[-1]).astype(np.float64) + variables[f"{name}/biases"]


def normalise(x, variables, name, epsilon):
    """Apply a batch norm with its recorded statistics."""
    gamma, beta, mean, variance = (
        variables[f"{name}/{part}"].astype(np.float64)
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    return (x - mean) / np.sqrt(variance + epsilon) * gamma + beta


def relu(x):
    return np.maximum(x, 0)


def windows(x, size, stride):
    """Cut (batch, rows, columns, channels) into (batch, rows', columns', channels, *size)."""
    views = np.lib.stride_tricks.sliding_window_view(x, size, axis=(1, 2))
    return views[:, :: stride[0], :: stride[1]]


def convolve(x, kernel, stride):
    """Correlate, without padding: (batch, rows, columns, inputs) with (*window, inputs, outputs).

    Every position's window as a row, times the kernel as a matrix.
    """
    inputs, outputs = kernel.shape[2:]
    views = windows(x, kernel.shape[:2], stride)
    matrix = kernel.transpose(2, 0, 1, 3).reshape(-1, outputs).astype(np.float64)
    assert views.shape[3] == inputs
    return (views.reshape(-1, len(matrix)) @ matrix).reshape(*views.shape[:3], outputs)
