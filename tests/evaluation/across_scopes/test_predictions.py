import pandas as pd
import pytest

from avdistill.errors import InputError
from avdistill.evaluation.across_scopes.predictions import (
    RunOnScope,
    read_across_scopes,
    write_across_scopes,
)
from avdistill.results.predictions import no_predictions

ONE = RunOnScope("all", "ground_truth", 1, "scenario1")
OTHER = RunOnScope("all", "ground_truth", 0, "all")


def test_predictions_come_back_as_they_were(make_predictions, tmp_path):
    tables = {ONE: make_predictions(1, 1, 12), OTHER: make_predictions(2, 1, 12)}
    write_across_scopes(tmp_path / "dualcamnet.parquet", tables)
    found = read_across_scopes(tmp_path / "dualcamnet.parquet")
    assert set(found) == set(tables)
    for key, table in tables.items():
        pd.testing.assert_frame_equal(found[key], table, check_dtype=False)
    stored = pd.read_parquet(tmp_path / "dualcamnet.parquet")
    assert list(stored)[:6] == ["scope", "supervision", "seed", "target", "sequence", "start"]
    assert stored["logit_0"].dtype == "float32"


def test_equal_predictions_give_equal_bytes_in_any_order(make_predictions, tmp_path):
    tables = {ONE: make_predictions(1, 5), OTHER: make_predictions(2, 5)}
    for name, order in (("a", [ONE, OTHER]), ("b", [OTHER, ONE])):
        write_across_scopes(tmp_path / name, {key: tables[key] for key in order})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nothing_left_to_test_on_leaves_no_row(make_predictions, tmp_path):
    nothing = no_predictions(3, frame_wise=False)
    write_across_scopes(tmp_path / "file", {ONE: nothing, OTHER: make_predictions(2, 5)})
    assert set(read_across_scopes(tmp_path / "file")) == {OTHER}
    write_across_scopes(tmp_path / "file", {ONE: nothing})
    assert read_across_scopes(tmp_path / "file") == {}


def test_what_are_no_such_predictions_is_refused(make_predictions, tmp_path):
    with pytest.raises(InputError, match="no such predictions"):
        read_across_scopes(tmp_path / "absent.parquet")
    (tmp_path / "text.parquet").write_text("hello")
    with pytest.raises(InputError, match="not readable as Parquet"):
        read_across_scopes(tmp_path / "text.parquet")
    make_predictions(0, 5).to_parquet(tmp_path / "plain.parquet")
    with pytest.raises(InputError, match="lacks the column scope"):
        read_across_scopes(tmp_path / "plain.parquet")
    spoilt = make_predictions(0, 5).assign(predicted=7)
    with pytest.raises(InputError, match="labels outside"):
        write_across_scopes(tmp_path / "spoilt.parquet", {ONE: spoilt})
