"""Preparing the frozen backbone: its weights, and on demand its batch-norm statistics."""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.examples.crop_examples import ScopeData
from avdistill.files.manifest import file_sha256
from avdistill.networks.backbone import build_backbone, published_kernels
from avdistill.networks.batch_norms import fold_batch_norms, recalibrate
from avdistill.networks.registry import network_spec
from avdistill.networks.vision_weights import load_vision_weights
from avdistill.records.stored_features import features_folder
from avdistill.results.backbone_description import NOISE, BackboneDescription
from avdistill.results.model_folder import load_model, save_model
from avdistill.training.devices import Devices
from avdistill.training.live import Watching
from avdistill.training.snapshot import remove_resume_folder
from avdistill.vision.features import read_frames
from avdistill.vision.noise import noise_frames
from avdistill.vision.temporal import train_temporal

BACKBONE_FILE = "backbone.keras"

_BATCH_FRAMES = 32  # of recalibration


class TemporalTraining(NamedTuple):
    """How the convolutions over time are trained; see `avdistill.vision.temporal`."""

    crop_seed: int
    learning_rate: float
    epochs: int
    batch_size: int
    identity: dict
    devices: Devices
    watching: Watching


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
    material: ScopeData | None,
    output: Path,
) -> None:
    """Write `backbone.keras` and, last, `backbone.json`; features of another one are removed.

    Parameters
    ----------
    name : `resnet50`, or `temporal_resnet50`, which sees all `frames` of a second together.
    weights, file, sha256 : see `avdistill.networks.vision_weights`.
    frames : numbers of the frames of a second that features are to be stored of.
    recalibrated_on : scope on whose training frames batch norms take their statistics anew; None
        leaves those that came with the weights, or takes those of noise where weights are random
        (`avdistill.vision.noise`).
    trained_on, training : scope on which the convolutions over time are trained, after that, and
        how; None leaves them.
    material : data of that scope.

    Raises
    ------
    InputError : weights cannot be had, records are missing, or as `train_temporal`.
    """
    temporal = network_spec(name).temporal
    backbone = build_backbone(seed, temporal, frames=len(frames))
    description = load_vision_weights(backbone, weights, file, sha256)
    if recalibrated_on is not None:
        batches = recalibration_batches(material, frames, temporal=temporal, seed=seed)
        recalibrate(backbone, batches)
    elif weights == "random":
        recalibrated_on = NOISE
        _set_by_noise(backbone, seed)
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
    digest = file_sha256(output / BACKBONE_FILE)
    BackboneDescription(
        name, description, recalibrated_on, temporal, frames, seed, trained_on, sha256=digest
    ).write(output)
    remove_resume_folder(output)
    own = output / features_folder(digest)
    for folder in own.parent.glob("*"):
        if folder != own:
            shutil.rmtree(folder)


def _set_by_noise(backbone: keras.Model, seed: int) -> None:
    """Give random batch norms the statistics of noise in the plain network.

    Those over time keep mean 0 and variance 1, so that an untrained temporal backbone is the plain
    one on every frame.
    """
    plain = backbone if len(backbone.input_shape) == 4 else build_backbone(seed)
    recalibrate(plain, [noise_frames(seed)])
    if plain is not backbone:
        for layer in published_kernels():
            statistics = plain.get_layer(f"{layer}_norm").get_weights()
            backbone.get_layer(f"{layer}_norm").set_weights(statistics)


def recalibration_batches(
    material: ScopeData, frames: tuple[int, ...], *, temporal: bool, seed: int
) -> Iterator[np.ndarray]:
    """Yield the training split's seconds once, shuffled, as the backbone sees them.

    A batch is normalised by itself, so that its frames must differ: of each second a plain
    backbone is given one of the stored frames, drawn at random, and a temporal one all of them.
    """
    generator = np.random.default_rng([seed])
    seconds = [
        (sequence, second)
        for sequence in material.sequences("training")
        for second in range(material.dataset.sequence_seconds)
    ]
    order = generator.permutation(len(seconds))
    drawn = generator.choice(frames, len(seconds))
    size = math.ceil(_BATCH_FRAMES / len(frames)) if temporal else _BATCH_FRAMES
    starts = range(0, len(order), size)
    for start in tqdm(starts, desc="recalibrating", unit="batch"):
        examples = []
        for i in order[start : start + size]:
            seen = frames if temporal else (int(drawn[i]),)
            examples.append(read_frames(material.records, *seconds[i], seen))
        yield np.stack(examples) if temporal else np.concatenate(examples)


def open_backbone(folder: Path) -> tuple[keras.Model, BackboneDescription]:
    """Load a backbone for computing features, its batch norms folded into its convolutions.

    Raises
    ------
    InputError : the folder is damaged, or model and description are of different backbones.
    """
    description = BackboneDescription.read(folder)
    path = Path(folder) / BACKBONE_FILE
    backbone = load_model(path)
    if file_sha256(path) != description.sha256:
        raise InputError(f"{path}: is not what its description says; run prepare-backbone again")
    return fold_batch_norms(backbone), description
