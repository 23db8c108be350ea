"""The page of hyper-parameters, compared with the paper's table 1."""

from collections.abc import Sequence

from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.columns import (
    INITIAL_WEIGHTS,
    LOSS,
    WHICH,
    number,
    per_cent,
    words,
)
from avdistill.evaluation.pages.document import Section, data_sentence, tables_page
from avdistill.evaluation.tables import Row

_COLUMNS = (
    *WHICH,
    number("learning_rate", "learning\nrate"),
    number("table1_learning_rate", "the paper's,\ntable 1"),
    words("agrees_with_table1", "the same?"),
    number("temperature", "T"),
    number("imitation", "λ"),
    LOSS,
    per_cent("validation_accuracy", "validation\naccuracy"),
    number("cells", "cells\ntried"),
    words("searched", "searched"),
    INITIAL_WEIGHTS,
)
_EXPLANATION = (
    "Learning rate of Adam, temperature T and imitation parameter λ, as each network was trained. "
    "Where something was searched, the cell of the grid with the best validation accuracy was "
    "taken (on a tie the lower validation loss); that scope's test sequences had no part in it. "
    "Where nothing was searched the values are the configuration's, or those of another scope's "
    "search. "
    "The paper's table 1 has a learning rate for each teacher and for students of ground truth, of "
    "DualCamNet and of ResNet-50; the paper gives no values of T and λ. The loss of distillation "
    "is the paper's (generalized) or that of Hinton et al., which is another. A learning rate that "
    "differs from the paper's says little where validation sequences are few, for then many cells "
    "are equally good."
)


def hyperparameters_page(rows: Sequence[Row], note: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    rows : from `avdistill.evaluation.hyperparameters.hyperparameter_rows`.
    note : one sentence shown at the top, or an empty one.
    """
    section = Section([_EXPLANATION], _COLUMNS, rows, weights_notes(rows))
    return tables_page("Chosen hyper-parameters", data_sentence(rows), note, [section])
