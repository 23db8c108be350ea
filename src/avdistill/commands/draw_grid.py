"""`avdistill draw-grid`: validation accuracy for each choice of hyperparameters."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

SUMMARY = "draw a student's grid search as a heat map of validation accuracy"
EXAMPLE = (
    "avdistill draw-grid --grid results/students/all/hearnet/dualcamnet/seed0/grid.csv "
    "--description results/students/all/hearnet/dualcamnet/seed0/model.json --output grid.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--grid", required=True, type=Path, help="grid.csv of a student")
    parser.add_argument(
        "--description", required=True, type=Path, help="model.json of the same student"
    )
    parser.add_argument(
        "--output", required=True, type=Path, help="PNG to write; an SVG goes into the same folder"
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
