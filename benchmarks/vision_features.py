"""A vision teacher's hundred epochs on stored features, against the backbone in every epoch.

    python benchmarks/vision_features.py [--frames 3600] [--batches 8] [--threads 2]

The teacher is ResNet-50: its backbone is frozen, its logits layer is trained. Measured are

- a step of training from pixels on, the backbone within the model as in the released code: on a
  few batches, in turns with the next; an epoch is that time per frame, times the frames;
- computing features once, batch norms folded into convolutions: on the same batches, scaled
  likewise, and writing and reading them in full;
- a hundred epochs on the stored features, in full, as `fit` does them.

Decoding the frames is not counted: the backbone in every epoch would need it a hundred times.
The second ratio counts the one computation of features in, which takes most of the time: it could
not reach 100 if that pass were not quicker, batch norms folded, than one within training.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np

EPOCHS = 100
BATCH_FRAMES = 32  # pixels at once
BATCH_SECONDS = 32  # examples in a step of training on features
FRAMES_PER_SECOND = 12
TARGET = 100
CLASSES = 14


def timed(function):
    """Call a function and return the seconds that it took."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def measure_backbone(batches):
    """Return seconds of training steps from pixels on, and of computing features, by batch."""
    from avdistill.networks import resnet50
    from avdistill.networks.batch_norms import fold_batch_norms
    from avdistill.training.fitting import compile_model
    from avdistill.training.losses import training_targets

    generator = np.random.default_rng(0)
    frames = generator.uniform(-110, 130, (BATCH_FRAMES, 224, 224, 3)).astype(np.float32)
    targets = training_targets(generator.integers(0, CLASSES, BATCH_FRAMES), CLASSES)
    whole = resnet50.build_whole(CLASSES, seed=0)
    compile_model(whole)
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


def train_on_features(num_frames, folder):
    """Return seconds of writing and reading the features, and of a hundred epochs on them."""
    from avdistill.networks.registry import build
    from avdistill.records.sequences import epochs_dataset
    from avdistill.training.fitting import compile_model
    from avdistill.training.losses import training_targets

    generator = np.random.default_rng(0)
    features = generator.random((num_frames // FRAMES_PER_SECOND, FRAMES_PER_SECOND, 2048))
    features = features.astype(np.float32)
    path = folder / "features.npy"

    def store():
        np.save(path, features)
        np.load(path)

    targets = training_targets(generator.integers(0, CLASSES, len(features)), CLASSES)
    model = build("resnet50", CLASSES, seed=0)
    compile_model(model)

    def train():
        steps = -(-len(features) // BATCH_SECONDS)
        batches = epochs_dataset(
            features, targets, batch_size=BATCH_SECONDS, first_epoch=0, epochs=EPOCHS
        )
        model.fit(batches, epochs=EPOCHS, steps_per_epoch=steps, shuffle=False, verbose=0)

    return timed(store), timed(train)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=3600, help="that an epoch has (12 a second)")
    parser.add_argument("--batches", type=int, default=8, help="of 32 frames, to be measured")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()

    from avdistill.examples.tensorflow_start import start_tensorflow

    configure(seed=0, threads=arguments.threads)
    frames = arguments.frames // FRAMES_PER_SECOND * FRAMES_PER_SECOND
    seconds = measure_backbone(arguments.batches)
    with tempfile.TemporaryDirectory() as folder:
        storing, training = train_on_features(frames, Path(folder))
    step, once = np.median(seconds, axis=1) / BATCH_FRAMES
    print(
        f"{frames} frames an epoch, {arguments.threads} threads; load of the machine "
        f"{os.getloadavg()[0]:.1f}\n"
        f"backbone in every epoch      {step * 1e3:6.1f} ms a frame (median of "
        f"{arguments.batches} batches): {EPOCHS} epochs {EPOCHS * step * frames:9.1f} s, scaled\n"
        f"features computed once       {once * 1e3:6.1f} ms a frame: {once * frames:9.1f} s, "
        f"scaled; written and read in {storing:.2f} s, measured\n"
        f"{EPOCHS} epochs on features     {training:10.2f} s, measured"
    )
    # Neighbouring batches share the machine's load: the median of their ratios is the steadier.
    saved = float(np.median(seconds[0] / seconds[1]))
    every = EPOCHS * step * frames
    print(f"ratio, features at hand      {every / training:8.0f}, target {TARGET}")
    complete = step * frames / saved + storing + training
    print(f"ratio, computing included    {every / complete:8.0f}, target {TARGET}")


if __name__ == "__main__":
    main()
