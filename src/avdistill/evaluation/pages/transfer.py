"""The page of transfer: k nearest neighbours on the students' features."""

from collections.abc import Sequence

from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.columns import (
    INITIAL_WEIGHTS,
    NETWORK,
    SCOPE,
    SEED,
    SUPERVISION,
    Column,
    interval,
    number,
    per_cent,
    scope_words,
    words,
)
from avdistill.evaluation.pages.document import Section, data_sentence, tables_page
from avdistill.evaluation.tables import Row


def _extent(row: Row) -> str:
    if row.get("clips") is not None:
        return f"{row['clips']} clips"
    return f"{row.get('crops', 0)} crops of {row.get('sequences', 0)} sequences"


_COLUMNS = (
    NETWORK,
    SUPERVISION,
    SCOPE,
    words("tested_on", "tested on", scope_words),
    SEED,
    number("k", "k"),
    per_cent("validation_accuracy", "validation\naccuracy"),
    per_cent("accuracy", "accuracy"),
    interval("95 % interval"),
    per_cent("deviation_over_folds", "deviation\nover folds"),
    per_cent("untrained_accuracy", "accuracy,\nuntrained"),
    per_cent("chance", "chance"),
    Column("how many tested", _extent, "text"),
    INITIAL_WEIGHTS,
)
_EXPLANATION = (
    "k nearest neighbours on the features that a student computes before the shared head, fitted "
    "on the training part of what it is tested on. k is the one with the best accuracy on the "
    "validation part, and the test part was classified once, with that k. Of other scopes no "
    "sequence is tested that the student or its teacher had in training or validation; where none "
    "is left there is no accuracy. Where a data set has folds each is the test once and has a k of "
    "its own, listed in the folds' order; accuracies are means over folds. An untrained student of "
    "the same architecture stands beside: what lies above it was learned or, where a student began "
    "with published weights, came with them. Intervals resample whole sequences. Standard "
    "deviations over folds and over seeds divide by n − 1."
)
_NOTHING = "No student's features were tried elsewhere in this run."


def transfer_page(rows: Sequence[Row], note: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    rows : from `avdistill.evaluation.transfer_summary.transfer_rows`.
    note : one sentence shown at the top, or an empty one.
    """
    paragraphs = [_EXPLANATION] if rows else [_EXPLANATION, _NOTHING]
    section = Section(paragraphs, _COLUMNS, rows, weights_notes(rows))
    source = data_sentence(rows).replace("Data:", "Students were trained on data:")
    return tables_page("Transfer of the students' features", source, note, [section])
