"""Time of converting and loading records against the plain way of doing both.

Simulates one sequence in each of the three scenarios, then measures CPU time, each pair in turns
within one run, so that whatever else the machine does falls on both alike; medians. Conversion,
per second of data, against the published way: frames decoded and stored raw, written by
TensorFlow at its own gzip level. Loading, per crop of 5 s, against reading the crop's records with
`tf.data` and resampling anew for each crop as librosa does (resampy, kaiser_best).
"""

import io
import os
import tempfile
import time
from pathlib import Path

import numpy as np
from command_line import new_parser, parse

CONVERSION_BUDGET = 60  # ms of CPU time per second of data, the start of Python aside
NAMES = [f"Location_{location:02d}/Subject_01/Action_001" for location in (1, 2, 3)]


def cpu_time(function):
    """CPU seconds of one call, all threads."""
    start = time.process_time()
    function()
    return time.process_time() - start


def medians(functions, repeats):
    """Return the median CPU time of each function, called in turns after one round to warm up."""
    rounds = [[cpu_time(function) for function in functions] for _ in range(repeats + 1)]
    return np.median(rounds[1:], axis=0)


def simulate(folder, seconds):
    """Simulate the sequences; return how they are to be converted."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.raw_trees import RawTrees
    from avdistill.avia.vocabulary import ACTIONS, SCENARIOS, SequenceId
    from avdistill.records.convert import Conversion
    from avdistill.simulation.simulate import simulate_sequence

    dataset = DatasetDescription("simulated", ACTIONS, SCENARIOS, 1, seconds)
    kinds = ["anechoic", "office", "terrace"]
    rows = [
        row
        for name in NAMES
        for row in simulate_sequence(
            SequenceId.parse(name),
            folder / "raw",
            dataset,
            seed=0,
            microphones=1,
            scenario_kinds=kinds,
            recordings=None,
        )
    ]
    modalities = ("acoustic", "audio", "video")
    files = {row.file: row for row in rows}
    return Conversion(
        RawTrees.below(folder / "raw"), folder / "records", files, modalities, (0,), seconds
    )


def convert(conversion):
    """Convert every sequence our way."""
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.records.convert import convert_sequence

    for name in NAMES:
        convert_sequence(conversion, SequenceId.parse(name))


def convert_plainly(conversion, folder):
    """Convert every sequence as the published code does, labels left out."""
    import tensorflow as tf
    from PIL import Image
    from scipy.io import loadmat

    from avdistill.avia.raw_layout import find_sequence
    from avdistill.avia.vocabulary import SequenceId

    def feature_list(values):
        features = [
            tf.train.Feature(bytes_list=tf.train.BytesList(value=[value])) for value in values
        ]
        return tf.train.FeatureList(feature=features)

    for name in NAMES:
        raw = find_sequence(conversion.trees, SequenceId.parse(name))
        (folder / name).mkdir(parents=True, exist_ok=True)
        for second in range(conversion.seconds):
            steps = slice(12 * second, 12 * second + 12)
            images = [loadmat(path)["MFCC"].astype("<f4") for path in raw["acoustic"][steps]]
            samples = [np.load(path) for path in raw["audio"][steps]]
            frames = [
                np.asarray(Image.open(io.BytesIO(path.read_bytes())))
                for path in raw["video"][steps]
            ]
            lists = {
                "audio/image": feature_list([image.tobytes() for image in images]),
                "audio/data": feature_list([sample.tobytes() for sample in samples]),
                "video/image": feature_list([frame.tobytes() for frame in frames]),
            }
            example = tf.train.SequenceExample(
                feature_lists=tf.train.FeatureLists(feature_list=lists)
            )
            path = folder / name / f"Data_{second + 1:03d}.tfrecord"
            with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
                writer.write(example.SerializeToString())


def load(records, crops, modality):
    """Load crops our way."""
    from avdistill.records.crops import CropReader
    from avdistill.records.sequences import read_crops

    for _ in read_crops(CropReader(records, modality=modality, length=5), crops):
        pass


def load_plainly(records, crops, modality):
    """Load each crop from its own records, with nothing kept from one to the next."""
    import resampy
    import tensorflow as tf

    key = {"acoustic": "audio/image"}.get(modality, "audio/data")
    features = {key: tf.io.FixedLenSequenceFeature([], tf.string)}
    dtype = tf.float32 if modality == "acoustic" else tf.int32

    def parse(payload):
        _, lists = tf.io.parse_single_sequence_example(payload, sequence_features=features)
        return tf.io.decode_raw(lists[key], dtype)

    def resample(recorded):
        signal = recorded.reshape(-1) / np.abs(recorded).max()
        waveform = resampy.resample(signal, 12_288, 22_050, filter="kaiser_best")
        return (waveform / np.abs(waveform).max() * 256).astype(np.float32)

    files = [
        str(records / crop.sequence / f"Data_{second + 1:03d}.tfrecord")
        for crop in crops
        for second in range(crop.start, crop.start + 5)
    ]
    dataset = tf.data.Dataset.from_tensor_slices(files).flat_map(
        lambda file: tf.data.TFRecordDataset(file, "GZIP")
    )
    dataset = dataset.map(parse).batch(5)
    if modality != "acoustic":
        dataset = dataset.map(lambda recorded: tf.numpy_function(resample, [recorded], tf.float32))
    if modality == "spectrogram":
        dataset = dataset.map(lambda waveform: tf.abs(tf.signal.stft(waveform, 440, 220, 512)))
    for _ in dataset:
        pass


def main():
    """Measure and print."""
    parser = new_parser(__doc__, "records.py --seconds 10 --repeats 5")
    parser.add_argument("--seconds", type=int, default=10, help="of each sequence")
    parser.add_argument("--repeats", type=int, default=5, help="rounds, after one to warm up")
    arguments = parse(parser, {"seconds": 5, "repeats": 1})
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    tensorflow_start = cpu_time(lambda: __import__("tensorflow"))

    from avdistill.records.crops import evaluation_crops

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        conversion = simulate(folder, arguments.seconds)
        seconds = len(NAMES) * arguments.seconds
        ours, plain = medians(
            [
                lambda: convert(conversion),
                lambda: convert_plainly(conversion, folder / "plain"),
            ],
            arguments.repeats,
        )
        sizes = [
            sum(path.stat().st_size for path in (folder / kind).rglob("*.tfrecord")) / seconds
            for kind in ("records", "plain")
        ]
        print(
            f"conversion  {ours / seconds * 1e3:6.1f} ms a second of data (budget "
            f"{CONVERSION_BUDGET}), plainly {plain / seconds * 1e3:.1f}: {plain / ours:.1f} times; "
            f"TensorFlow's start, which ours does without, {tensorflow_start:.1f} s"
        )
        print(
            f"size        {sizes[0] / 1e6:6.2f} MB a second of data, plainly {sizes[1] / 1e6:.2f}"
        )
        crops = evaluation_crops(NAMES, arguments.seconds, 5)
        for modality in ("acoustic", "waveform", "spectrogram"):
            ours, plain = medians(
                [
                    lambda modality=modality: load(folder / "records", crops, modality),
                    lambda modality=modality: load_plainly(folder / "records", crops, modality),
                ],
                arguments.repeats,
            )
            print(
                f"{modality:11s} {ours / len(crops) * 1e3:6.1f} ms a crop of 5 s, plainly "
                f"{plain / len(crops) * 1e3:.1f}: {plain / ours:.1f} times"
            )


if __name__ == "__main__":
    main()
