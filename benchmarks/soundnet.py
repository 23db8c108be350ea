"""OurSoundNet's training step against the same network written in plain Keras layers.

Both are given the same weights, and one run first checks that they give the same logits, the same
gradients and the same batch-norm averages, then times steps as `fit` does them, in turns, so that
whatever else the machine does falls on both alike. Both have the same optimizer. The time of a
large matrix product (2 n³ operations) says what the arithmetic alone would take.
"""

import numpy as np
from command_line import new_parser, parse
from fit_steps import (
    NUM_CLASSES,
    compiled,
    matrix_product,
    random_targets,
    start_tensorflow,
    step_of_fit,
    timed,
)

TARGET = 1.0  # ours / plain
TOLERANCE = 1e-3  # of logits, gradients and averages, relative to their length
# In more examples there are sooner two values of a pool so near each other that rounding decides
# which one the gradient goes to; plain layers in float32 and float64 then differ as much.
CHECKED = 4
# Forward; a training step does each layer three times, but for the first layer's input.
CONV1 = 55_126 * 64 * 32
FORWARD = (
    CONV1
    + 3_446 * 32 * 32 * 64
    + 216 * 16 * 64 * 128
    + 14 * 8 * 128 * 256
    + 16 * 256 * 1024
    + 1024 * 1024
    + 1024 * 1000
    + 1000 * NUM_CLASSES
)
MULTIPLY_ADDS = 3 * FORWARD - CONV1


def plain_network():
    """Write OurSoundNet down as the paper has it: Conv1D, batch norm, ReLU, max-pool."""
    import keras
    from keras import layers

    def decayed(name):
        return {"kernel_regularizer": keras.regularizers.L2(2.5e-4), "name": name}

    waveform = keras.Input((110_250,))
    x = layers.Reshape((-1, 1))(waveform)
    for name, filters, window, stride, padding, pool in (
        ("conv1", 32, 64, 2, 32, True),
        ("conv2", 64, 32, 2, 16, True),
        ("conv3", 128, 16, 2, 8, True),
        ("conv4", 256, 8, 2, 4, False),
        ("conv5", 1024, 16, 12, 4, False),
    ):
        x = layers.ZeroPadding1D(padding)(x)
        x = layers.Conv1D(filters, window, strides=stride, **decayed(name))(x)
        x = layers.BatchNormalization(momentum=0.999, epsilon=1e-3, name=f"{name}_norm")(x)
        x = layers.ReLU()(x)
        if pool:
            x = layers.MaxPooling1D(8)(x)
    x = layers.Conv1D(1024, 1, activation="relu", **decayed("conv6"))(x)
    x = layers.Conv1D(1000, 1, activation="relu", name="fc1")(x)
    x = layers.Conv1D(NUM_CLASSES, 1, name="fc2")(x)
    return keras.Model(waveform, layers.Flatten()(x), name="plain")


def widen(model):
    """Draw kernels so wide that the waveform, and not the biases, decides the logits."""
    generator = np.random.default_rng(0)
    for layer in model.layers:
        for weight in layer.weights:
            if weight.name == "kernel":
                deviation = np.sqrt(2 / np.prod(weight.shape[:-1]))
                weight.assign(generator.normal(0, deviation, weight.shape))


def copy_weights(source, target):
    """Give a network the weights of another with layers of the same names."""
    for layer in filter(lambda layer: layer.weights, target.layers):
        values = source.get_layer(layer.name).get_weights()
        for weight, value in zip(layer.weights, values, strict=True):
            weight.assign(value.reshape(weight.shape))


def one_step(model, inputs, targets):
    """Return logits of a step of training, each weight's gradient, and each average after it."""
    import keras
    import tensorflow as tf

    with tf.GradientTape() as tape:
        logits = model(inputs, training=True)
        losses = keras.losses.categorical_crossentropy(targets, logits, from_logits=True)
        loss = tf.reduce_mean(losses)
    weights = {weight.path: weight for weight in model.trainable_weights}
    gradients = tape.gradient(loss, [weight.value for weight in weights.values()])
    results = {"logits": logits.numpy().ravel()}
    for path, gradient in zip(weights, gradients, strict=True):
        # Behind conv1 to conv5 a batch norm takes the mean away: their biases have no gradient.
        if not (path.startswith("conv") and path.endswith("bias")) or path.startswith("conv6"):
            results[f"gradient of {path}"] = gradient.numpy().ravel()
    for weight in model.non_trainable_weights:
        results[weight.path] = weight.numpy().ravel()
    return results


def largest_difference(ours, plain):
    """Return the largest of the differences, each relative to its own length, and its name."""
    assert ours.keys() == plain.keys()
    differences = {
        name: np.linalg.norm(ours[name] - plain[name]) / np.linalg.norm(plain[name])
        for name in plain
    }
    name = max(differences, key=differences.get)
    return differences[name], name


def main():
    """Check, measure and print."""
    parser = new_parser(__doc__, "soundnet.py --batch-size 32 --threads 2 --steps 30")
    parser.add_argument("--batch-size", type=int, default=32, help="examples in a step")
    parser.add_argument("--threads", type=int, default=2, help="of TensorFlow")
    parser.add_argument("--steps", type=int, default=30, help="of each; medians are printed")
    parser.add_argument("--matrix", type=int, default=4096, help="side of the square matrices")
    arguments = parse(parser, {"batch_size": CHECKED, "steps": 2, "matrix": 512})

    start_tensorflow(arguments.threads)
    import tensorflow as tf

    from avdistill.networks.registry import build
    from avdistill.training.adam import FusedAdam
    from avdistill.training.losses import target_crossentropy

    network, plain = build("soundnet", NUM_CLASSES, seed=0), plain_network()
    widen(network)
    copy_weights(network, plain)
    ours = compiled(network, "soundnet")
    ours.set_weights(network.get_weights())
    plain.compile(FusedAdam(), target_crossentropy, jit_compile=False)
    size = arguments.batch_size
    generator = np.random.default_rng(0)
    inputs = generator.uniform(-256, 256, (size, 110_250)).astype(np.float32)
    labels = np.eye(NUM_CLASSES)[generator.integers(0, NUM_CLASSES, CHECKED)]
    results = [one_step(model, inputs[:CHECKED], labels) for model in (ours, plain)]
    difference, where = largest_difference(*results)
    print(f"largest difference of results: {difference:.1e}, of {where}; at most {TOLERANCE:.0e}")
    if difference > TOLERANCE:
        raise SystemExit("ours is another network")

    batches = tf.data.Dataset.from_tensors((inputs, random_targets(size))).repeat()
    steps = {
        name: step_of_fit(model, batches) for name, model in (("ours", ours), ("plain", plain))
    }
    product = matrix_product(arguments.matrix)
    for warm_up in [product, *steps.values()] * 2:
        warm_up()
    seconds = {name: [] for name in (*steps, "product")}
    for turn in range(arguments.steps):
        if turn % 3 == 0:
            seconds["product"].append(timed(product))
        for name in steps if turn % 2 else reversed(steps):
            seconds[name].append(timed(steps[name]))
    medians = {name: float(np.median(times)) for name, times in seconds.items()}
    print(f"batch {size}, {arguments.threads} threads, medians of {arguments.steps} steps in turns")
    for name in steps:
        print(f"{name:10} {medians[name] / size * 1e3:6.1f} ms/example")
    rate = 2 * arguments.matrix**3 / medians["product"]
    print(f"{'arithmetic':10} {2e3 * MULTIPLY_ADDS / rate:6.1f} ms at {rate / 1e9:.0f} GFLOP/s")
    ratio = np.median(np.divide(seconds["ours"], seconds["plain"]))
    print(f"ours / plain, median of pairs: {ratio:.2f}; target at most {TARGET:.2f}")


if __name__ == "__main__":
    main()
