"""Learning curves on disk."""

import pytest

from avdistill.errors import InputError
from avdistill.results.history import HISTORY, best_epoch, read_history, write_history

ROWS = [
    {"epoch": 1} | dict.fromkeys(HISTORY[1:], 2.5),
    {"epoch": 2} | dict(zip(HISTORY[1:], (0.1 + 0.2, 1 / 3, 1e-17, 1.0), strict=True)),
]


def epochs(*accuracies):
    return [
        {"epoch": number, "validation_accuracy": accuracy}
        for number, accuracy in enumerate(accuracies, start=1)
    ]


@pytest.mark.parametrize(
    ("accuracies", "best"),
    [((0.25, 0.75, 0.75, 0.5), 3), ((0.5, 0.25), 1), ((0.0,), 1), ((0.0, 0.0), 2)],
)
def test_the_best_epoch_is_the_last_of_the_most_accurate_in_validation(accuracies, best):
    assert best_epoch(epochs(*accuracies)) == best
    assert best_epoch(epochs(*accuracies)[::-1]) == best


def test_what_is_written_is_read_back_to_the_last_digit(tmp_path):
    write_history(tmp_path / "history.csv", ROWS)
    assert read_history(tmp_path / "history.csv").to_dict("records") == ROWS
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert lines[0] == ",".join(HISTORY)
    assert lines[2] == "2,0.30000000000000004,0.3333333333333333,1e-17,1.0"


@pytest.mark.parametrize("text", ["", "epoch,loss\n1,2\n", f"{','.join(HISTORY)}\n", "\xff"])
def test_other_files_are_refused(tmp_path, text):
    (tmp_path / "history.csv").write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match=r"history\.csv: not a history"):
        read_history(tmp_path / "history.csv")


def test_values_that_are_not_finite_are_refused(tmp_path):
    write_history(tmp_path / "history.csv", [*ROWS, {**ROWS[0], "loss": float("inf")}])
    with pytest.raises(InputError, match=r"line 4, loss: .inf. is not a finite"):
        read_history(tmp_path / "history.csv")


def test_a_missing_history_is_named(tmp_path):
    with pytest.raises(InputError, match="no such history"):
        read_history(tmp_path / "history.csv")
