"""The page of test accuracy, of every network in its own scope, and of how it was trained."""

from collections.abc import Sequence

from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.columns import (
    INITIAL_WEIGHTS,
    LOSS,
    WHICH,
    interval,
    number,
    per_cent,
)
from avdistill.evaluation.pages.document import Section, data_sentence, tables_page
from avdistill.evaluation.tables import Row

MEASURED = (
    per_cent("accuracy_crop", "accuracy,\ncrops"),
    interval("95 % interval"),
    per_cent("accuracy_sequence", "accuracy,\nsequences"),
    per_cent("accuracy_frame", "accuracy,\nframes"),
    per_cent("accuracy_5s", "accuracy,\n5 s"),
    per_cent("chance", "chance"),
    number("crops", "crops"),
    number("sequences", "sequences"),
)
_TRAINING = (
    number("learning_rate", "learning\nrate"),
    number("temperature", "T"),
    number("imitation", "λ"),
    LOSS,
    per_cent("validation_accuracy", "validation\naccuracy"),
    number("validation_loss", "validation\nloss"),
    number("epochs", "epochs"),
    number("best_epoch", "best\nepoch"),
    number("training_loss_first", "training loss,\nfirst epoch"),
    number("training_loss_last", "training loss,\nlast epoch"),
)
UNITS = (
    "Crops are the unit of the paper: 1 s for teachers (logits averaged over its frames), 5 s for "
    "students. Sequences: logits averaged over all of a sequence's crops. Frames and 5 s: teachers "
    "only; 5 s is what compares with students. Intervals are of the accuracy of crops and resample "
    "whole sequences. Standard deviations over seeds divide by n − 1."
)
_TRAINING_EXPLANATION = (
    "Validation accuracy and loss are those of the best epoch, which is the one that was tested. "
    "T, λ and the loss (the paper's, generalized, or Hinton's) belong to distilled students; where "
    "the grid had more than one cell, the learning rate, T and λ are those with the best "
    "validation accuracy."
)


def accuracy_page(rows: Sequence[Row], note: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    rows : from `avdistill.evaluation.summary.accuracy_rows`.
    note : one sentence shown at the top, or an empty one.
    """
    sections = [
        Section([UNITS], (*WHICH, *MEASURED, INITIAL_WEIGHTS), rows, weights_notes(rows)),
        Section([_TRAINING_EXPLANATION], (*WHICH, *_TRAINING), rows, heading="Training"),
    ]
    return tables_page("Test accuracy", data_sentence(rows), note, sections)
