"""`avdistill draw-clip`: a few seconds of video with acoustic images laid over it, and sound."""

from argparse import Namespace

from avdistill.options.command import Command, option, path_option
from avdistill.options.files import DATASET
from avdistill.options.numbers import positive
from avdistill.options.raw_trees import TREE_OPTIONS, raw_trees

COMMAND = Command(
    summary="make a clip of a scenario: video, acoustic images laid over it, and sound",
    example="avdistill draw-clip --dataset results/dataset.json --matfiles results/raw/matfiles "
    "--sync results/raw/sync --scenario 2 --seed 0 --output scenario2.webm",
    options=(
        DATASET,
        *TREE_OPTIONS,
        option(
            "--scenario",
            required=True,
            type=positive,
            help="its number; of its sequences the first there is of clapping, hammering and "
            "knocking is shown, by a subject drawn with the seed",
        ),
        option("--seed", required=True, type=int, help="draws the subject"),
        option("--seconds", type=positive, default=3, help="length of the clip (default: 3)"),
        path_option("--output", help=".webm with sound, or .webp, an animated picture"),
    ),
)


def run(arguments: Namespace) -> None:
    """Choose, read and write."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.clip import make_clip, write_clip
    from avdistill.figures.overlay import choose_sequence

    dataset = DatasetDescription.read(arguments.dataset)
    sequence = choose_sequence(dataset, seed=arguments.seed, location=arguments.scenario)
    trees = raw_trees(arguments, ("acoustic", "audio", "video"))
    write_clip(make_clip(trees, sequence, dataset, seconds=arguments.seconds), arguments.output)
