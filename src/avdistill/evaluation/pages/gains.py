"""The page of gains: students of soft labels compared with those of ground truth."""

from collections.abc import Sequence

from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.columns import (
    INITIAL_WEIGHTS,
    WHICH,
    interval,
    number,
    per_cent,
    points,
)
from avdistill.evaluation.pages.document import Section, data_sentence, tables_page
from avdistill.evaluation.tables import Row

_COLUMNS = (
    *WHICH,
    per_cent("accuracy", "accuracy"),
    per_cent("accuracy_ground_truth", "accuracy\nof (G)"),
    points("difference", "gain,\npoints"),
    interval("95 % interval\nof the gain", signed=True),
    number("only_this_right", "only this\none right"),
    number("only_ground_truth_right", "only (G)\nright"),
    number("mcnemar_p", "McNemar's\np"),
    number("sequences", "sequences"),
    number("crops", "crops"),
    INITIAL_WEIGHTS,
)
_EXPLANATION = (
    "Each student of soft labels beside the student of ground truth (G) of the same network, "
    "scope and seed, both tested on the same crops. The gain is the difference of their test "
    "accuracies in crops of 5 s, in percentage points. Its interval resamples whole sequences, "
    "with both students' verdicts on each. The next two columns count sequences, each judged by "
    "its mean logits, that only one of the two has right; McNemar's exact test (two-sided) asks "
    "whether they could divide so by chance. Every row is a test of its own: among twenty tests of "
    "students that are equally good, one p below 0.05 is expected. Standard deviations over seeds "
    "divide by n − 1; the seeds share their test sequences."
)
_NOTHING = (
    "There is nothing to compare: no student of soft labels has a counterpart of ground truth."
)


def gains_page(rows: Sequence[Row], note: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    rows : from `avdistill.evaluation.gains.gain_rows`.
    note : one sentence shown at the top, or an empty one.
    """
    paragraphs = [_EXPLANATION] if rows else [_EXPLANATION, _NOTHING]
    section = Section(paragraphs, _COLUMNS, rows, weights_notes(rows))
    return tables_page("Gains of distillation", data_sentence(rows), note, [section])
