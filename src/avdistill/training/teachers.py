"""Training a teacher on ground truth."""

from pathlib import Path

from avdistill.examples.crop_examples import (
    EvaluationExamples,
    ScopeData,
    TrainingExamples,
    check_backbone,
    labels_of,
)
from avdistill.networks.registry import GROUND_TRUTH, NetworkSpec, build
from avdistill.training.devices import Devices
from avdistill.training.fitting import compile_model, fit
from avdistill.training.live import Watching
from avdistill.training.losses import training_targets
from avdistill.training.results import write_results
from avdistill.training.snapshot import Snapshot, remove_resume_folder, resume_folder


def train_teacher(
    spec: NetworkSpec,
    material: ScopeData,
    training: TrainingExamples,
    validation: EvaluationExamples,
    *,
    scope: str,
    seed: int,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    identity: dict,
    output: Path,
    devices: Devices,
    watching: Watching,
) -> None:
    """Train a teacher and write its folder.

    Parameters
    ----------
    identity : what else the result depends on, so that a killed run is only gone on with by the
        same run.
    devices : what it is trained on.
    watching : where its progress is logged, see `avdistill.training.live`.

    Raises
    ------
    InputError : features do not fit (see `check_backbone`), or as `fit`.
    """
    initial_weights, options = "random", {}
    if spec.uses_video_features:
        check_backbone(material, spec, scope)
        initial_weights = material.backbone.initial_weights
    if spec.modality == "audiovisual":
        options["frames"] = material.frames_seen(spec)
    model = build(spec.name, material.num_classes, seed, **options)
    fitted = fit(
        model,
        spec,
        double=compile_model(model, devices=devices),
        training=training,
        targets_of=lambda crops: training_targets(labels_of(crops), material.num_classes),
        validation=validation,
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        snapshot=Snapshot(resume_folder(output) / "state.npz", identity),
        title=f"{spec.name}, scope {scope}, seed {seed}",
        watching=watching,
    )
    write_results(
        output,
        model,
        spec,
        material,
        fitted,
        scope=scope,
        supervision=GROUND_TRUTH,
        seed=seed,
        initial_weights=initial_weights,
        chosen={"learning_rate": learning_rate},
    )
    remove_resume_folder(output)
