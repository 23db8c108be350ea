"""What a trained network leaves behind: model, learning curve, predictions, metrics, its run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from avdistill.examples.predicting import predict_crops
from avdistill.examples.scope_data import ScopeData
from avdistill.files.atomic import write_json
from avdistill.results.accuracy import measure_accuracy
from avdistill.results.history import best_epoch, write_history
from avdistill.results.model_folder import MODEL_FILE, Origin, save_model, write_model_description
from avdistill.results.predictions import write_predictions
from avdistill.runs.run_file import JobDescription, write_run_file


def write_results(
    folder: Path,
    model: keras.Model,
    data: ScopeData,
    history: Sequence[dict[str, float]],
    *,
    facts: dict[str, Any],
    description: JobDescription,
) -> None:
    """Predict the test crops, once, and write everything; `metrics.json` comes last.

    Parameters
    ----------
    history : one row per epoch, see `avdistill.results.history`.
    facts : `initial_weights` and `teacher_initial_weights`, in words, and the hyperparameters.
    description : of the job, whose settings name the run.
    """
    crops = data.crops_of(data.sequences("test"))
    predictions = predict_crops(model, data, crops)
    run = {name: description.settings[name] for name in ("scope", "supervision", "seed")}
    weights = {name: facts[name] for name in ("initial_weights", "teacher_initial_weights")}
    origin = Origin(
        **run,
        **weights,
        split=data.split_sha256,
        backbone=data.backbone and data.backbone.sha256,
        frames=data.frames,
    )
    save_model(model, folder / MODEL_FILE)
    write_model_description(folder, data.spec, data.dataset, origin, data.statistics)
    write_history(folder / "history.csv", history)
    write_predictions(folder / "predictions.parquet", predictions)
    write_run_file(folder, description)
    best = history[best_epoch(history) - 1]
    metrics = {
        "network": data.spec.name,
        **run,
        **weights,
        "data_source": data.dataset.source,
        "test": measure_accuracy(predictions),
        "validation": {
            "accuracy": best["validation_accuracy"],
            "loss": best["validation_loss"],
        },
        "epochs": len(history),
        "best_epoch": best["epoch"],
        "training_loss_first": history[0]["loss"],
        "training_loss_last": history[-1]["loss"],
        **{name: value for name, value in facts.items() if name not in weights},
    }
    write_json(folder / "metrics.json", metrics)
