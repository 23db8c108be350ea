"""A vision teacher's hundred epochs on stored features, against the backbone in every epoch.

The teacher is ResNet-50: its backbone is frozen, its logits layer is trained. Measured are

- a step of training from pixels on, the backbone within the model as in the released code: on a
  few batches, in turns with the next; an epoch is that time per frame, times the frames;
- computing features once, batch norms folded into convolutions: on the same batches, scaled
  likewise, and writing and reading them in full;
- all epochs, a hundred, on the stored features, in full, as `fit` does them.

Decoding the frames is not counted: the backbone in every epoch would need it a hundred times.
The second ratio counts the one computation of features in, which takes most of the time: it could
not reach 100 if that pass were not quicker, batch norms folded, than one within training.
"""

import tempfile
from pathlib import Path

import numpy as np
from command_line import new_parser, parse
from fit_steps import (
    NUM_CLASSES,
    compiled,
    epochs_of,
    random_targets,
    start_tensorflow,
    timed,
)

BATCH_SECONDS = 32  # examples in a step of training on features
FRAMES_PER_SECOND = 12
TARGET = 100


def measure_backbone(batches, size):
    """Return seconds of training steps from pixels on, and of computing features, by batch."""
    from avdistill.networks import resnet50
    from avdistill.networks.batch_norms import fold_batch_norms

    frames = np.random.default_rng(0).uniform(-110, 130, (size, 224, 224, 3)).astype(np.float32)
    targets = random_targets(size)
    whole = compiled(resnet50.build_whole(NUM_CLASSES, seed=0), "resnet50")
    folded = fold_batch_norms(whole.get_layer("backbone"))
    ways = (
        lambda: whole.train_on_batch(frames, targets),
        lambda: folded.predict_on_batch(frames),
    )
    for way in ways * 2:
        way()
    seconds = [[], []]
    for turn in range(batches):
        for index in (0, 1) if turn % 2 else (1, 0):
            seconds[index].append(timed(ways[index]))
    return np.array(seconds)


def train_on_features(num_frames, epochs, folder):
    """Return seconds of writing and reading the features, and of all epochs on them."""
    from avdistill.networks.registry import build

    generator = np.random.default_rng(0)
    features = generator.random((num_frames // FRAMES_PER_SECOND, FRAMES_PER_SECOND, 2048))
    features = features.astype(np.float32)
    path = folder / "features.npy"

    def store():
        np.save(path, features)
        np.load(path)

    targets = random_targets(len(features))
    model = compiled(build("resnet50", NUM_CLASSES, seed=0), "resnet50")

    def train():
        steps = -(-len(features) // BATCH_SECONDS)
        batches = epochs_of(features, targets, BATCH_SECONDS, epochs)
        model.fit(batches, epochs=epochs, steps_per_epoch=steps, shuffle=False, verbose=0)

    return timed(store), timed(train)


def main():
    """Measure and print."""
    parser = new_parser(__doc__, "vision_features.py --frames 3600 --batches 8 --threads 2")
    parser.add_argument("--frames", type=int, default=3600, help="that an epoch has (12 a second)")
    parser.add_argument("--epochs", type=int, default=100, help="of the teacher's training")
    parser.add_argument("--batches", type=int, default=8, help="of pixels, to be measured")
    parser.add_argument("--batch-size", type=int, default=32, help="frames in such a batch")
    parser.add_argument("--threads", type=int, default=2, help="of TensorFlow")
    arguments = parse(parser, {"frames": 24, "epochs": 2, "batches": 1, "batch_size": 2})

    start_tensorflow(arguments.threads)
    frames = arguments.frames // FRAMES_PER_SECOND * FRAMES_PER_SECOND
    epochs = arguments.epochs
    seconds = measure_backbone(arguments.batches, arguments.batch_size)
    with tempfile.TemporaryDirectory() as folder:
        storing, training = train_on_features(frames, epochs, Path(folder))
    step, once = np.median(seconds, axis=1) / arguments.batch_size
    print(
        f"{frames} frames an epoch, {arguments.threads} threads\n"
        f"backbone in every epoch      {step * 1e3:6.1f} ms a frame (median of "
        f"{arguments.batches} batches): {epochs} epochs {epochs * step * frames:9.1f} s, scaled\n"
        f"features computed once       {once * 1e3:6.1f} ms a frame: {once * frames:9.1f} s, "
        f"scaled; written and read in {storing:.2f} s, measured\n"
        f"{epochs} epochs on features     {training:10.2f} s, measured"
    )
    # Neighbouring batches share the machine's load: the median of their ratios is the steadier.
    saved = float(np.median(seconds[0] / seconds[1]))
    every = epochs * step * frames
    print(f"ratio, features at hand      {every / training:8.0f}, target {TARGET}")
    complete = step * frames / saved + storing + training
    print(f"ratio, computing included    {every / complete:8.0f}, target {TARGET}")


if __name__ == "__main__":
    main()
