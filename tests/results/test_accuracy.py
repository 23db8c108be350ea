import numpy as np
import pandas as pd
import pytest

from avdistill.evaluation.intervals import bootstrap_interval, crop_interval
from avdistill.results.accuracy import (
    five_second_accuracy,
    measure_accuracy,
    sequences_right,
)


def predictions(rows):
    """Build predictions from (sequence, start, actual, logits)."""
    logits = np.array([row[3] for row in rows], np.float32)
    return pd.DataFrame(
        {
            "sequence": [row[0] for row in rows],
            "start": [row[1] for row in rows],
            "actual": [row[2] for row in rows],
            "predicted": logits.argmax(axis=1),
            **{f"logit_{label}": logits[:, label] for label in range(logits.shape[1])},
        }
    )


STUDENT = predictions(
    [
        ("a", 0, 0, (3, 0)),  # right
        ("a", 5, 0, (0, 1)),  # wrong, but the sequence's mean is right
        ("b", 0, 1, (5, 0)),  # wrong, and the sequence with it
        ("b", 5, 1, (0, 1)),  # right
        ("c", 0, 1, (0, 1)),  # right
    ]
)


def test_accuracies_worked_out_by_hand():
    metrics = measure_accuracy(STUDENT)
    assert metrics["accuracy_crop"] == pytest.approx(3 / 5)
    assert metrics["accuracy_sequence"] == pytest.approx(2 / 3)
    assert (metrics["crops"], metrics["sequences"], metrics["chance"]) == (5, 3, 0.5)
    assert "accuracy_frame" not in metrics
    assert "accuracy_5s" not in metrics


def test_the_interval_holds_the_accuracy_and_resamples_sequences():
    lower, upper = crop_interval(STUDENT, seed=0)
    assert lower < 3 / 5 < upper
    correct = [True, False, False, True, True]
    assert (lower, upper) == bootstrap_interval(correct, list("aabbc"), seed=0)


def test_sequences_are_judged_by_their_mean_logits():
    assert sequences_right(STUDENT).to_dict() == {"a": True, "b": False, "c": True}


def test_frames_are_counted_where_a_teacher_judges_them():
    teacher = STUDENT.assign(frames_correct=[12, 0, 6, 6, 12], frames=12)
    assert measure_accuracy(teacher)["accuracy_frame"] == pytest.approx(36 / 60)


def test_five_seconds_of_a_teacher_are_averaged_and_the_rest_dropped():
    seconds = [("a", second, 0, (1, 0)) for second in range(5)]
    seconds += [("a", second, 0, (0, 1)) for second in range(5, 9)]  # not five whole seconds
    seconds += [("b", second, 1, (0, 3) if second == 2 else (0.5, 0)) for second in range(5)]
    seconds += [("c", second, 1, (0, 3) if second == 2 else (1, 0)) for second in range(5)]
    assert five_second_accuracy(predictions(seconds)) == pytest.approx(2 / 3)
    assert measure_accuracy(predictions(seconds))["accuracy_5s"] == pytest.approx(2 / 3)
    assert five_second_accuracy(predictions(seconds[:4])) is None


def test_the_order_of_rows_changes_nothing():
    shuffled = STUDENT.sample(frac=1, random_state=3)
    assert measure_accuracy(shuffled) == measure_accuracy(STUDENT)
    assert crop_interval(shuffled, seed=1) == crop_interval(STUDENT, seed=1)
    assert sequences_right(shuffled).mean() == sequences_right(STUDENT).mean()


def test_without_crops_nothing_is_claimed():
    metrics = measure_accuracy(STUDENT.iloc[:0])
    assert metrics["accuracy_crop"] is crop_interval(STUDENT.iloc[:0], seed=0) is None
    assert (metrics["crops"], metrics["sequences"], metrics["chance"]) == (0, 0, 0.5)
