import numpy as np
import pytest
from matplotlib.patches import Rectangle

from avdistill.cli import main
from avdistill.figures.grid_map import draw_grid_map
from avdistill.results.grid import grid_cells, read_cells, write_cells

RATES, TEMPERATURES, IMITATIONS = [0.001, 0.0001], [1.0, 5.0, 10.0], [0.5, 1.0]


@pytest.fixture
def write_grid(tmp_path):
    """Write a grid whose accuracies rise from cell to cell, but for the best one."""

    def write(supervision="dualcamnet", best=9, rates=RATES):
        soft = supervision != "ground_truth"
        cells = grid_cells(supervision, rates, TEMPERATURES * soft, IMITATIONS * soft)
        rows = [
            cell._asdict()
            | {
                "cell": number,
                "validation_loss": 1.0,
                "validation_accuracy": 0.9 if number == best else number / 100,
                "best_epoch": 2,
                "epochs": 3,
            }
            for number, cell in enumerate(cells)
        ]
        path = tmp_path / "grid.csv"
        write_cells(path, rows)
        return path

    return write


def draw(path):
    return draw_grid_map(read_cells(path), title="HearNet", data_source="simulated")


def panels_of(figure):
    return [axes for axes in figure.axes if axes.images and axes.get_xlabel()]


def frames_of(axes):
    return {patch.get_xy() for patch in axes.patches if isinstance(patch, Rectangle)}


def test_each_learning_rate_has_a_panel_of_temperature_and_imitation(write_grid, texts_of):
    figure = draw(write_grid())
    panels = panels_of(figure)
    assert [axes.get_title() for axes in panels] == ["learning rate 0.001", "learning rate 0.0001"]
    for number, axes in enumerate(panels):
        assert axes.get_xlabel() == "temperature T"
        assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "5", "10"]
        values = np.asarray(axes.images[0].get_array())
        expected = np.arange(6.0).reshape(3, 2).T + 6 * number  # λ varies fastest in the file
        if number == 1:
            expected[1, 1] = 90
        np.testing.assert_allclose(values, expected)
    assert panels[0].get_ylabel() == "imitation parameter λ"
    assert [label.get_text() for label in panels[0].get_yticklabels()] == ["0.5", "1"]
    texts = texts_of(figure)
    assert "simulated data" in texts
    assert (
        "HearNet\nchosen of 12: learning rate 0.0001, T 5, λ 1, validation accuracy 90.0 %" in texts
    )


def test_only_the_chosen_cell_is_framed(write_grid):
    panels = panels_of(draw(write_grid(best=9)))  # second rate, second temperature, second λ
    assert frames_of(panels[0]) == set()
    assert frames_of(panels[1]) == {(1 - 0.42, 1 - 0.42)}


def test_ground_truth_is_a_single_row_of_learning_rates(write_grid):
    (axes,) = panels_of(draw(write_grid("ground_truth", best=0)))
    assert axes.get_xlabel() == "learning rate"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0.0001", "0.001"]
    assert np.asarray(axes.images[0].get_array()).tolist() == [[1, 90]]
    assert frames_of(axes) == {(1 - 0.42, -0.42)}


def test_a_single_cell_is_drawn_and_not_called_chosen(write_grid, texts_of):
    figure = draw(write_grid("ground_truth", best=0, rates=[0.001]))
    (axes,) = panels_of(figure)
    assert frames_of(axes) == {(-0.42, -0.42)}
    assert any("\nthe only cell: learning rate 0.001, " in text for text in texts_of(figure))
    assert not any("chosen" in text for text in texts_of(figure))


def test_verb_writes_the_map(write_grid, write_network, tmp_path):
    output = tmp_path / "map.png"
    arguments = ["--grid", str(write_grid()), "--description", str(write_network().description)]
    assert main(["draw-grid", *arguments, "--output", str(output)]) == 0
    assert output.exists()
    assert output.with_suffix(".svg").exists()
