"""`avdistill simulate-raw`: sequences of a virtual acoustic camera, in AVIA's raw layout."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET, SEQUENCES

COMMAND = Command(
    summary="Simulate sequences with a virtual acoustic camera, in AVIA's raw layout.",
    example="avdistill simulate-raw --dataset results/dataset.json --sequences "
    "Location_01/Subject_01/Action_001 --seed 0 --scenario-kinds anechoic office terrace "
    "--raw results/raw --manifest results/raw/batches/0.csv",
    options=(
        DATASET,
        SEQUENCES,
        option("--seed", type=int, required=True, help="seed of the whole data set"),
        option(
            "--scenario-kinds",
            nargs="+",
            required=True,
            help="for each of the data set's scenarios: anechoic, office or terrace",
        ),
        option("--microphones", type=int, default=1, help="microphones whose audio is stored (1)"),
        path_option(
            "--recordings",
            required=False,
            help="folder with a sub-folder of recordings for each class, played in place of "
            "synthesised actions",
        ),
        path_option("--raw", help="folder to write into"),
        path_option("--manifest", help="list of the files written"),
    ),
)


def run(arguments: Namespace) -> None:
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
    rows = [
        row
        for sequence in tqdm(sequences, desc="simulating", unit="sequence")
        for row in simulate_sequence(
            sequence,
            arguments.raw,
            dataset,
            seed=arguments.seed,
            microphones=arguments.microphones,
            scenario_kinds=arguments.scenario_kinds,
            recordings=arguments.recordings,
        )
    ]
    write_manifest(arguments.manifest, rows)
