"""`avdistill simulate-raw`: sequences of a virtual acoustic camera, in AVIA's raw layout."""

import argparse
from pathlib import Path

SUMMARY = "Simulate sequences with a virtual acoustic camera, in AVIA's raw layout."
EXAMPLE = (
    "avdistill simulate-raw --dataset results/dataset.json --sequences "
    "Location_01/Subject_01/Action_001 --seed 0 --scenario-kinds anechoic office terrace "
    "--raw results/raw --manifest results/raw/batches/0.csv"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--dataset", type=Path, required=True, help="dataset.json")
    parser.add_argument("--sequences", nargs="+", required=True, help="names of the sequences")
    parser.add_argument("--seed", type=int, required=True, help="seed of the whole data set")
    parser.add_argument(
        "--scenario-kinds",
        nargs="+",
        required=True,
        help="for each of the data set's scenarios: anechoic, office or terrace",
    )
    parser.add_argument(
        "--microphones", type=int, default=1, help="microphones whose audio is stored (1)"
    )
    parser.add_argument(
        "--recordings",
        type=Path,
        help="folder with a sub-folder of recordings for each class, played in place of "
        "synthesised actions",
    )
    parser.add_argument("--raw", type=Path, required=True, help="folder to write into")
    parser.add_argument("--manifest", type=Path, required=True, help="list of the files written")


def run(arguments: argparse.Namespace) -> None:
    """Simulate each sequence in turn, then write the manifest."""
    import sys

    from tqdm import tqdm

    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.raw_folder import refuse_other_trees, unlink_old_links
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.files.manifest import write_manifest
    from avdistill.simulation.recordings import describe_shared
    from avdistill.simulation.simulate import simulate_sequence

    unlink_old_links(arguments.raw)
    refuse_other_trees(arguments.raw, from_archive=False)
    dataset = DatasetDescription.read(arguments.dataset)
    sequences = [SequenceId.parse(name) for name in arguments.sequences]
    if arguments.recordings and (shared := describe_shared(dataset, arguments.recordings)):
        print(f"warning: {arguments.recordings}: {shared}", file=sys.stderr)
    rows = []
    for sequence in tqdm(sequences, desc="simulating", unit="sequence"):
        rows += simulate_sequence(
            sequence,
            arguments.raw,
            dataset,
            seed=arguments.seed,
            microphones=arguments.microphones,
            scenario_kinds=arguments.scenario_kinds,
            recordings=arguments.recordings,
        )
    write_manifest(arguments.manifest, rows)
