"""`avdistill draw-grid`: what the hyperparameters do."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

SUMMARY = "draw a student's grid search as a heat map of validation accuracy"
EXAMPLE = (
    "avdistill draw-grid --grid results/students/all/hearnet/dualcamnet/seed0/grid.csv "
    "--card results/students/all/hearnet/dualcamnet/seed0/model.json --output grid.png"
)


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--grid", required=True, type=Path, help="grid.csv of a student")
    parser.add_argument("--card", required=True, type=Path, help="model.json of the same student")
    parser.add_argument(
        "--output", required=True, type=Path, help="PNG to write; an SVG is put beside it"
    )


def run(arguments: Namespace) -> None:
    """Draw the map."""
    from avdistill.figures.grid_map import draw_grid_map
    from avdistill.figures.style import save_figure
    from avdistill.figures.titles import card_title, read_card
    from avdistill.results.grid import read_cells

    card = read_card(arguments.card)
    cells = read_cells(arguments.grid)
    figure = draw_grid_map(cells, title=card_title(card), data_source=card["data_source"])
    save_figure(figure, arguments.output)
