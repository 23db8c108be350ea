"""`avdistill draw-learning-curves`: loss and accuracy of every epoch."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import FIGURE

COMMAND = Command(
    summary="draw loss and accuracy of every epoch, one row of panels for each network",
    example="avdistill draw-learning-curves "
    "--histories results/students/all/hearnet/dualcamnet/seed0/history.csv "
    "--descriptions results/students/all/hearnet/dualcamnet/seed0/model.json --output curves.png",
    options=(
        path_option("--histories", nargs="+", help="history.csv of each network"),
        path_option("--descriptions", nargs="+", help="their model.json, in the same order"),
        FIGURE,
    ),
)


def run(arguments: Namespace) -> None:
    """Draw all of them in one figure."""
    from avdistill.errors import InputError
    from avdistill.figures.learning_curves import draw_learning_curves
    from avdistill.figures.style import save_figure
    from avdistill.figures.titles import network_title, read_description
    from avdistill.results.history import read_history

    if len(arguments.histories) != len(arguments.descriptions):
        raise InputError(
            f"{len(arguments.histories)} histories and {len(arguments.descriptions)} descriptions; "
            "name one description for each history"
        )
    descriptions = [read_description(path) for path in arguments.descriptions]
    sources = sorted({description["data_source"] for description in descriptions})
    if len(sources) > 1:
        raise InputError(
            f"--descriptions: trained on different data ({', '.join(sources)}); "
            "draw one figure of each"
        )
    titles = [network_title(description) for description in descriptions]
    histories = [read_history(path) for path in arguments.histories]
    save_figure(draw_learning_curves(titles, histories, sources[0]), arguments.output)
