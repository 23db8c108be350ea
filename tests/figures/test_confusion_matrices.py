import numpy as np
import pandas as pd
import pytest

from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.figures.confusion_matrices import (
    confusion_counts,
    draw_confusion_matrices,
    normalise_rows,
)
from avdistill.results.predictions import read_predictions

CLASSES = ("clapping", "paper shaking", "whistling")
LABELS = pd.DataFrame({"actual": [0, 0, 0, 2], "predicted": [0, 1, 1, 2]})


@pytest.fixture
def predictions(write_network):
    return read_predictions(write_network().predictions)


def draw(predictions, classes=CLASSES):
    return draw_confusion_matrices(predictions, classes, title="HearNet", data_source="simulated")


def shown(figure) -> np.ndarray:
    return np.asarray(figure.axes[0].images[0].get_array())


def test_rows_are_actual_and_columns_predicted():
    counts = confusion_counts(LABELS, 3)
    assert counts.tolist() == [[1, 2, 0], [0, 0, 0], [0, 0, 1]]
    np.testing.assert_allclose(
        normalise_rows(counts), [[1 / 3, 2 / 3, 0], [0, 0, 0], [0, 0, 1]], rtol=1e-12
    )


def test_a_label_without_a_name_is_refused():
    with pytest.raises(InputError, match="2 classes are named"):
        confusion_counts(LABELS, 2)


def test_counts_and_percent_have_the_actual_class_in_rows(predictions):
    counts, percent = draw(predictions)
    assert shown(counts).tolist() == [[2, 0, 0], [0, 0, 2], [0, 0, 2]]
    assert shown(percent).tolist() == [[100, 0, 0], [0, 0, 100], [0, 0, 100]]
    for figure in (counts, percent):
        axes = figure.axes[0]
        assert [label.get_text() for label in axes.get_xticklabels()] == list(CLASSES)
        assert [label.get_text() for label in axes.get_yticklabels()] == list(CLASSES)
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "actual class")
        assert axes.get_ylim() == (2.5, -0.5)  # the first row is on top


def test_title_has_accuracy_and_numbers_and_the_source_is_stated(predictions, texts_of):
    for figure in draw(predictions):
        texts = texts_of(figure)
        assert "HearNet\naccuracy 66.7 % of 6 test crops from 3 sequences" in texts
        assert "simulated data" in texts


def test_one_crop_is_not_called_crops(predictions, texts_of):
    assert "HearNet\naccuracy 100.0 % of 1 test crop from 1 sequence" in texts_of(
        draw(predictions[:1])[0]
    )


def test_a_class_without_crops_says_so(predictions, texts_of):
    counts, percent = draw(predictions[predictions["actual"] != 1])
    assert texts_of(counts).count("no test crop") == 1
    assert texts_of(percent).count("no test crop") == 1


def test_no_predictions_are_refused(predictions):
    with pytest.raises(InputError, match="none to draw"):
        draw(predictions[:0])


def test_verb_writes_both_figures_twice(write_network, tmp_path, capsys):
    network = write_network()
    counts, normalised = tmp_path / "figures/c.png", tmp_path / "figures/n.png"
    arguments = ["draw-confusion", "--predictions", str(network.predictions)]
    arguments += ["--counts", str(counts), "--normalised", str(normalised)]
    assert main([*arguments, "--description", str(network.description)]) == 0
    names = sorted(path.name for path in counts.parent.iterdir())
    assert names == ["c.png", "c.svg", "n.png", "n.svg"]
    assert counts.read_bytes() != normalised.read_bytes()
    assert main([*arguments, "--description", str(tmp_path / "model.json")]) == 1
    assert "no such file" in capsys.readouterr().err


def test_verb_draws_either_figure_alone_but_not_none(write_network, tmp_path, capsys):
    network = write_network()
    arguments = ["draw-confusion", "--predictions", str(network.predictions)]
    arguments += ["--description", str(network.description)]
    for option in ("--counts", "--normalised"):
        output = tmp_path / option / "figure.png"
        assert main([*arguments, option, str(output)]) == 0
        assert sorted(path.name for path in output.parent.iterdir()) == ["figure.png", "figure.svg"]
    assert main(arguments) == 1
    assert "name --counts, --normalised or both" in capsys.readouterr().err
