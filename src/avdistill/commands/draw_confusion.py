"""`avdistill draw-confusion`: the confusion matrices of a network."""

from argparse import Namespace

from avdistill.options.command import Command, path_option

COMMAND = Command(
    summary="draw the confusion matrices of a network's test crops: counts, and percent of each "
    "class",
    example="avdistill draw-confusion "
    "--predictions results/students/all/hearnet/dualcamnet/seed0/predictions.parquet "
    "--description results/students/all/hearnet/dualcamnet/seed0/model.json "
    "--counts confusion_counts.png --normalised confusion_normalised.png",
    options=(
        path_option("--predictions", help="predictions.parquet"),
        path_option("--description", help="model.json of the same network"),
        path_option(
            "--counts", required=False, help="PNG of the counts; an SVG goes into the same folder"
        ),
        path_option("--normalised", required=False, help="PNG of the percentages; the same"),
    ),
)


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
    figures = draw_confusion_matrices(
        read_predictions(arguments.predictions),
        description["classes"],
        title=network_title(description),
        data_source=description["data_source"],
    )
    for figure, path in zip(figures, (arguments.counts, arguments.normalised), strict=True):
        if path is not None:
            save_figure(figure, path)
