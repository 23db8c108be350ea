"""`avdistill draw-grid`: validation accuracy for each choice of hyperparameters."""

from argparse import Namespace

from avdistill.options.command import Command, path_option
from avdistill.options.files import FIGURE

COMMAND = Command(
    summary="draw a student's grid search as a heat map of validation accuracy",
    example="avdistill draw-grid --grid results/students/all/hearnet/dualcamnet/seed0/grid.csv "
    "--description results/students/all/hearnet/dualcamnet/seed0/model.json --output grid.png",
    options=(
        path_option("--grid", help="grid.csv of a student"),
        path_option("--description", help="model.json of the same student"),
        FIGURE,
    ),
)


def run(arguments: Namespace) -> None:
    """Draw the map."""
    from avdistill.figures.grid_map import draw_grid_map
    from avdistill.figures.style import save_figure
    from avdistill.figures.titles import network_title, read_description
    from avdistill.results.grid import read_cells

    description = read_description(arguments.description)
    cells = read_cells(arguments.grid)
    figure = draw_grid_map(
        cells, title=network_title(description), data_source=description["data_source"]
    )
    save_figure(figure, arguments.output)
