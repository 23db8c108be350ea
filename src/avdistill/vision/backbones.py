"""Preparing the frozen backbone: its weights, and on demand its batch-norm statistics."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.networks.backbone import build_backbone
from avdistill.networks.batch_norms import fold_batch_norms, recalibrate
from avdistill.networks.model_directory import load_model, save_model
from avdistill.networks.vision_weights import load_vision_weights
from avdistill.training.examples import Material
from avdistill.vision.card import BackboneCard
from avdistill.vision.features import read_frames
from avdistill.vision.noise import noise_frames
from avdistill.vision.temporal import train_temporal

BACKBONE_FILE = "backbone.keras"

_BATCH_FRAMES = 32  # of recalibration


class TemporalTraining(NamedTuple):
    """How the convolutions over time are trained; see `avdistill.vision.temporal`."""

    learning_rate: float
    epochs: int
    batch_size: int
    identity: dict


def prepare_backbone(
    name: str,
    *,
    weights: str,
    file: Path | None,
    sha256: str | None,
    seed: int,
    frames: tuple[int, ...],
    recalibrated_on: str | None,
    trained_on: str | None,
    training: TemporalTraining | None,
    material: Material | None,
    output: Path,
) -> None:
    """Write `backbone.keras` and, last, `backbone.json`.

    Parameters
    ----------
    name : `resnet50`, or `temporal_resnet50`, which sees all `frames` of a second together.
    weights, file, sha256 : see `avdistill.networks.vision_weights`.
    frames : numbers of the frames of a second that features are to be stored of.
    recalibrated_on : scope on whose training frames batch norms take their statistics anew; None
        leaves those that came with the weights, or takes those of noise where weights are random.
    trained_on, training : scope on which the convolutions over time are trained, after that, and
        how; None leaves them.
    material : data of that scope.

    Raises
    ------
    InputError : weights cannot be had, records are missing, or as `train_temporal`.
    """
    temporal = name == "temporal_resnet50"
    backbone = build_backbone(seed, temporal, frames=len(frames))
    description = load_vision_weights(backbone, weights, file, sha256)
    card = BackboneCard(name, description, recalibrated_on, temporal, frames, seed, trained_on)
    if recalibrated_on is not None:
        recalibrate(backbone, recalibration_batches(material, card))
    elif weights == "random" and not temporal:  # whose untrained form is the plain backbone
        recalibrate(backbone, [noise_frames(seed)])
    if trained_on is not None:
        train_temporal(
            backbone,
            material,
            frames,
            seed=seed,
            title=f"{name}'s convolutions over time, scope {trained_on}, seed {seed}",
            output=output,
            **training._asdict(),
        )
    named = keras.Model(backbone.inputs, backbone.outputs, name=name)
    save_model(named, output / BACKBONE_FILE)
    card.write(output)


def recalibration_batches(material: Material, card: BackboneCard) -> Iterator[np.ndarray]:
    """Yield the training split's seconds once, shuffled, as the backbone sees them.

    A batch is normalised by itself, so that its frames must differ: of each second a plain
    backbone is given one of the stored frames, drawn at random, and a temporal one all of them.
    """
    generator = np.random.default_rng([card.seed])
    seconds = [
        (sequence, second)
        for sequence in material.sequences("training")
        for second in range(material.dataset.sequence_seconds)
    ]
    order = generator.permutation(len(seconds))
    drawn = generator.choice(card.frames, len(seconds))
    size = math.ceil(_BATCH_FRAMES / len(card.frames)) if card.temporal else _BATCH_FRAMES
    starts = range(0, len(order), size)
    for start in tqdm(starts, desc="recalibrating", unit="batch"):
        examples = []
        for i in order[start : start + size]:
            frames = card.frames if card.temporal else (int(drawn[i]),)
            examples.append(read_frames(material.records, *seconds[i], frames))
        yield np.stack(examples) if card.temporal else np.concatenate(examples)


def open_backbone(folder: Path) -> tuple[keras.Model, BackboneCard]:
    """Load a backbone for computing features, its batch norms folded into its convolutions.

    Raises
    ------
    InputError : the folder is damaged, or model and card are of different backbones.
    """
    card = BackboneCard.read(folder)
    path = Path(folder) / BACKBONE_FILE
    backbone = load_model(path)
    frames = backbone.input_shape[1] if len(backbone.input_shape) == 5 else None
    if backbone.name != card.name or frames != (len(card.frames) if card.temporal else None):
        raise InputError(f"{path}: is not what its card says; run prepare-backbone again")
    return fold_batch_norms(backbone), card
