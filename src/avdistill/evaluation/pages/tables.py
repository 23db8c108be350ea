"""The pages of the tables: what each of them says, and its columns."""

from avdistill.evaluation.labels import scope_words
from avdistill.evaluation.pages.columns import (
    INITIAL_WEIGHTS,
    LOSS,
    NETWORK,
    SCOPE,
    SEED,
    SUPERVISION,
    TESTED_ON,
    WHICH,
    Column,
    interval,
    number,
    per_cent,
    points,
    scaled,
    words,
)
from avdistill.evaluation.pages.document import Page, Section
from avdistill.evaluation.tables import Row, is_of_own_scope

_MEASURED = (
    per_cent("accuracy_crop", "accuracy,\ncrops"),
    interval("95 % interval"),
    per_cent("accuracy_sequence", "accuracy,\nsequences"),
    per_cent("accuracy_frame", "accuracy,\nframes"),
    per_cent("accuracy_5s", "accuracy,\n5 s"),
    per_cent("chance", "chance"),
    number("crops", "crops"),
    number("sequences", "sequences"),
)
_UNITS = (
    "Crops are the unit of the paper: 1 s for teachers (logits averaged over its frames), 5 s for "
    "students. Sequences: logits averaged over all of a sequence's crops. Frames and 5 s: teachers "
    "only; 5 s is what compares with students. Intervals are of the accuracy of crops and resample "
    "whole sequences. Standard deviations over seeds divide by n − 1."
)
_SCENARIOS = (
    "A network that was trained on all scenarios has a row for each scenario's part of its test "
    "sequences, too."
)


def _extent(row: Row) -> str:
    if row.get("clips") is not None:
        return f"{row['clips']} clips"
    return f"{row.get('crops', 0)} crops of {row.get('sequences', 0)} sequences"


ACCURACY = Page(
    "Test accuracy",
    (
        Section(
            (_UNITS, _SCENARIOS),
            (
                NETWORK,
                SUPERVISION,
                SCOPE,
                TESTED_ON,
                SEED,
                *_MEASURED,
                INITIAL_WEIGHTS,
            ),
        ),
        Section(
            (
                "Validation accuracy and loss are those of the best epoch, which is the one that "
                "was tested. T, λ and the loss (the paper's, generalized, or Hinton's) belong to "
                "distilled students; where the grid had more than one cell, the learning rate, T "
                "and λ are those with the best validation accuracy.",
            ),
            (
                *WHICH,
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
            ),
            "Training",
            is_of_own_scope,
        ),
    ),
)
ACROSS_SCOPES = Page(
    "Accuracy across scopes",
    (
        Section(
            (
                "Each network on the test sequences of every scope, less every sequence in the "
                "training or validation split of the scope that the network, and so its teacher, "
                "was trained on. How many crops and sequences are left stands in each row; no "
                "accuracy is given where none is. Each scope has a split of its own, so that two "
                "scopes' test sequences may be the same in part.",
                _UNITS,
            ),
            (
                NETWORK,
                SUPERVISION,
                SCOPE,
                words("target", "tested on", scope_words),
                SEED,
                *_MEASURED,
                INITIAL_WEIGHTS,
            ),
        ),
    ),
)
GAINS = Page(
    "Gains of distillation",
    (
        Section(
            (
                "Each student of soft labels beside the student of ground truth (G) of the same "
                "network, scope and seed, both tested on the same crops. The gain is the "
                "difference of their test accuracies in crops of 5 s, in percentage points. Its "
                "interval resamples whole sequences, with both students' verdicts on each. The "
                "next two columns count sequences, each judged by its mean logits, that only one "
                "of the two has right; McNemar's exact test (two-sided) asks whether they could "
                "divide so by chance. Every row is a test of its own: among twenty tests of "
                "students that are equally good, one p below 0.05 is expected. Standard "
                "deviations over seeds divide by n − 1; the seeds share their test sequences.",
            ),
            (
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
            ),
        ),
    ),
    nothing=(
        "There is nothing to compare: no student of soft labels has a counterpart of ground truth."
    ),
)
HYPERPARAMETERS = Page(
    "Chosen hyper-parameters",
    (
        Section(
            (
                "Learning rate of Adam, temperature T and imitation parameter λ, as each network "
                "was trained. Where something was searched, the cell of the grid with the best "
                "validation accuracy was taken (on a tie the lower validation loss); that "
                "scope's test sequences had no part in it. Where nothing was searched the values "
                "are the configuration's, or those of another scope's search. The paper's table "
                "1 has a learning rate for each teacher and for students of ground truth, of "
                "DualCamNet and of ResNet-50; the paper gives no values of T and λ. The loss of "
                "distillation is the paper's (generalized) or that of Hinton et al., which is "
                "another. A learning rate that differs from the paper's says little where "
                "validation sequences are few, for then many cells are equally good.",
            ),
            (
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
            ),
        ),
    ),
)
SIZES = Page(
    "Sizes of the networks",
    (
        Section(
            (
                "Teachers of frames are counted with their backbone, from pixels on, although "
                "training them computes the frozen backbone's features only once; ResNet-50 and "
                "AVNet with all 12 frames of a second, Temporal ResNet-50 with the five that it "
                "takes. Trained are the parameters that the paper trains. Multiply-adds are "
                "those of convolutions and dense layers; windows over padded edges count in "
                "full. Weights are float32.",
            ),
            (
                NETWORK,
                words("input", "input", lambda shape: shape.replace("x", " × ")),
                number("inputs_per_second", "inputs\na second"),
                scaled("parameters", "parameters", digits=0),
                scaled("trained_parameters", "of these\ntrained", digits=0),
                scaled(
                    "multiply_adds_per_second",
                    "million multiply-adds\nper second of input",
                    digits=1,
                    unit=1e6,
                ),
                scaled("weight_bytes", "weights,\nMB", digits=1, unit=1e6),
            ),
        ),
    ),
    source="No data: counted on the networks as they are built, whatever they are trained on.",
)
TIMES = Page(
    "Speed of the networks",
    (
        Section(
            (
                "What one core takes, with one thread, for each second of input, from the "
                "network's input to its logits; the median of several runs after a first one "
                "that is not counted. Preparing the input is not part of it: decoding frames, "
                "forming the acoustic images, taking spectrograms. Other jobs may have run "
                "beside, so set times against each other, not against other machines'.",
            ),
            (
                NETWORK,
                scaled("milliseconds_per_second", "milliseconds per\nsecond of input", digits=2),
                scaled("fastest", "fastest", digits=2),
                scaled("slowest", "slowest", digits=2),
                number("runs", "runs"),
                number("batch", "inputs\nin a run"),
                scaled("real_time", "times as fast\nas real time", digits=1),
            ),
        ),
    ),
    source="No data: times on noise, on the machine and beside the jobs of this run.",
)
TRANSFER = Page(
    "Transfer of the students' features",
    (
        Section(
            (
                "k nearest neighbours on the features that a student computes before the shared "
                "head, fitted on the training part of what it is tested on. k is the one with "
                "the best accuracy on the validation part, and the test part was classified "
                "once, with that k. Of other scopes no sequence is tested that the student or "
                "its teacher had in training or validation; where none is left there is no "
                "accuracy. Where a data set has folds each is the test once and has a k of its "
                "own, listed in the folds' order; accuracies are means over folds. The accuracy of "
                "an untrained student of the same architecture is given for comparison: what "
                "exceeds it was learned or, where a student starts from published weights, came "
                "with them. Intervals resample whole sequences. Standard deviations over folds "
                "and over seeds divide by n − 1.",
            ),
            (
                NETWORK,
                SUPERVISION,
                SCOPE,
                TESTED_ON,
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
            ),
        ),
    ),
    source="Students were trained on data: {}.",
    nothing="No student's features were tried elsewhere in this run.",
)
