"""`avdistill draw-overlay`: an acoustic image over its video frame."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from avdistill.options.raw_trees import add_tree_options, raw_trees

SUMMARY = "lay an acoustic image over its video frame, where a sequence is loudest"
EXAMPLE = (
    "avdistill draw-overlay --dataset results/dataset.json --matfiles results/raw/matfiles "
    "--sync results/raw/sync --sequence auto --seed 0 --output overlay.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    add_tree_options(parser)
    parser.add_argument(
        "--sequence",
        default="auto",
        help="name of a sequence; `auto` takes the first there is of clapping, hammering and "
        "knocking, in scenario 2 (AVIA's office) if there is one, by a subject drawn with the seed",
    )
    parser.add_argument("--seed", required=True, type=int, help="draws the subject of `auto`")
    parser.add_argument(
        "--output", required=True, type=Path, help="PNG to write; an SVG goes into the same folder"
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
