"""`avdistill draw-overlay`: an acoustic image over its video frame."""

from argparse import Namespace

from avdistill.options.command import Command, option
from avdistill.options.files import DATASET, FIGURE
from avdistill.options.raw_trees import TREE_OPTIONS, raw_trees

COMMAND = Command(
    summary="lay an acoustic image over its video frame, where a sequence is loudest",
    example="avdistill draw-overlay --dataset results/dataset.json --matfiles results/raw/matfiles "
    "--sync results/raw/sync --sequence auto --seed 0 --output overlay.png",
    options=(
        DATASET,
        *TREE_OPTIONS,
        option(
            "--sequence",
            default="auto",
            help="name of a sequence; `auto` takes the first there is of clapping, hammering and "
            "knocking, in scenario 2 (AVIA's office) if there is one, by a subject drawn with the "
            "seed",
        ),
        option("--seed", required=True, type=int, help="draws the subject of `auto`"),
        FIGURE,
    ),
)


def run(arguments: Namespace) -> None:
    """Choose, read and draw."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.vocabulary import SequenceId
    from avdistill.errors import InputError
    from avdistill.figures.overlay import choose_sequence, draw_overlay, strongest_frame
    from avdistill.figures.style import save_figure

    dataset = DatasetDescription.read(arguments.dataset)
    if arguments.sequence == "auto":
        sequence = choose_sequence(dataset, seed=arguments.seed)
    else:
        sequence = SequenceId.parse(arguments.sequence)
        if sequence not in dataset.sequences():
            raise InputError(f"--sequence: the data set has no {sequence.name}; name another")
    frame, level = strongest_frame(raw_trees(arguments, ("acoustic", "video")), sequence)
    save_figure(draw_overlay(frame, level, dataset, sequence), arguments.output)
