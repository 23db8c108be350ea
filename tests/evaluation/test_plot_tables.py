"""Tables for `dvc plots`."""

import pandas as pd
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.evaluation.plot_tables import (
    confusion_table,
    grid_table,
    learning_curves_table,
    table_name,
)
from avdistill.results.history import HISTORY, write_history

CLASSES = ("clapping", "paper shaking", "whistling")


def cells_of(*accuracies: float) -> pd.DataFrame:
    cells = {
        "cell": range(len(accuracies)),
        "learning_rate": 1e-3,
        "temperature": 2.0,
        "imitation": [0.5 * cell for cell in range(len(accuracies))],
        "validation_loss": 1.0,
        "validation_accuracy": accuracies,
        "best_epoch": 1,
        "epochs": 2,
    }
    return pd.DataFrame(cells)


@pytest.fixture
def finished_networks(tmp_path, make_network) -> list:
    """Write a teacher and students of two scopes, as training leaves them; their metrics.json."""
    paths = [
        make_network("dualcamnet", scope="all"),
        make_network("hearnet", "dualcamnet", scope="all", cells=[{"temperature": 1.0}] * 2),
        make_network("hearnet", "dualcamnet", scope="scenario1"),
    ]
    for number, path in enumerate(paths):
        epochs = [[epoch, 2.0, 0.5, 2.5 + number, 0.25] for epoch in (1, 2)]
        rows = [dict(zip(HISTORY, epoch, strict=True)) for epoch in epochs]
        write_history(path.with_name("history.csv"), rows)
    description = DatasetDescription("simulated", CLASSES, ("anechoic chamber",), 6, 10)
    description.write(tmp_path / "dataset.json")
    return paths


def tabulate(tmp_path, paths, *options) -> int:
    files = [*map(str, paths), "--dataset", str(tmp_path / "dataset.json")]
    return main(["tabulate-plots", "--metrics", *files, "--output", f"{tmp_path}/plots", *options])


def names_below(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("network", "supervision", "name"),
    [
        ("temporal_resnet50", "ground_truth", "scenario2-temporal_resnet50-seed3"),
        ("hearnet", "ground_truth", "scenario2-hearnet-ground_truth-seed3"),
        ("soundnet", "resnet50", "scenario2-soundnet-resnet50-seed3"),
    ],
)
def test_names_say_which_network_and_of_students_the_supervision(network, supervision, name):
    metrics = {"network": network, "supervision": supervision, "scope": "scenario2", "seed": 3}
    assert table_name(metrics) == name


def test_training_and_validation_are_named_alike():
    table = learning_curves_table(pd.DataFrame([[1, 2.0, 0.1, 3.0, 0.2]], columns=list(HISTORY)))
    assert table.to_dict("records") == [
        {
            "epoch": 1,
            "training_loss": 2.0,
            "validation_loss": 3.0,
            "training_accuracy": 0.1,
            "validation_accuracy": 0.2,
        }
    ]


def test_confusion_has_a_row_for_each_test_crop_with_names(make_predictions):
    predictions = make_predictions(seed=1, length=5)
    table = confusion_table(predictions, CLASSES)
    assert len(table) == len(predictions)
    assert set(table["actual"]) == {"clapping"}
    expected = [CLASSES[label] for label in predictions["predicted"]]
    assert table["predicted"].tolist() == expected
    assert len(set(expected)) > 1


def test_a_label_without_a_name_is_refused(make_predictions):
    with pytest.raises(InputError, match="beyond the 1 classes"):
        confusion_table(make_predictions(seed=1, length=5), CLASSES[:1])


def test_the_best_cell_alone_is_chosen_and_the_earlier_of_equals():
    assert grid_table(cells_of(0.2, 0.6, 0.6))["chosen"].tolist() == ["no", "yes", "no"]


def test_command_writes_three_kinds_of_tables(finished_networks, tmp_path, read_table):
    assert tabulate(tmp_path, finished_networks) == 0
    plots = tmp_path / "plots"
    students = {"all-hearnet-dualcamnet-seed0.csv", "scenario1-hearnet-dualcamnet-seed0.csv"}
    assert names_below(plots / "learning_curves") == students | {"all-dualcamnet-seed0.csv"}
    assert names_below(plots / "confusion") == students | {"all-dualcamnet-seed0.csv"}
    assert names_below(plots / "grid") == students
    curves = read_table(plots / "learning_curves/scenario1-hearnet-dualcamnet-seed0.csv")
    assert [row["validation_loss"] for row in curves] == ["4.5", "4.5"]
    [cell] = read_table(plots / "grid/scenario1-hearnet-dualcamnet-seed0.csv")
    assert (cell["learning_rate"], cell["temperature"], cell["chosen"]) == ("0.001", "", "yes")


def test_only_students_that_searched_have_a_grid(finished_networks, tmp_path):
    assert tabulate(tmp_path, finished_networks, "--searched-on", "all") == 0
    assert names_below(tmp_path / "plots/grid") == {"all-hearnet-dualcamnet-seed0.csv"}


def test_a_network_that_is_no_more_leaves_no_table(finished_networks, tmp_path):
    assert tabulate(tmp_path, finished_networks) == 0
    page = tmp_path / "plots/page.html"
    page.write_text("not ours")
    assert tabulate(tmp_path, finished_networks[:1]) == 0
    name = "all-dualcamnet-seed0.csv"
    assert names_below(tmp_path / "plots") == {
        f"learning_curves/{name}", f"confusion/{name}", "page.html",
    }  # fmt: skip


def test_the_same_results_give_the_same_bytes(finished_networks, tmp_path):
    plots = tmp_path / "plots"
    contents = []
    for paths in (finished_networks, finished_networks[::-1]):
        assert tabulate(tmp_path, paths) == 0
        contents.append({name: (plots / name).read_bytes() for name in names_below(plots)})
    assert contents[0] == contents[1]


@pytest.mark.parametrize("name", ["history.csv", "predictions.parquet", "grid.csv"])
def test_a_missing_file_is_named_and_tables_stay_as_they_were(
    name, finished_networks, tmp_path, capsys
):
    assert tabulate(tmp_path, finished_networks) == 0
    before = names_below(tmp_path / "plots")
    finished_networks[1].with_name(name).unlink()
    assert tabulate(tmp_path, finished_networks) == 1
    assert name in capsys.readouterr().err
    assert names_below(tmp_path / "plots") == before
