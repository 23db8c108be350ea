"""Training the convolutions over time of a temporal backbone, which the released code never does.

From pixels: each step runs the whole ResNet-50, forwards and most of it backwards.
"""

import keras

from avdistill.examples.scope_data import (
    EvaluationExamples,
    ScopeData,
    TrainingExamples,
    labels_of,
)
from avdistill.networks.backbone import mean_logits
from avdistill.records.crops import CropReader, training_crops
from avdistill.runs.settings import BackboneSettings
from avdistill.training.fitting import Examples, fit, prepare_training
from avdistill.training.job import Job
from avdistill.training.losses import training_targets


def train_temporal(
    backbone: keras.Model,
    data: ScopeData,
    frames: tuple[int, ...],
    settings: BackboneSettings,
    job: Job,
) -> None:
    """Train the convolutions over time, in place, together with a logits layer that is not kept.

    All else is frozen, batch norms included. The weights of the epoch with the best validation
    accuracy are kept. Then the backbone is frozen again, and the teacher's logits layer is trained
    on its features like any other. A killed job continues from its snapshot, which the caller
    removes after writing the result.

    Parameters
    ----------
    backbone : a temporal one, see `avdistill.networks.backbone`.
    frames : frames of a second that the backbone takes.

    Raises
    ------
    InputError : a split has no sequence, records cannot be read, or the loss is not finite.
    """
    backbone.trainable = True
    for layer in backbone.layers:
        layer.trainable = layer.name.endswith("_conv_temp")
    logits = mean_logits(backbone.output, data.num_classes, settings.seed)
    model = keras.Model(backbone.inputs, logits, name=data.spec.name)
    length = data.spec.length_seconds
    reader = CropReader(data.records, modality="video", length=length, frames=frames)
    crops = training_crops(
        data.sequences("training"),
        data.dataset.sequence_seconds,
        length,
        seed=job.fitting.crops.seed,
        per_sequence=job.fitting.crops.per_sequence,
    )
    validation = data.crops_of(data.sequences("validation"))
    fit(
        prepare_training(model, data.spec, job.devices),
        Examples(TrainingExamples(reader, lambda _: crops), EvaluationExamples(reader, validation)),
        lambda batch: training_targets(labels_of(batch), data.num_classes),
        settings.temporal_training.learning_rate,
        job,
    )
    backbone.trainable = False
