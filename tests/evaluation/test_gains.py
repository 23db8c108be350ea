import numpy as np
import pandas as pd
import pytest

from avdistill.cli import main
from avdistill.evaluation.gains import gain, gain_rows
from avdistill.evaluation.intervals import bootstrap_interval
from avdistill.results.accuracy import sequences_right


def predictions(right):
    """Build two-class predictions from, by sequence, whether each crop is right."""
    rows = []
    for number, crops in enumerate(right):
        for start, is_right in enumerate(crops):
            logits = (1.0, 0.0) if is_right else (0.0, 1.0)
            name = f"Location_01/Subject_{number + 1:02d}/Action_001"
            rows.append((name, 5 * start, 0, int(not is_right), *logits))
    columns = ["sequence", "start", "actual", "predicted", "logit_0", "logit_1"]
    return pd.DataFrame(rows, columns=columns).astype({"logit_0": "f4", "logit_1": "f4"})


# Sequences: both right, only the distilled one (three times), only that of ground truth, neither.
DISTILLED = predictions([[1, 1, 1], [1, 1, 0], [1, 1, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0]])
PLAIN = predictions([[1, 1, 1], [0, 0, 1], [0, 0, 0], [0, 1, 0], [1, 1, 1], [0, 1, 0]])


def test_a_gain_worked_out_by_hand():
    row = gain(DISTILLED, PLAIN, seed=0)
    assert row["accuracy"] == pytest.approx(11 / 18)
    assert row["accuracy_ground_truth"] == pytest.approx(9 / 18)
    assert row["difference"] == pytest.approx(2 / 18)
    assert (row["only_this_right"], row["only_ground_truth_right"]) == (3, 1)
    assert row["mcnemar_p"] == pytest.approx(2 * (1 + 4) / 2**4)
    assert (row["sequences"], row["crops"]) == (6, 18)
    assert row["interval_95_low"] < 0 < row["interval_95_high"]


def test_the_interval_resamples_sequences_with_both_students_verdicts():
    row = gain(DISTILLED, PLAIN, seed=3)
    difference = np.repeat([0, 1, 3, 1, -2, -1], 3) / 3  # each sequence's mean
    expected = bootstrap_interval(difference, np.repeat(list("abcdef"), 3), seed=3)
    assert (row["interval_95_low"], row["interval_95_high"]) == pytest.approx(expected)


def test_the_other_way_round_everything_changes_its_sign():
    one, other = gain(DISTILLED, PLAIN, seed=0), gain(PLAIN, DISTILLED, seed=0)
    assert one["difference"] == -other["difference"]
    assert one["only_this_right"] == other["only_ground_truth_right"]
    assert one["mcnemar_p"] == other["mcnemar_p"]
    assert one["interval_95_low"] == pytest.approx(-other["interval_95_high"], abs=0.02)


def test_the_order_of_rows_changes_nothing():
    shuffled = DISTILLED.sample(frac=1, random_state=1)
    assert gain(shuffled, PLAIN, seed=0) == gain(DISTILLED, PLAIN, seed=0)


def test_sequences_of_different_length_weigh_by_their_crops():
    row = gain(predictions([[1, 1, 1], [0]]), predictions([[0, 0, 0], [1]]), seed=0)
    assert row["difference"] == pytest.approx(2 / 4)
    assert row["mcnemar_p"] == 1


def test_a_single_sequence_bounds_nothing():
    row = gain(predictions([[1, 1]]), predictions([[0, 0]]), seed=0)
    assert (row["interval_95_low"], row["interval_95_high"]) == (-1, 1)


@pytest.mark.parametrize("other", [PLAIN.iloc[1:], PLAIN.assign(actual=1)])
def test_students_of_other_crops_cannot_be_compared(other):
    with pytest.raises(ValueError, match="not tested on the same crops"):
        gain(DISTILLED, other, seed=0)


def test_each_student_is_compared_with_its_own_counterpart(make_network):
    paths = [
        make_network("dualcamnet"),
        make_network("dualcamnet", seed=1),
        make_network("hearnet", predictions=PLAIN),
        make_network("hearnet", "dualcamnet", predictions=DISTILLED),
        make_network("hearnet", seed=1, predictions=DISTILLED),
        make_network("hearnet", "dualcamnet", seed=1, predictions=PLAIN),
        make_network("hearnet", "dualcamnet", scope="all", predictions=PLAIN),  # without one
        make_network("soundnet", "dualcamnet", predictions=PLAIN),  # nor has this
    ]
    rows = gain_rows(paths[::-1], seed=0)
    assert [row["seed"] for row in rows] == [0, 1, "mean", "standard deviation"]
    assert {(row["network"], row["scope"]) for row in rows} == {("hearnet", "scenario1")}
    differences = [rows[0]["difference"], rows[1]["difference"]]
    assert differences == pytest.approx([2 / 18, -2 / 18])
    assert rows[2]["difference"] == pytest.approx(0)
    assert rows[3]["difference"] == pytest.approx(np.std(differences, ddof=1))
    assert rows[2]["initial_weights"] == "random; teacher: random"
    assert "mcnemar_p" not in rows[2]


def test_the_verb_writes_table_and_page(make_network, tmp_path, read_table):
    paths = [
        make_network("resnet50"),
        make_network("hearnet", predictions=PLAIN),
        make_network(
            "hearnet",
            "resnet50",
            teacher_initial_weights="random backbone",
            predictions=DISTILLED,
        ),
    ]
    output = ["--table", str(tmp_path / "gains.csv"), "--page", str(tmp_path / "gains.html")]
    assert main(["compare-supervisions", "--metrics", *map(str, paths), *output]) == 0
    [row] = read_table(tmp_path / "gains.csv")
    assert (row["supervision"], row["only_this_right"]) == ("resnet50", "3")
    page = (tmp_path / "gains.html").read_text()
    assert "<td>+11.1</td>" in page
    assert "Backbone with random weights" in page
    assert main(["compare-supervisions", "--metrics", str(paths[0]), *output]) == 0
    assert read_table(tmp_path / "gains.csv") == []
    assert "nothing to compare" in (tmp_path / "gains.html").read_text()


def test_students_tested_on_other_crops_are_named(make_network, tmp_path, capsys):
    paths = [
        make_network("hearnet", predictions=PLAIN),
        make_network("hearnet", "dualcamnet", predictions=DISTILLED.iloc[1:]),
    ]
    output = ["--table", str(tmp_path / "gains.csv"), "--page", str(tmp_path / "gains.html")]
    assert main(["compare-supervisions", "--metrics", *map(str, paths), *output]) == 1
    assert "not tested on the same crops" in capsys.readouterr().err
    assert not (tmp_path / "gains.csv").exists()


def test_the_tests_sequences_are_those_of_the_accuracy_by_sequence():
    both = sequences_right(DISTILLED).to_numpy(), sequences_right(PLAIN).to_numpy()
    assert [int(one.sum()) for one in both] == [4, 2]
