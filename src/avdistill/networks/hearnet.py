"""HearNet: the student that takes a spectrogram, five seconds at a time."""

import keras

from avdistill.networks.construction import glorot_uniform, weight_decay
from avdistill.networks.registry import STUDENT_SECONDS
from avdistill.networks.shared_head import shared_head
from avdistill.records.audio import NUM_BINS, SPECTRA_PER_SECOND

SPECTROGRAM_SHAPE = (STUDENT_SECONDS * SPECTRA_PER_SECOND, NUM_BINS)  # (500, 257)
WEIGHT_DECAY = 5e-4

PUBLISHED_SCOPE = "hear_net"
PUBLISHED_KERNELS = {
    "conv1": (11, 1, 257, 128),
    "conv2": (5, 1, 128, 256),
    "conv3": (3, 1, 256, 256),
    "conv4": (4, 1, 256, 1024),
    "conv5": (1, 1, 1024, 1024),
}


def build(num_classes: int, seed: int) -> keras.Model:
    """Build the network with fresh weights.

    Along time: conv 11, 128 filters; conv 5, 256; conv 3, 256, each with max-pool 5; valid conv
    4, 1024; 1x1 conv 1024; shared head. After the third pool four positions are left, and conv4
    covers them all. So it and conv5 are dense layers here.

    Input (batch, 500, 257) float32: normalised spectrogram, frames x bins.
    Output (batch, num_classes) float32: logits.
    """
    spectrogram = x = keras.Input(SPECTROGRAM_SHAPE, name="spectrogram")
    for name in ("conv1", "conv2", "conv3"):
        window, *_, filters = PUBLISHED_KERNELS[name]
        x = keras.layers.Conv1D(filters, window, padding="same", **_options(name, seed))(x)
        x = keras.layers.MaxPooling1D(5, name=name.replace("conv", "pool"))(x)
    x = keras.layers.Flatten(name="flat_time")(x)
    for name in ("conv4", "conv5"):
        x = keras.layers.Dense(PUBLISHED_KERNELS[name][-1], **_options(name, seed))(x)
    return keras.Model(spectrogram, shared_head(x, num_classes, seed), name="hearnet")


def _options(name: str, seed: int) -> dict:
    """Return the options of conv1 to conv5; the released code decays their kernels only."""
    return {
        "activation": "relu",
        "kernel_initializer": glorot_uniform(PUBLISHED_KERNELS[name], seed, name),
        "kernel_regularizer": weight_decay(WEIGHT_DECAY),
        "name": name,
    }
