import pytest

from avdistill.cli import main
from avdistill.figures.learning_curves import draw_learning_curves
from avdistill.results.history import read_history


@pytest.fixture
def history(write_network):
    return read_history(write_network().history)


def test_each_network_has_a_row_of_loss_and_accuracy(history, texts_of):
    figure = draw_learning_curves(["first", "second"], [history] * 2, "AVIA")
    assert [axes.get_ylabel() for axes in figure.axes] == 2 * [
        "loss (nats)",
        "accuracy (% of crops)",
    ]
    assert [axes.get_title("left") for axes in figure.axes] == ["first", "", "second", ""]
    texts = texts_of(figure)
    assert texts.count("kept: epoch 3, 75.0 %") == 2
    assert "data: AVIA" in texts


def test_curves_are_the_historys_and_the_kept_epoch_is_marked(history):
    loss, accuracy = draw_learning_curves(["it"], [history], "simulated").axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in accuracy.lines}
    assert lines["training"] == [[1, 30], [2, 60], [3, 80], [4, 90]]
    assert lines["validation"] == [[1, 25], [2, 75], [3, 75], [4, 50]]
    assert lines["kept: epoch 3, 75.0 %"] == [[3, 75]]
    assert loss.lines[0].get_ydata().tolist() == [1.2, 0.9, 0.7, 0.5]
    assert loss.lines[2].get_xydata().tolist() == [[3, 1.05]]


def test_verb_draws_several_networks_but_not_of_different_data(write_network, tmp_path, capsys):
    teacher, student = write_network("dualcamnet", "ground_truth"), write_network()
    real = write_network(source="AVIA")
    output = tmp_path / "curves.png"

    def draw(histories, descriptions):
        arguments = ["--histories", *[str(one.history) for one in histories]]
        arguments += ["--descriptions", *[str(one.description) for one in descriptions]]
        return main(["draw-learning-curves", *arguments, "--output", str(output)])

    assert draw([teacher, student], [teacher]) == 1
    assert "2 histories and 1 descriptions" in capsys.readouterr().err
    assert draw([student, real], [student, real]) == 1
    assert "AVIA, simulated" in capsys.readouterr().err
    assert not output.exists()
    assert draw([teacher, student], [teacher, student]) == 0
    assert output.exists()
    assert output.with_suffix(".svg").exists()
