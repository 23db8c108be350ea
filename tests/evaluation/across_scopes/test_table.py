import numpy as np
import pytest

from avdistill.avia.dataset import DatasetDescription
from avdistill.cli import main
from avdistill.evaluation.across_scopes.predictions import RunOnScope, write_across_scopes
from avdistill.evaluation.intervals import crop_interval
from avdistill.results.accuracy import measure_accuracy

DATASET = DatasetDescription("simulated", ("a", "b", "c"), ("room", "yard"), 3, 10)


@pytest.fixture
def summarise(tmp_path, make_network, make_predictions, read_table):
    """Two seeds of a teacher, trained on scenario 1; the second has nothing left of scenario 2."""
    tables = {}
    for seed in (0, 1):
        for target in ("scenario1", "scenario2", "all"):
            key = RunOnScope("scenario1", "ground_truth", seed, target)
            tables[key] = make_predictions(10 * seed + len(target), 1, 12)
    key = RunOnScope("scenario1", "ground_truth", 1, "scenario2")
    tables[key] = tables[key].iloc[:0]
    paths = [make_network("dualcamnet", seed=seed) for seed in (0, 1)]
    DATASET.write(tmp_path / "dataset.json")
    csv, page = tmp_path / "across_scopes.csv", tmp_path / "across_scopes.html"

    def run(tables=tables, metrics=paths, name="dualcamnet"):
        write_across_scopes(tmp_path / f"{name}.parquet", tables)
        status = main(
            [
                *("summarise-across-scopes", "--predictions", str(tmp_path / f"{name}.parquet")),
                *("--metrics", *map(str, metrics), "--dataset", str(tmp_path / "dataset.json")),
                *("--table", str(csv), "--page", str(page)),
            ]
        )
        return (read_table(csv), page.read_text()) if status == 0 else None

    run.tables, run.paths = tables, paths
    return run


def test_every_network_has_a_row_for_every_scope_with_its_n(summarise):
    rows, page = summarise()
    assert [(row["target"], row["seed"]) for row in rows] == [
        (target, seed)
        for target in ("all", "scenario1", "scenario2")
        for seed in ("0", "1", "mean", "standard deviation")
    ]
    for row in rows:
        if row["seed"] in ("0", "1") and row["accuracy_crop"]:
            key = RunOnScope("scenario1", "ground_truth", int(row["seed"]), row["target"])
            test = measure_accuracy(summarise.tables[key])
            assert float(row["accuracy_crop"]) == test["accuracy_crop"]
            ends = float(row["interval_95_low"]), float(row["interval_95_high"])
            assert ends == crop_interval(summarise.tables[key], seed=0)
            assert (row["crops"], row["sequences"]) == ("60", "6")
    means = [float(row["accuracy_crop"]) for row in rows[:3]]
    assert means[2] == pytest.approx(np.mean(means[:2]))
    assert "scenario 1" in page
    assert "Data: simulated" in page


def test_where_nothing_is_left_n_is_zero_and_accuracy_empty(summarise):
    rows, page = summarise()
    assert [row["crops"] for row in rows[8:10]] == ["60", "0"]
    assert (rows[9]["sequences"], rows[9]["accuracy_crop"], rows[9]["interval_95_low"]) == (
        "0", "", "",
    )  # fmt: skip
    assert rows[10]["accuracy_crop"] == ""  # no mean of one seed out of two
    assert "–" in page


def test_files_that_do_not_belong_together_are_refused(summarise, capsys, make_predictions):
    def problem(**options):
        assert summarise(**options) is None
        return capsys.readouterr().err

    assert "no metrics of that network" in problem(metrics=summarise.paths[:1])
    assert "no metrics of that network" in problem(name="hearnet")
    first = {key: table for key, table in summarise.tables.items() if key.seed == 0}
    assert "no predictions of scenario1, ground_truth, 1" in problem(tables=first)
    five = make_predictions(0, 1).assign(logit_3=0.0, logit_4=0.0)
    other = {RunOnScope("scenario1", "ground_truth", 0, "scenario1"): five}
    assert "5 classes, but the data set has 3" in problem(tables=other, metrics=summarise.paths[:1])
