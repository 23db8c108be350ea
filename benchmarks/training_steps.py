"""Time of training steps against the time of their own multiply-adds at the matrix rate.

One run measures, in turns, so that whatever else the machine does falls on all alike: a large
float32 matrix product (2 n³ operations), and for each network a step of training as `fit` does
it, batch and optimizer included. Multiply-adds are counted where both factors exist: windows that
stick out over an edge count only what lies inside. A training step does each layer's three
times: the output, the gradient of the weights, and the gradient of the input, which the first
layer does not need.
"""

import itertools

import numpy as np
from command_line import new_parser, parse
from fit_steps import (
    NUM_CLASSES,
    compiled,
    epochs_of,
    matrix_product,
    random_targets,
    start_tensorflow,
    step_of_fit,
    timed,
)

TARGETS = {"dualcamnet": 2.0, "hearnet": 2.5, "distillation": 1.05}
MATRIX_PRODUCTS = 10


def multiply_adds(model):
    """Count the multiply-adds of one example: forward, and in a training step."""
    forward, first = 0, None
    for layer in model.layers:
        if not layer.weights:
            continue
        *window, inputs, outputs = layer.kernel.shape
        positions = layer.input.shape[1:-1] if window else ()
        taps = [_taps(*pair) for pair in zip(positions, window, strict=True)]
        # Behind conv1 DualCamNet's frames are folded into the batch.
        frames = 12 if model.name == "dualcamnet" and layer.name != "conv1" else 1
        count = frames * int(np.prod(taps)) * inputs * outputs
        first = count if first is None else first
        forward += count
    return forward, 3 * forward - first


def _taps(size, window):
    """Count pairs of output position and tap of a `same` window that lie inside the input."""
    before = (window - 1) // 2
    return sum(
        0 <= position + tap - before < size
        for position, tap in itertools.product(range(size), range(window))
    )


def training_step(name, batch_size, teacher):
    """Return a function that does one step, and what a step's multiply-adds are per example."""
    from avdistill.networks.registry import build

    model = build(name, NUM_CLASSES, seed=0)
    shape = (2 * batch_size, *model.input_shape[1:])
    inputs = np.random.default_rng(0).random(shape, dtype=np.float32)
    targets = random_targets(len(inputs), teacher)
    batches = epochs_of(inputs, targets, batch_size, epochs=1_000_000)
    return step_of_fit(compiled(model, name), batches), multiply_adds(model)[1]


def main():
    """Measure and print."""
    parser = new_parser(__doc__, "training_steps.py --batch-size 32 --threads 2 --steps 50")
    parser.add_argument("--batch-size", type=int, default=32, help="examples in a step")
    parser.add_argument("--threads", type=int, default=2, help="of TensorFlow")
    parser.add_argument("--steps", type=int, default=50, help="of each kind; medians are printed")
    parser.add_argument("--matrix", type=int, default=4096, help="side of the square matrices")
    arguments = parse(parser, {"batch_size": 2, "steps": 2, "matrix": 512})

    start_tensorflow(arguments.threads)
    product = matrix_product(arguments.matrix)
    size = arguments.batch_size
    kinds = {
        "dualcamnet": training_step("dualcamnet", size, teacher=False),
        "hearnet": training_step("hearnet", size, teacher=False),
        "distillation": training_step("hearnet", size, teacher=True),
    }
    for warm_up in [product, *(step for step, _ in kinds.values())] * 2:
        warm_up()
    print(f"batch {size}, {arguments.threads} threads, medians of {arguments.steps} steps")
    print("step         ms/example  GFLOP/s of matrix  arithmetic alone  ratio  target")
    # HearNet's two steps change places, so that each follows itself as often as the other.
    for names in (["dualcamnet"], ["hearnet", "distillation"]):
        seconds = {name: [] for name in (*names, "product")}
        for turn in range(arguments.steps):
            if turn % max(1, arguments.steps // MATRIX_PRODUCTS) == 0:
                seconds["product"].append(timed(product))
                kinds[names[0]][0]()  # brings back to the caches what the product drove out
            for name in names if turn % 2 else reversed(names):
                seconds[name].append(timed(kinds[name][0]))
        medians = {name: float(np.median(times)) for name, times in seconds.items()}
        rate = 2 * arguments.matrix**3 / medians["product"]
        for name in names:
            own, measured = 2 * kinds[name][1] / rate, medians[name] / size
            target = f"{TARGETS[name]:7.2f}" if name != "distillation" else ""
            label = {"distillation": "hearnet (D)", "hearnet": "hearnet (G)"}.get(name, name)
            print(
                f"{label:12} {measured * 1e3:10.2f} {rate / 1e9:18.0f} {own * 1e3:17.2f} "
                f"{measured / own:6.2f} {target}"
            )
    # Neighbouring steps share the machine's load: the median of their ratios is the steadier one.
    ratio = np.median(np.divide(seconds["distillation"], seconds["hearnet"]))
    print(
        f"hearnet (D) / hearnet (G), median of {arguments.steps} pairs: {ratio:.3f}, "
        f"target {TARGETS['distillation']:.2f}"
    )


if __name__ == "__main__":
    main()
