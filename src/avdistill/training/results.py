"""What a trained network leaves behind: model, learning curve, predictions, metrics."""

from pathlib import Path
from typing import Any

import keras

from avdistill.examples.crop_examples import ScopeData
from avdistill.examples.predicting import predict_crops
from avdistill.files.atomic import write_json
from avdistill.networks.registry import NetworkSpec
from avdistill.records.crops import evaluation_crops
from avdistill.results.accuracy import measure_accuracy
from avdistill.results.history import write_history
from avdistill.results.model_folder import MODEL_FILE, save_model, write_model_description
from avdistill.results.predictions import write_predictions
from avdistill.training.fitting import Fitted


def write_results(
    folder: Path,
    model: keras.Model,
    spec: NetworkSpec,
    material: ScopeData,
    fitted: Fitted,
    *,
    scope: str,
    supervision: str,
    seed: int,
    initial_weights: str,
    teacher_initial_weights: str | None = None,
    chosen: dict[str, Any],
) -> None:
    """Predict the test crops, once, and write everything; `metrics.json` comes last.

    Parameters
    ----------
    supervision : `ground_truth` (G, and every teacher), or the teacher or ensemble that gave soft
        labels.
    initial_weights, teacher_initial_weights : what training started from, and that of the teacher
        that gave soft labels, in words.
    chosen : hyperparameters for `metrics.json`.
    """
    crops = evaluation_crops(
        material.sequences("test"), material.dataset.sequence_seconds, spec.length_seconds
    )
    predictions = predict_crops(model, spec, material, crops)
    identity = {"scope": scope, "supervision": supervision, "seed": seed}
    weights = {
        "initial_weights": initial_weights,
        "teacher_initial_weights": teacher_initial_weights,
    }
    save_model(model, folder / MODEL_FILE)
    write_model_description(
        folder,
        spec,
        material.dataset,
        statistics=material.statistics,
        **weights,
        split=material.split_sha256,
        backbone=material.backbone_seen(spec),
        frames=material.frames_seen(spec),
        **identity,
    )
    write_history(folder / "history.csv", fitted.history)
    write_predictions(folder / "predictions.parquet", predictions)
    metrics = {
        "network": spec.name,
        **identity,
        **weights,
        "data_source": material.dataset.source,
        "test": measure_accuracy(predictions),
        "validation": {
            "accuracy": fitted.best["validation_accuracy"],
            "loss": fitted.best["validation_loss"],
        },
        "epochs": len(fitted.history),
        "best_epoch": fitted.best_epoch,
        "training_loss_first": fitted.history[0]["loss"],
        "training_loss_last": fitted.history[-1]["loss"],
        **chosen,
    }
    write_json(folder / "metrics.json", metrics)
