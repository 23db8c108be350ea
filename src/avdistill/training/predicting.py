"""What a network says of crops."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from avdistill.networks.registry import NetworkSpec, crop_logits
from avdistill.records.crops import Crop, CropReader
from avdistill.training.examples import EvaluationExamples, labels_of

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


def predict_crops(
    model: keras.Model,
    spec: NetworkSpec,
    records: Path,
    crops: Sequence[Crop],
    statistics: tuple[np.ndarray, np.ndarray] | None,
) -> pd.DataFrame:
    """Predict crops, in the format of `avdistill.evaluation.predictions`.

    Parameters
    ----------
    statistics : of the spectrograms that the network was trained on, wherever it is applied.

    Returns
    -------
    One row per crop. A frame-wise network's logits are averaged over the crop's frames; how many
    frames it has right by themselves stands in `frames_correct`, of `frames`.
    """
    reader = CropReader(
        records, modality=spec.modality, length=spec.length_seconds, statistics=statistics
    )
    output = predict_logits(model, EvaluationExamples(reader, list(crops)))
    labels = labels_of(crops)
    logits = crop_logits(spec, output)
    columns = {
        "sequence": [crop.sequence for crop in crops],
        "start": np.array([crop.start for crop in crops], np.int64),
        "actual": labels,
        "predicted": logits.argmax(axis=1),
    }
    columns |= {f"logit_{label}": logits[:, label] for label in range(logits.shape[1])}
    if spec.frame_wise:
        columns["frames_correct"] = (output.argmax(axis=2) == labels[:, None]).sum(axis=1)
        columns["frames"] = np.full(len(crops), output.shape[1])
    return pd.DataFrame(columns)
