"""`avdistill draw-confusion`: the confusion matrices of a network."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

SUMMARY = "draw the confusion matrices of a network's test crops: counts, and percent of each class"
EXAMPLE = (
    "avdistill draw-confusion "
    "--predictions results/students/all/hearnet/dualcamnet/seed0/predictions.parquet "
    "--description results/students/all/hearnet/dualcamnet/seed0/model.json "
    "--counts confusion_counts.png --normalised confusion_normalised.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--predictions", required=True, type=Path, help="predictions.parquet")
    parser.add_argument(
        "--description", required=True, type=Path, help="model.json of the same network"
    )
    parser.add_argument(
        "--counts", type=Path, help="PNG of the counts; an SVG goes into the same folder"
    )
    parser.add_argument("--normalised", type=Path, help="PNG of the percentages; the same")


def run(arguments: Namespace) -> None:
    """Draw one of the matrices, or both."""
    from avdistill.errors import InputError
    from avdistill.figures.confusion_matrices import draw_confusion_matrices
    from avdistill.figures.style import save_figure
    from avdistill.figures.titles import network_title, read_description
    from avdistill.results.predictions import read_predictions

    if arguments.counts is None and arguments.normalised is None:
        raise InputError("nothing to draw: name --counts, --normalised or both")
    description = read_description(arguments.description)
    counts, normalised = draw_confusion_matrices(
        read_predictions(arguments.predictions),
        description["classes"],
        title=network_title(description),
        data_source=description["data_source"],
    )
    if arguments.counts is not None:
        save_figure(counts, arguments.counts)
    if arguments.normalised is not None:
        save_figure(normalised, arguments.normalised)
