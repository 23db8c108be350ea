"""Training the convolutions over time of a temporal backbone, which the released code never does.

From pixels: each step runs the whole ResNet-50, forwards and most of it backwards.
"""

from pathlib import Path
from typing import Any

import keras

from avdistill.examples.crop_examples import (
    EvaluationExamples,
    ScopeData,
    TrainingExamples,
    labels_of,
)
from avdistill.networks.backbone import logits_layer
from avdistill.networks.registry import network_spec
from avdistill.records.crops import CropReader, evaluation_crops, training_crops
from avdistill.training.devices import Devices
from avdistill.training.fitting import compile_model, fit
from avdistill.training.live import Watching
from avdistill.training.losses import training_targets
from avdistill.training.snapshot import Snapshot, resume_folder


def train_temporal(
    backbone: keras.Model,
    material: ScopeData,
    frames: tuple[int, ...],
    *,
    seed: int,
    crop_seed: int,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    identity: dict[str, Any],
    title: str,
    output: Path,
    devices: Devices,
    watching: Watching,
) -> None:
    """Train the convolutions over time, in place, together with a logits layer that is not kept.

    All else is frozen, batch norms included. The epoch with the best validation accuracy is kept,
    and the backbone is frozen again: the teacher's logits layer is then trained on its features
    like any other. A killed run goes on where it was.

    Parameters
    ----------
    backbone : temporal, see `avdistill.networks.backbone`.
    frames : of a second that it sees.
    seed, crop_seed : of the logits layer, and of the training seconds.
    identity : what the result depends on, see `Snapshot`.
    output : beside it unfinished work is kept; the caller removes it when the result is safe.
    devices : what it is trained on.
    watching : where its progress is logged, see `avdistill.training.live`.

    Raises
    ------
    InputError : a split has no sequence, records cannot be read, or the loss is not finite.
    """
    spec = network_spec("temporal_resnet50")
    backbone.trainable = True
    for layer in backbone.layers:
        layer.trainable = layer.name.endswith("_conv_temp")
    per_frame = logits_layer(material.num_classes, seed)(backbone.output)
    logits = keras.layers.GlobalAveragePooling1D(name="mean_of_frames")(per_frame)
    model = keras.Model(backbone.inputs, logits, name=spec.name)
    reader = CropReader(
        material.records, modality="video", length=spec.length_seconds, frames=frames
    )
    seconds = material.dataset.sequence_seconds
    training, validation = (material.sequences(name) for name in ("training", "validation"))
    crops = training_crops(training, seconds, spec.length_seconds, seed=crop_seed)
    fit(
        model,
        spec,
        double=compile_model(model, devices=devices),
        training=TrainingExamples(reader, lambda _: crops),
        targets_of=lambda some: training_targets(labels_of(some), material.num_classes),
        validation=EvaluationExamples(
            reader, evaluation_crops(validation, seconds, spec.length_seconds)
        ),
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        snapshot=Snapshot(resume_folder(output) / "state.npz", identity),
        title=title,
        watching=watching,
    )
    backbone.trainable = False
