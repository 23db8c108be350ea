import csv
import statistics

import pytest

from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.evaluation.transfer_summary import transfer_rows

STUDENT = {
    "network": "hearnet",
    "supervision": "ground_truth",
    "scope": "scenario1",
    "seed": 0,
    "initial_weights": "random; teacher: random backbone",
    "data_source": "simulated",
}
NEIGHBOURS = {
    "k": 9,
    "validation_accuracy": 0.6,
    "accuracy": 0.5,
    "untrained_k": 7,
    "untrained_validation_accuracy": 0.4,
    "untrained_accuracy": 0.25,
    "chance": 0.1,
}
INTERVAL = {"interval_95_low": 0.4, "interval_95_high": 0.6}


def write(path, rows):
    with path.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def tables(tmp_path):
    """One table of each kind, as the verbs of transfer write them."""
    extent = {"sequences": 4, "crops": 8}
    scopes = [STUDENT | {"target": "all"} | extent | NEIGHBOURS | INTERVAL]
    empty = {
        "accuracy": "",
        "untrained_accuracy": "",
        "interval_95_low": "",
        "interval_95_high": "",
    }
    scopes.append(STUDENT | {"target": "scenario2"} | extent | NEIGHBOURS | INTERVAL | empty)
    folds = [
        STUDENT | {"tested_on": "ESC-10", "fold": fold, "clips": 80} | NEIGHBOURS
        | {"k": 5 + 2 * fold, "accuracy": 0.1 * fold}
        for fold in range(1, 6)
    ]  # fmt: skip
    folds.append(folds[0] | {"fold": "mean", "k": "", "accuracy": 0.3})
    folds.append(folds[0] | {"fold": "standard deviation", "k": "", "accuracy": 0.15})
    scenes = [STUDENT | {"tested_on": "DCASE 2018", "clips": 100} | NEIGHBOURS | INTERVAL]
    return [
        write(tmp_path / f"{name}.csv", rows)
        for name, rows in (("scopes", scopes), ("esc10", folds), ("dcase2018", scenes))
    ]


def test_every_kind_of_transfer_comes_into_one_table(tables):
    rows = transfer_rows(tables)
    assert [row["tested_on"] for row in rows] == ["DCASE 2018", "ESC-10", "all", "scenario2"]
    scenes, folds, scope, nothing_left = rows
    assert (scenes["k"], scenes["accuracy"], scenes["clips"]) == (9, 0.5, 100)
    assert (scenes["interval_95_low"], scenes["interval_95_high"]) == (0.4, 0.6)
    assert (scope["sequences"], scope["crops"], scope["untrained_accuracy"]) == (4, 8, 0.25)
    assert nothing_left.get("accuracy") is None
    assert nothing_left["k"] == 9
    assert {row["initial_weights"] for row in rows} == {STUDENT["initial_weights"]}
    assert folds["clips"] == 400


def test_folds_become_one_row_with_every_folds_k(tables):
    [row] = transfer_rows(tables[1:2])
    assert row["k"] == "7, 9, 11, 13, 15"
    assert row["accuracy"] == pytest.approx(0.3)
    expected = statistics.stdev([0.1, 0.2, 0.3, 0.4, 0.5])
    assert row["deviation_over_folds"] == pytest.approx(expected)
    assert "fold" not in row


def test_seeds_are_summarised_below(tmp_path):
    base = STUDENT | {"target": "all"} | NEIGHBOURS | INTERVAL
    rows = [base | {"seed": seed, "accuracy": accuracy} for seed, accuracy in ((0, 0.5), (1, 0.7))]
    found = transfer_rows([write(tmp_path / "scopes.csv", rows)])
    assert [row["seed"] for row in found] == [0, 1, "mean", "standard deviation"]
    assert found[2]["accuracy"] == pytest.approx(0.6)
    assert found[3]["accuracy"] == pytest.approx(statistics.stdev([0.5, 0.7]))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.unlink(), "no such table"),
        (lambda path: path.write_text("a,b\n1,2\n"), "no column network"),
        (lambda path: path.write_text(path.read_text().replace("9,", "x,")), "not a table of"),
        (
            lambda path: path.write_text(path.read_text().replace("target", "aim")),
            "not a table of transfer (no tested_on)",
        ),
        (
            lambda path: path.write_text(path.read_text().replace("initial_weights", "weights")),
            "not a table of transfer (no column initial_weights)",
        ),
    ],
)
def test_what_is_no_such_table_is_refused(tables, tmp_path, capsys, spoil, message):
    spoil(tables[0])
    files = ["--table", str(tmp_path / "all.csv"), "--page", str(tmp_path / "all.html")]
    options = ["--transfers", *map(str, tables)]
    assert main(["summarise-transfer", *options, *files]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "all.csv").exists()


@pytest.mark.parametrize(
    "lacking", ["clips", "accuracy", "validation_accuracy", "untrained_accuracy", "k", "fold"]
)
@pytest.mark.parametrize("how", ["column", "cell"])
def test_a_table_of_folds_that_lacks_what_is_summed_up_is_refused(tables, lacking, how):
    with tables[1].open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows[:5]:
        row[lacking] = ""
    if how == "column" and lacking != "fold":  # without this column they are no folds
        rows = [{name: row[name] for name in row if name != lacking} for row in rows]
    write(tables[1], rows)
    with pytest.raises(InputError, match="not a table of transfer"):
        transfer_rows(tables)


def test_a_table_that_is_cut_off_or_no_text_is_refused(tables):
    tables[0].write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not a table of transfer"):
        transfer_rows(tables[:1])
    whole = tables[2].read_text()
    tables[2].write_text(whole[: whole.index("simulated", whole.index("\n"))])
    with pytest.raises(InputError, match="not a table of transfer"):
        transfer_rows(tables[2:])


def test_the_verb_writes_table_and_page(tables, tmp_path, read_table):
    files = ["--table", str(tmp_path / "all.csv"), "--page", str(tmp_path / "all.html")]
    options = ["--transfers", *map(str, tables)]
    assert main(["summarise-transfer", *options, *files]) == 0
    assert len(read_table(tmp_path / "all.csv")) == 4
    page = (tmp_path / "all.html").read_text()
    assert "Students were trained on data: simulated" in page
    assert "7, 9, 11, 13, 15" in page
    assert "all scenarios" in page
    assert STUDENT["initial_weights"] in page
