"""The page of accuracy across scopes."""

from collections.abc import Sequence

from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.accuracy import MEASURED, UNITS
from avdistill.evaluation.pages.columns import (
    INITIAL_WEIGHTS,
    NETWORK,
    SCOPE,
    SEED,
    SUPERVISION,
    scope_words,
    words,
)
from avdistill.evaluation.pages.document import Section, data_sentence, tables_page
from avdistill.evaluation.tables import Row

_COLUMNS = (
    NETWORK,
    SUPERVISION,
    SCOPE,
    words("target", "tested on", scope_words),
    SEED,
    *MEASURED,
    INITIAL_WEIGHTS,
)
_EXPLANATION = (
    "Each network on the test sequences of every scope, less every sequence in the training or "
    "validation split of the scope that the network, and so its teacher, was trained on. How many "
    "crops and sequences are left stands in each row; no accuracy is given where none is. Each "
    "scope has a split of its own, so that two scopes' test sequences may be the same in part."
)


def across_scopes_page(rows: Sequence[Row], note: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    rows : from `avdistill.evaluation.across_scopes.table.across_scopes_rows`.
    note : one sentence shown at the top, or an empty one.
    """
    section = Section([_EXPLANATION, UNITS], _COLUMNS, rows, weights_notes(rows))
    return tables_page("Accuracy across scopes", data_sentence(rows), note, [section])
