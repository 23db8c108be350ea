"""Preparing the frozen backbone: its weights, its batch-norm statistics, its training over time."""

import math
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from avdistill.examples.scope_data import ScopeData
from avdistill.files.manifest import file_sha256
from avdistill.networks.backbone import build_backbone, published_kernels
from avdistill.networks.batch_norms import recalibrate
from avdistill.networks.frames import frames_of_network, stored_frames
from avdistill.networks.registry import network_spec
from avdistill.networks.vision_weights import load_vision_weights
from avdistill.records.stored_features import features_folder
from avdistill.results.backbone_description import NOISE, BackboneDescription
from avdistill.results.model_folder import save_model
from avdistill.runs.settings import BackboneSettings
from avdistill.training.job import Job
from avdistill.training.snapshot import remove_resume_folder
from avdistill.vision.features import BACKBONE_FILE, read_frames
from avdistill.vision.noise import noise_frames
from avdistill.vision.temporal import train_temporal

_BATCH_FRAMES = 32  # in a batch of recalibration


def prepare_backbone(
    settings: BackboneSettings,
    weights_file: Path | None,
    data: ScopeData | None,
    job: Job | None,
    output: Path,
) -> None:
    """Write `backbone.keras` and, last, `backbone.json`; remove features of other backbones.

    A random backbone whose batch norms are not recalibrated takes their statistics from noise, see
    `avdistill.vision.noise`. A temporal backbone takes the frames of a second together.

    Parameters
    ----------
    weights_file : see `avdistill.networks.vision_weights`.
    data : data of the scope on which it is recalibrated or trained.
    job : training of the convolutions over time; None leaves these as they are.

    Raises
    ------
    InputError : weights cannot be loaded, records are missing, or as `train_temporal`.
    """
    name, seed = settings.name, settings.seed
    spec = network_spec(name)
    frames = stored_frames(settings.frames_per_second)
    frames = tuple(frames[place] for place in frames_of_network(spec, len(frames)))
    backbone = build_backbone(seed, spec.temporal, frames=len(frames))
    weights = load_vision_weights(backbone, settings.weights, weights_file, settings.sha256)
    recalibrated_on = None
    if settings.recalibrate:
        recalibrated_on = settings.scope
        recalibrate(backbone, recalibration_batches(data, frames, spec.temporal, seed))
    elif settings.weights == "random":
        recalibrated_on = NOISE
        _take_statistics_of_noise(backbone, seed)
    if job is not None:
        train_temporal(backbone, data, frames, settings, job)
    path = output / BACKBONE_FILE
    save_model(keras.Model(backbone.inputs, backbone.outputs, name=name), path)
    description = BackboneDescription(
        name,
        weights,
        recalibrated_on,
        spec.temporal,
        frames,
        seed,
        trained_on=None if job is None else settings.scope,
        sha256=file_sha256(path),
    )
    description.write(output)
    remove_resume_folder(output)
    own = output / features_folder(description.sha256)
    for folder in {*own.parent.glob("*")} - {own}:
        shutil.rmtree(folder)


def _take_statistics_of_noise(backbone: keras.Model, seed: int) -> None:
    """Set random batch norms to the statistics of noise in the plain network of the same seed.

    Those over time keep mean 0 and variance 1, so that an untrained temporal backbone is the plain
    one on every frame.
    """
    plain = build_backbone(seed)
    recalibrate(plain, [noise_frames(seed)])
    for layer in published_kernels():
        statistics = plain.get_layer(f"{layer}_norm").get_weights()
        backbone.get_layer(f"{layer}_norm").set_weights(statistics)


def recalibration_batches(
    data: ScopeData, frames: tuple[int, ...], temporal: bool, seed: int
) -> Iterator[np.ndarray]:
    """Yield the training split's seconds once, shuffled, as the backbone takes them.

    A batch is normalised by itself, so that its frames must differ: a plain backbone gets one of
    the stored frames of each second, drawn at random, and a temporal one all of them.
    """
    generator = np.random.default_rng([seed])
    seconds = list(product(data.sequences("training"), range(data.dataset.sequence_seconds)))
    order = generator.permutation(len(seconds))
    drawn = generator.choice(frames, len(seconds))
    join, size = np.concatenate, _BATCH_FRAMES
    if temporal:
        join, size = np.stack, math.ceil(_BATCH_FRAMES / len(frames))
    for start in tqdm(range(0, len(order), size), desc="recalibrating", unit="batch"):
        yield join(
            [
                read_frames(data.records, *seconds[i], frames if temporal else (int(drawn[i]),))
                for i in order[start : start + size]
            ]
        )
