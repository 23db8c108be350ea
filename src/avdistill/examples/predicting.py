"""What a network says of crops."""

from collections.abc import Sequence

import keras
import numpy as np
import pandas as pd

from avdistill.examples.scope_data import EvaluationExamples, ScopeData, labels_of
from avdistill.networks.registry import NetworkSpec, crop_logits
from avdistill.records.crops import Crop

BATCH_SIZE = 32  # of evaluation; changes no result beyond rounding


def predict_logits(model: keras.Model, examples: EvaluationExamples) -> np.ndarray:
    """Logits of all crops, as the network gives them.

    Returns
    -------
    (num_crops, num_classes) float32, or (num_crops, frames, num_classes) of a frame-wise network.
    """
    return np.concatenate(
        [model.predict_on_batch(inputs) for inputs in examples.batches(BATCH_SIZE)]
    )


def predict_crops(model: keras.Model, data: ScopeData, crops: Sequence[Crop]) -> pd.DataFrame:
    """Predict crops, in the format of `avdistill.results.predictions`.

    Parameters
    ----------
    data : where the crops are, with the statistics that the network was trained on, wherever it is
        applied, and features by the backbone that it was trained on.
    """
    return predict_examples(model, data.spec, EvaluationExamples(data.reader(), list(crops)))


def predict_examples(
    model: keras.Model, spec: NetworkSpec, examples: EvaluationExamples
) -> pd.DataFrame:
    """Predict crops that several networks may be given, in the same format.

    Returns
    -------
    One row per crop. A frame-wise network's logits are averaged over the crop's frames; how many
    frames it has right by themselves stands in `frames_correct`, of `frames`.
    """
    crops, output = examples.crops, predict_logits(model, examples)
    labels = labels_of(crops)
    logits = crop_logits(spec, output)
    columns = {
        "sequence": [crop.sequence for crop in crops],
        "start": np.array([crop.start for crop in crops], np.int64),
        "actual": labels,
        "predicted": logits.argmax(axis=1),
        **_logit_columns(logits),
    }
    if spec.frame_wise:
        columns["frames_correct"] = (output.argmax(axis=2) == labels[:, None]).sum(axis=1)
        columns["frames"] = np.full(len(crops), output.shape[1])
    return pd.DataFrame(columns)


def compute_soft_labels(model: keras.Model, data: ScopeData) -> pd.DataFrame:
    """Let a teacher judge every second of all three splits' sequences, in the split's order.

    Returns
    -------
    See `avdistill.results.soft_labels`.
    """
    split_of = dict(zip(data.split["sequence"], data.split["split"], strict=True))
    crops = data.crops_of(list(split_of))
    output = predict_logits(model, EvaluationExamples(data.reader(), crops))
    columns = {
        "sequence": [crop.sequence for crop in crops],
        "second": np.array([crop.start for crop in crops], np.int64),
        "split": [split_of[crop.sequence] for crop in crops],
    }
    return pd.DataFrame(columns | _logit_columns(crop_logits(data.spec, output)))


def _logit_columns(logits: np.ndarray) -> dict[str, np.ndarray]:
    return {f"logit_{label}": logits[:, label] for label in range(logits.shape[1])}
