import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from avdistill.errors import InputError
from avdistill.figures.style import (
    COLOURS,
    new_figure,
    readable_on,
    save_figure,
    state_source,
    style,
)


def draw(path, label="temperature T, imitation parameter λ"):
    with style():
        figure = new_figure(3, 2)
        axes = figure.add_subplot()
        axes.plot([1, 2, 4])
        axes.set_xlabel(label)
        state_source(figure, "simulated")
    save_figure(figure, path)
    return path.read_bytes(), path.with_suffix(".svg").read_bytes()


def test_a_figure_is_written_twice_with_nothing_of_when_it_was_drawn(tmp_path):
    png, svg = draw(tmp_path / "figure.png")
    assert png.startswith(b"\x89PNG")
    assert b"<svg" in svg
    assert b"date" not in svg.lower()
    assert b"Software" not in png
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figure.png", "figure.svg"]


def test_the_same_figure_has_the_same_bytes_whatever_the_users_settings(tmp_path):
    first = draw(tmp_path / "first.png")
    with mpl.rc_context({"font.size": 20, "svg.hashsalt": None, "lines.linewidth": 9}):
        second = draw(tmp_path / "second.png")
    assert first == second


def test_other_suffixes_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match=r"figure\.pdf.*\.png"):
        draw(tmp_path / "figure.pdf")
    assert list(tmp_path.iterdir()) == []


def luminance(colour) -> float:
    """Relative luminance (sRGB, WCAG 2)."""
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_type_stands_out_from_every_cell():
    for value in np.linspace(0, 100, 101):
        cell = mpl.colormaps[COLOURS](value / 100)
        assert contrast(cell, readable_on(value, 100)) > 4  # WCAG 2 asks 3 of large type


def test_colours_brighten_evenly_so_that_they_read_in_black_and_white():
    levels = [luminance(mpl.colormaps[COLOURS](value)) for value in np.linspace(0, 1, 50)]
    assert np.all(np.diff(levels) > 0)
