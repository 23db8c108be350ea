import pytest

from avdistill.evaluation.tables import with_mean_and_deviation, write_table

ROWS = [
    {"network": "a", "seed": 0, "accuracy": 0.5, "chance": 0.1, "rate": 1},
    {"network": "b", "seed": 0, "accuracy": 0.9, "chance": 0.1, "rate": 1},
    {"network": "a", "seed": 1, "accuracy": 0.7, "chance": 0.1, "rate": 2},
]


def test_mean_and_deviation_stand_below_groups_of_two_or_more():
    table = with_mean_and_deviation(
        ROWS, by=["network"], over="seed", measures=["accuracy"], kept=["chance", "rate"]
    )
    assert [row["seed"] for row in table] == [0, 1, "mean", "standard deviation", 0]
    assert table[2]["accuracy"] == pytest.approx(0.6)
    assert table[3]["accuracy"] == pytest.approx(0.02**0.5)  # n - 1
    assert table[2]["chance"] == 0.1
    assert "rate" not in table[2]


def test_a_mean_of_something_missing_is_missing():
    rows = [*ROWS[::2], {"network": "a", "seed": 2, "accuracy": None}]
    *_, mean, deviation = with_mean_and_deviation(
        rows, by=["network"], over="seed", measures=["accuracy"], kept=[]
    )
    assert mean["accuracy"] is deviation["accuracy"] is None


def test_missing_values_are_empty_cells(tmp_path):
    path = tmp_path / "new" / "table.csv"
    write_table(path, ["seed", "accuracy", "note"], [{"seed": 1, "accuracy": None, "note": "ä,b"}])
    assert path.read_bytes() == 'seed,accuracy,note\n1,,"ä,b"\n'.encode()
    with pytest.raises(ValueError, match="network"):
        write_table(path, ["seed"], ROWS)
    assert path.read_bytes().startswith(b"seed,accuracy")
