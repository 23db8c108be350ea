"""Preparing the frozen backbone: its weights, and on demand its batch-norm statistics."""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from avdistill.errors import InputError
from avdistill.examples.scope_data import ScopeData
from avdistill.files.manifest import file_sha256
from avdistill.networks.backbone import build_backbone, published_kernels
from avdistill.networks.batch_norms import fold_batch_norms, recalibrate
from avdistill.networks.frames import five_of, stored_frames
from avdistill.networks.registry import network_spec
from avdistill.networks.vision_weights import load_vision_weights
from avdistill.records.stored_features import features_folder
from avdistill.results.backbone_description import NOISE, BackboneDescription
from avdistill.results.model_folder import load_model, save_model
from avdistill.runs.settings import BackboneSettings
from avdistill.training.job import Job
from avdistill.training.snapshot import remove_resume_folder
from avdistill.vision.features import read_frames
from avdistill.vision.noise import noise_frames
from avdistill.vision.temporal import train_temporal

BACKBONE_FILE = "backbone.keras"

_BATCH_FRAMES = 32  # of recalibration


def prepare_backbone(
    settings: BackboneSettings,
    weights_file: Path | None,
    data: ScopeData | None,
    job: Job | None,
    output: Path,
) -> None:
    """Write `backbone.keras` and, last, `backbone.json`; features of another one are removed.

    A random backbone whose batch norms are not recalibrated takes their statistics from noise, see
    `avdistill.vision.noise`. A temporal backbone takes the frames of a second together.

    Parameters
    ----------
    weights_file : see `avdistill.networks.vision_weights`.
    data : of the scope that it is recalibrated or trained on.
    job : of training the convolutions over time; None leaves these as they are.

    Raises
    ------
    InputError : weights cannot be had, records are missing, or as `train_temporal`.
    """
    name, seed = settings.name, settings.seed
    temporal = network_spec(name).temporal
    frames = stored_frames(settings.frames_per_second)
    if temporal:
        frames = tuple(frames[place] for place in five_of(len(frames)))
    backbone = build_backbone(seed, temporal, frames=len(frames))
    weights = load_vision_weights(backbone, settings.weights, weights_file, settings.sha256)
    recalibrated_on = trained_on = None
    if settings.recalibrate:
        recalibrated_on = settings.scope
        batches = recalibration_batches(data, frames, temporal=temporal, seed=seed)
        recalibrate(backbone, batches)
    elif settings.weights == "random":
        recalibrated_on = NOISE
        _set_by_noise(backbone, seed)
    if job is not None:
        trained_on = settings.scope
        train_temporal(backbone, data, frames, settings, job)
    named = keras.Model(backbone.inputs, backbone.outputs, name=name)
    save_model(named, output / BACKBONE_FILE)
    digest = file_sha256(output / BACKBONE_FILE)
    BackboneDescription(
        name, weights, recalibrated_on, temporal, frames, seed, trained_on, sha256=digest
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
    data: ScopeData, frames: tuple[int, ...], *, temporal: bool, seed: int
) -> Iterator[np.ndarray]:
    """Yield the training split's seconds once, shuffled, as the backbone takes them.

    A batch is normalised by itself, so that its frames must differ: of each second a plain
    backbone is given one of the stored frames, drawn at random, and a temporal one all of them.
    """
    generator = np.random.default_rng([seed])
    seconds = [
        (sequence, second)
        for sequence in data.sequences("training")
        for second in range(data.dataset.sequence_seconds)
    ]
    order = generator.permutation(len(seconds))
    drawn = generator.choice(frames, len(seconds))
    size = math.ceil(_BATCH_FRAMES / len(frames)) if temporal else _BATCH_FRAMES
    starts = range(0, len(order), size)
    for start in tqdm(starts, desc="recalibrating", unit="batch"):
        examples = []
        for i in order[start : start + size]:
            taken = frames if temporal else (int(drawn[i]),)
            examples.append(read_frames(data.records, *seconds[i], taken))
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
