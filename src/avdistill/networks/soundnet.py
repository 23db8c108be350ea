"""OurSoundNet: the student that takes a waveform, five seconds at a time."""

from pathlib import Path

import keras

from avdistill.networks.construction import layer_seed, weight_decay
from avdistill.networks.published_variables import assign_published, published_weights
from avdistill.networks.registry import STUDENT_SECONDS
from avdistill.networks.shared_head import shared_head
from avdistill.networks.soundnet_weights import PRETRAINED, read_soundnet_weights
from avdistill.records.audio import NETWORK_SAMPLE_RATE

NUM_SAMPLES = STUDENT_SECONDS * NETWORK_SAMPLE_RATE  # 110,250
WEIGHT_DECAY = 5e-4
EPSILON = 1e-3  # of batch normalisation
POOL = 8

PUBLISHED_SCOPE = "SoundNet"
PUBLISHED_KERNELS = {
    "conv1": (64, 1, 1, 32),
    "conv2": (32, 1, 32, 64),
    "conv3": (16, 1, 64, 128),
    "conv4": (8, 1, 128, 256),
    "conv5": (16, 1, 256, 1024),
    "conv6": (1, 1, 1024, 1024),
}

_CONV5_PADDING = 4


def build(num_classes: int, seed: int, batch_norm_decay: float = 0.999) -> keras.Model:
    """Build the network with fresh weights.

    Along time, each with batch-norm and ReLU: conv 64, 32 filters, max-pool 8; conv 32, 64,
    max-pool 8; conv 16, 128, max-pool 8; conv 8, 256; all with stride 2 and half their window of
    zeros on both sides; conv 16, 1024. Then 1x1 conv 1024; shared head.

    Input (batch, 110250) float32: waveform at 22,050 Hz, scaled to ±256.
    Output (batch, num_classes) float32: logits.

    Two things differ from the paper in form, not in result, and shorten a training step, as does
    the one operation that batch normalisation is in training (`avdistill.training.devices`). ReLU
    follows the max-pool, with which it commutes. Of conv5's positions, 12 apart, only the first
    lies within its input of 14 + 2 · 4 values, so that it is a dense layer.

    Parameters
    ----------
    batch_norm_decay : share of a batch norm's averages that a step keeps. The released code has
        0.999; after n steps the averages still hold 0.999ⁿ of their initial values.
    """

    def decayed(name: str) -> dict:
        """Return the options of conv1 to conv6; the released code decays their kernels."""
        return {
            "kernel_initializer": keras.initializers.TruncatedNormal(
                stddev=0.01, seed=layer_seed(seed, name)
            ),
            "kernel_regularizer": weight_decay(WEIGHT_DECAY),
            "name": name,
        }

    def norm(name: str) -> dict:
        return {"momentum": batch_norm_decay, "epsilon": EPSILON, "name": f"{name}_norm"}

    waveform = keras.Input((NUM_SAMPLES,), name="waveform")
    x = keras.layers.Reshape((NUM_SAMPLES, 1), name="one_channel")(waveform)
    for name in PRETRAINED:
        window, *_, filters = PUBLISHED_KERNELS[name]
        x = keras.layers.ZeroPadding1D(window // 2, name=f"{name}_padding")(x)
        x = keras.layers.Conv1D(filters, window, strides=2, **decayed(name))(x)
        x = keras.layers.BatchNormalization(**norm(name))(x)
        if name != "conv4":
            x = keras.layers.MaxPooling1D(POOL, name=name.replace("conv", "pool"))(x)
        x = keras.layers.ReLU(name=f"{name}_relu")(x)
    window, *_, filters = PUBLISHED_KERNELS["conv5"]
    covered = window - _CONV5_PADDING
    x = keras.layers.Cropping1D((0, x.shape[1] - covered), name="conv5_crop")(x)
    x = keras.layers.ZeroPadding1D((_CONV5_PADDING, 0), name="conv5_padding")(x)
    x = keras.layers.Flatten(name="flat_time")(x)
    x = keras.layers.Dense(filters, **decayed("conv5"))(x)
    x = keras.layers.BatchNormalization(**norm("conv5"))(x)
    x = keras.layers.ReLU(name="conv5_relu")(x)
    x = keras.layers.Dense(filters, activation="relu", **decayed("conv6"))(x)
    return keras.Model(waveform, shared_head(x, num_classes, seed), name="soundnet")


def load_published_weights(model: keras.Model, file: Path, sha256: str | None) -> str:
    """Load SoundNet's published weights into conv1 to conv4 and the batch norms behind them.

    Parameters
    ----------
    model : OurSoundNet; changed in place.
    file, sha256 : see `read_soundnet_weights`.

    Returns
    -------
    Name of these weights in tables: `SoundNet`, and the file's name.

    Raises
    ------
    InputError : as `read_soundnet_weights`; or the network is not the one of 5 layers; or arrays
        are missing, of another shape or not finite, and all are named.
    """
    kernels = {layer: (layer, PUBLISHED_KERNELS[layer]) for layer in PRETRAINED}
    assign_published(
        published_weights(model, kernels, "norm"),
        read_soundnet_weights(file, sha256),
        f"{file}: not the weights of SoundNet's network of 5 layers",
    )
    return f"SoundNet ({file.name})"
