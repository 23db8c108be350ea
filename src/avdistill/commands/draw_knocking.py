"""`avdistill draw-knocking`: the same sound from three subjects."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

SUMMARY = "draw spectrograms of knocking by three subjects in the third scenario"
EXAMPLE = (
    "avdistill draw-knocking --dataset results/dataset.json --records results/records "
    "--seed 0 --output knocking.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument("--records", required=True, type=Path, help="folder of the records")
    parser.add_argument("--seed", required=True, type=int, help="draws the subjects")
    parser.add_argument(
        "--output", required=True, type=Path, help="PNG to write; an SVG is put beside it"
    )


def run(arguments: Namespace) -> None:
    """Choose, read and draw."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.figures.knocking import choose_knocking, draw_knocking
    from avdistill.figures.spectrograms import read_loudest
    from avdistill.figures.style import save_figure

    dataset = DatasetDescription.read(arguments.dataset)
    chosen = choose_knocking(dataset, seed=arguments.seed)
    levels = [read_loudest(arguments.records, dataset, one) for one in chosen]
    save_figure(draw_knocking(levels, chosen, dataset), arguments.output)
