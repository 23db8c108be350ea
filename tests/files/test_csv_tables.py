"""One way to write and read CSV, and one message for whatever is wrong with a file."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.errors import InputError
from avdistill.files.csv_tables import (
    CsvTable,
    empty_or,
    filled,
    finite,
    finite_or_nan,
    read_columns,
    read_csv,
    read_frame,
    write_csv,
    write_frame,
)

TABLE = CsvTable(
    "table of runs",
    {"name": filled, "seed": int, "accuracy": finite, "loss": finite_or_nan},
    "run the test",
)
ROWS = [('ä,"b"\nc', 1, 0.1 + 0.2, 1e-17), ("d", -2, 1 / 3, 5.0)]


def reads():
    return [
        ("rows", lambda path: list(read_csv(path, TABLE))),
        ("frame", lambda path: read_frame(path, TABLE)),
        ("columns", lambda path: read_columns(path, TABLE)),
    ]


@pytest.fixture(params=reads(), ids=lambda case: case[0])
def read(request):
    return request.param[1]


def test_rows_are_read_back_to_the_last_digit(tmp_path):
    path = tmp_path / "new" / "runs.csv"
    write_csv(path, TABLE.columns, ROWS)
    assert list(read_csv(path, TABLE)) == ROWS
    assert path.read_bytes().startswith(b'name,seed,accuracy,loss\n"\xc3\xa4,""b""\nc",1,0.30000')
    assert read_columns(path, TABLE) == [dict(zip(TABLE.columns, row, strict=True)) for row in ROWS]


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=5))
def test_every_number_is_read_back_exactly(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("numbers") / "numbers.csv"
    table = CsvTable("table", {"number": finite}, "run")
    write_csv(path, table.columns, [(number,) for number in numbers])
    first = path.read_bytes()
    assert list(read_csv(path, table)) == [(number,) for number in numbers]
    write_frame(path, pd.DataFrame({"number": numbers}))
    assert path.read_bytes() == first


def test_a_frame_is_read_back_and_its_empty_cells_are_nan(tmp_path):
    frame = pd.DataFrame(ROWS, columns=list(TABLE.columns)).assign(loss=[math.nan, 2.5])
    write_frame(tmp_path / "runs.csv", frame)
    assert read_frame(tmp_path / "runs.csv", TABLE).equals(frame)
    write_frame(tmp_path / "runs.csv", frame.assign(loss=math.nan))
    assert read_frame(tmp_path / "runs.csv", TABLE)["loss"].dtype == float


def test_columns_are_found_among_others_in_any_order(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("seed,fold,other,name\n1,2,x,a\n\n3,,y,b\n")
    table = CsvTable("table", {"name": str, "seed": int}, "run")
    assert read_columns(path, table) == [{"seed": 1, "name": "a"}, {"seed": 3, "name": "b"}]
    optional = {"fold": empty_or(int), "absent": int}
    assert read_columns(path, table, optional)[0] == {"seed": 1, "fold": 2, "name": "a"}
    assert read_columns(path, table, optional)[1]["fold"] is None


def test_a_file_without_header_and_with_tabs(tmp_path):
    path = tmp_path / "clips.txt"
    path.write_text("a b\t1\nc\t2\n")
    table = CsvTable("list", {"file": str, "number": int}, "get it", delimiter="\t", header=False)
    assert list(read_csv(path, table)) == [("a b", 1), ("c", 2)]


HEADER = b"name,seed,accuracy,loss\n"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\xfe\x00", "utf-8"),
        (b"", "name"),
        (b"name,seed,accuracy\na,1,0.5\n", "loss|accuracy"),
        (HEADER + b"a,1,0.5\n", "line 2 has 3 cells, not 4"),
        (HEADER + b"a,1,0.5,2,3\n", "line 2 has 5 cells, not 4"),
        (HEADER + b'a,1,0.5,"2\n', "unexpected end of data"),
        (HEADER + b"a,1,0.5,2\n,1,0.5,2\n", "line 3, name: the cell is empty"),
        (HEADER + b"a,1.5,0.5,2\n", r"line 2, seed: .*1\.5"),
        (HEADER + b"a,1,much,2\n", "line 2, accuracy: 'much' is not a finite number"),
        (HEADER + b"a,1,nan,2\n", "line 2, accuracy: 'nan' is not a finite number"),
        (HEADER + b"a,1,,2\n", "line 2, accuracy: '' is not a finite number"),
        (HEADER + b"a,1,0.5,inf\n", "line 2, loss: 'inf' is not a finite number"),
    ],
)
def test_what_is_wrong_is_one_message_that_names_the_file(tmp_path, read, content, what):
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    message = rf"runs\.csv: not a table of runs \(.*({what}).*\); delete it and run the test$"
    with pytest.raises(InputError, match=message):
        read(path)


def test_other_columns_or_another_order_of_them_are_refused(tmp_path):
    path = tmp_path / "runs.csv"
    for header in ("seed,name,accuracy,loss", "name,seed,accuracy,loss,more"):
        path.write_text(header + "\n")
        with pytest.raises(InputError, match="its columns are not name, seed, accuracy, loss"):
            list(read_csv(path, TABLE))
    path.write_text("seed,accuracy\n")
    with pytest.raises(InputError, match="no column name"):
        read_columns(path, TABLE)


def test_a_missing_file_is_one_message(tmp_path, read):
    with pytest.raises(InputError, match=r"runs\.csv: no such table of runs; run the test$"):
        read(tmp_path / "runs.csv")


def test_a_file_that_cannot_be_read_is_one_message(tmp_path, read):
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\); run the test$"):
        read(tmp_path)


def test_a_failure_while_writing_leaves_nothing(tmp_path):
    def rows():
        yield ROWS[0]
        raise InputError("broken")

    with pytest.raises(InputError, match="broken"):
        write_csv(tmp_path / "runs.csv", TABLE.columns, rows())
    assert list(tmp_path.iterdir()) == []
