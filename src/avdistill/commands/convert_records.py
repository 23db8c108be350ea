"""`avdistill convert-records`: convert the raw layout to TFRecords."""

import sys
from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET, SEQUENCES
from avdistill.options.numbers import positive, whole
from avdistill.options.raw_trees import TREE_OPTIONS, raw_trees

COMMAND = Command(
    summary="convert sequences from AVIA's raw layout to TFRecords, one file per second",
    example="avdistill convert-records --dataset results/dataset.json "
    "--matfiles results/raw/matfiles --sync results/raw/sync "
    "--raw-manifest results/raw/batches/0.csv --sequences Location_01/Subject_01/Action_001 "
    "--modalities acoustic audio video --microphones 1 --records results/records "
    "--manifest results/records/batches/00000.csv",
    options=(
        DATASET,
        *TREE_OPTIONS,
        path_option("--raw-manifest", help="sizes and digests of the raw files"),
        SEQUENCES,
        option(
            "--modalities",
            nargs="+",
            choices=("acoustic", "audio", "video"),
            default=["acoustic", "audio", "video"],
            help="what the records hold (all three)",
        ),
        option(
            "--microphones", type=positive, default=1, help="how many to keep, from the first (1)"
        ),
        option(
            "--leave-out-microphones",
            nargs="+",
            type=whole,
            default=[],
            metavar="NUMBER",
            help="numbers, from 0, of broken microphones, which are not among those kept",
        ),
        path_option("--records", help="folder to write into"),
        path_option("--manifest", help="list of the records written"),
    ),
)


def run(arguments: Namespace) -> None:
    """Convert each sequence in turn, then write the manifest."""
    from tqdm import tqdm

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.vocabulary import BROKEN_MICROPHONES, SequenceId, microphones_kept
    from avdistill.files.manifest import read_manifest, write_manifest
    from avdistill.records.convert import Conversion, convert_sequence

    dataset = DatasetDescription.read(arguments.dataset)
    microphones = microphones_kept(arguments.microphones, arguments.leave_out_microphones)
    broken = sorted({*microphones} & {*BROKEN_MICROPHONES})
    if broken and "audio" in arguments.modalities and not dataset.simulated:
        print(
            f"warning: of the DualCam that recorded AVIA, microphones {BROKEN_MICROPHONES[0]} and "
            f"{BROKEN_MICROPHONES[1]} (from 0) were broken, and {broken} would be kept; if these "
            f"are its data, set dataset.microphones_left_out to {list(BROKEN_MICROPHONES)}",
            file=sys.stderr,
        )
    conversion = Conversion(
        trees=raw_trees(arguments, arguments.modalities),
        records=arguments.records,
        raw_files={row.file: row for row in read_manifest(arguments.raw_manifest)},
        modalities=arguments.modalities,
        microphones=microphones,
        seconds=dataset.sequence_seconds,
    )
    sequences = [SequenceId.parse(name) for name in arguments.sequences]
    rows = [
        row
        for sequence in tqdm(sequences, desc="converting", unit="sequence")
        for row in convert_sequence(conversion, sequence)
    ]
    write_manifest(arguments.manifest, rows)
