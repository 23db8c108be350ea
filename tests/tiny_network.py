"""A network of a newcomer: one new file, and one line in the registry."""

from pathlib import Path

REGISTRY_LINE = '        NetworkSpec("tinynet", "student", "waveform", "TinyNet"),\n'
MODULE = '''\
"""TinyNet: a student that hears how loud each tenth of a second is."""

import keras

from avdistill.networks.construction import layer_seed
from avdistill.networks.shared_head import FEATURES, shared_head

SAMPLES, TENTH = 110_250, 2205


def build(num_classes: int, seed: int) -> keras.Model:
    """Build the network with fresh weights."""
    waveform = keras.Input((SAMPLES,), name="waveform")
    x = keras.layers.Reshape((SAMPLES, 1), name="one_channel")(waveform)
    x = keras.layers.MaxPooling1D(TENTH, name="loudness")(x)
    x = keras.layers.Flatten(name="flat_time")(x)
    initializer = keras.initializers.GlorotUniform(layer_seed(seed, "full1"))
    x = keras.layers.Dense(FEATURES, "relu", kernel_initializer=initializer, name="full1")(x)
    return keras.Model(waveform, shared_head(x, num_classes, seed), name="tinynet")
'''


def add_tiny_network(source: Path) -> None:
    """Add the network to a copy of the folder `src`."""
    networks = source / "avdistill/networks"
    (networks / "tinynet.py").write_text(MODULE, encoding="utf-8")
    registry = networks / "registry.py"
    text = registry.read_text(encoding="utf-8")
    end_of_list = "    )\n}\n"
    assert text.count(end_of_list) == 1
    registry.write_text(text.replace(end_of_list, REGISTRY_LINE + end_of_list), encoding="utf-8")
