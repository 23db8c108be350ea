"""Whether what goes through all files, rows or sequences of a data set grows as the data do.

For that many times AVIA's 378 sequences of 30 s, in its tree layout: 11,340 records each (of one
byte), listed in manifests of 50 sequences, and a raw folder with an empty file of each modality for
each sequence. Measured is what the workflow itself does with them, no contents being read: seconds
of CPU (user and system), how many times that of the factor before, and memory of the process.
1.1 million files take 5 GB of a disk; they are written below `--folder` and deleted at once.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from command_line import new_parser, parse

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.raw_archive import describe_trees
from avdistill.avia.raw_layout import find_sequence
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import ACTIONS, NUM_SUBJECTS, SCENARIOS
from avdistill.files.csv_tables import write_frame
from avdistill.files.manifest import ManifestRow, write_manifest, write_merged_manifest
from avdistill.records.schema import record_path
from avdistill.records.splits import read_split, sequences_of, split_sequences

BATCH = 50
RAW_FILES = 36  # for each second: an acoustic image, a sound and a picture, 12 times
MOST_RAW_ROWS = 5_000_000
MOST_CROPS = 20_000  # for nearest neighbours, which take their square
FEATURES = 1024
DIGEST = "0" * 64


def write_data(folder, dataset):
    """Write the raw folder and the records, with the records' manifests."""
    for number, batch in enumerate(batches(dataset)):
        rows = []
        for sequence in batch:
            for tree, leaf, name in (
                ("matfiles", "MFCC_Image", "Data_1.mat"),
                ("sync", "audio", "A_1.npy"),
                ("sync", "video", "I_1.jpeg"),
            ):
                place = folder / "raw" / tree / sequence.raw_folder / leaf
                place.mkdir(parents=True)
                (place / name).touch()
            (folder / "records" / sequence.name).mkdir(parents=True)
            for second in range(dataset.sequence_seconds):
                file = record_path(sequence.name, second)
                (folder / "records" / file).write_bytes(b"0")
                rows.append(ManifestRow(sequence.name, file, 1, DIGEST))
        write_manifest(folder / f"records/batches/{number:05d}.csv", rows)
    dataset.write(folder / "dataset.json")


def batches(dataset):
    """Sequences in batches, as the workflow has them."""
    sequences = dataset.sequences()
    return [sequences[first : first + BATCH] for first in range(0, len(sequences), BATCH)]


def find_raw_files(folder, dataset):
    """Do what `check-raw` and `convert-records` begin with, of all batches."""
    for sequence in dataset.sequences():
        find_sequence(RawTrees.below(folder / "raw"), sequence)


def walk_raw_files(folder, dataset):
    """Do what `unpack-raw` ends with."""
    describe_trees(folder / "raw")


def merge_records(folder, dataset):
    """Do what `merge-manifests` does."""
    batches = sorted(folder.glob("records/batches/*.csv"))
    write_merged_manifest(folder / "records/manifest.csv", batches)


def merge_raw(folder, dataset):
    """Do the same, for the list of the raw files, 36 times as long."""
    write_merged_manifest(folder / "raw.csv", sorted(folder.glob("raw*.csv")))


def write_raw_manifests(folder, dataset):
    """List raw files that are not there."""
    for number, batch in enumerate(batches(dataset)):
        rows = [
            ManifestRow(sequence.name, f"sync/{sequence.raw_folder}/A_{file}.npy", 1, DIGEST)
            for sequence in batch
            for file in range(dataset.sequence_seconds * RAW_FILES)
        ]
        write_manifest(folder / f"raw{number:05d}.csv", rows)


def split(folder, dataset):
    """Do what `split-sequences` does."""
    write_frame(folder / "all.csv", split_sequences(dataset, "all", "paper", 42))


def check_records(folder, dataset):
    """Do what `compute-statistics` begins with: every training record is looked for."""
    from avdistill.records.statistics import check_listed

    sequences = sequences_of(read_split(folder / "all.csv"), "training")
    check_listed(folder / "records/manifest.csv", sequences)


def open_data(folder, dataset):
    """Do what every job begins with that trains or tests."""
    from avdistill.examples.scope_data import open_scope_data
    from avdistill.networks.registry import network_spec
    from avdistill.runs.inputs import JobInputs

    files = ("dataset.json", "records/manifest.csv", "all.csv")
    inputs = JobInputs(*(folder / file for file in files))
    open_scope_data(network_spec("dualcamnet"), "all", inputs)


def draw_crops(folder, dataset):
    """Draw an epoch's crops."""
    from avdistill.records.crops import training_crops

    sequences = sequences_of(read_split(folder / "all.csv"), "training")
    training_crops(sequences, dataset.sequence_seconds, 1, seed=0)


def count_records(folder, dataset):
    """Do what reading a sequence's sound begins with, of all sequences."""
    for sequence in dataset.sequences():
        list((folder / "records" / sequence.name).glob("Data_*.tfrecord"))


def find_neighbours(folder, dataset):
    """Do what a transfer ends with, for one student and one scope."""
    from avdistill.evaluation.nearest_neighbours import Labelled, nearest_neighbours

    number = len(dataset.sequences()) * dataset.sequence_seconds // 5
    parts = [number * 8 // 10, number // 10, number // 10]
    random = np.random.default_rng(0)
    nearest_neighbours(
        *(Labelled(random.random((n, FEATURES), "f4"), random.integers(0, 14, n)) for n in parts)
    )


def measure(step, folder, dataset):
    """Run a step in a process of its own; return seconds of CPU and MB."""
    reading, writing = os.pipe()
    if (process := os.fork()) == 0:
        import_late(step)
        start = time.process_time()
        step(folder, dataset)
        os.write(writing, json.dumps(time.process_time() - start).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="ascii") as file:
        seconds = file.read()
    _, status, usage = os.wait4(process, 0)
    if status or not seconds:
        sys.exit(f"{step.__name__} failed")
    return json.loads(seconds), usage.ru_maxrss / 1024


def import_late(step):
    """Import first what a step imports, so that this is not part of its time."""
    if step in (open_data, check_records, draw_crops, split):
        import avdistill.records.crops
        import avdistill.records.statistics
    if step is open_data:
        import avdistill.examples.scope_data
    if step is find_neighbours:
        import avdistill.evaluation.nearest_neighbours  # noqa: F401


def main():
    """Print a line for each step and factor."""
    parser = new_parser(__doc__, "scale_files.py --factors 1 10 100")
    parser.add_argument(
        "--factors", type=int, nargs="+", default=[1, 10, 100], help="how many times AVIA's"
    )
    parser.add_argument("--seconds", type=int, default=30, help="of each sequence")
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's)")
    arguments = parse(parser, {"factors": [1, 2], "seconds": 5})
    before = {}
    for factor in arguments.factors:
        size = NUM_SUBJECTS * factor, arguments.seconds
        dataset = DatasetDescription("AVIA", ACTIONS, SCENARIOS, *size)
        records = len(dataset.sequences()) * arguments.seconds
        print(f"x {factor}: {records:,} records")
        steps = [find_raw_files, walk_raw_files, merge_records, split, check_records, open_data]
        steps += [draw_crops, count_records]
        if records * RAW_FILES <= MOST_RAW_ROWS:
            steps += [write_raw_manifests, merge_raw]
        if records // 5 * 8 // 10 <= MOST_CROPS:
            steps.append(find_neighbours)
        with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
            for step in (write_data, *steps):
                seconds, memory = measure(step, Path(name), dataset)
                grown = f", {seconds / before[step]:.1f} times" if step in before else ""
                before[step] = seconds
                print(f"  {step.__name__}: {seconds:.2f} s{grown}, {memory:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
