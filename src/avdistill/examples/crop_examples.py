"""What a network is trained, validated and tested on: crops of one split's sequences."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256, manifest_rows
from avdistill.networks.frames import seen_by
from avdistill.networks.registry import NetworkSpec
from avdistill.options.training import MANIFEST_FILE
from avdistill.records.caches import Cache
from avdistill.records.crops import (
    Crop,
    CropReader,
    Inputs,
    evaluation_crops,
    training_crops,
)
from avdistill.records.schema import record_path
from avdistill.records.sequences import (
    epochs_dataset,
    in_memory,
    input_errors,
    on_disk,
    read_crops,
    streamed_epochs,
    take_rows,
)
from avdistill.records.splits import read_split, sequences_of
from avdistill.records.stored_features import feature_path, features_folder
from avdistill.results.backbone_description import NOISE, BackboneDescription


@dataclass(frozen=True)
class ScopeData:
    """A data set on disk, and how one scope of it is split.

    Attributes
    ----------
    records : folder of the records.
    split : see `avdistill.records.splits`.
    split_file, split_sha256 : where it was read from, and that file's digest.
    statistics : minimum and maximum for spectrograms; None for other inputs.
    features : folder of a backbone and its features, for networks that see frames; else None.
    """

    dataset: DatasetDescription
    records: Path
    split: pd.DataFrame
    split_file: Path
    split_sha256: str
    statistics: tuple[np.ndarray, np.ndarray] | None = None
    features: Path | None = None

    @property
    def num_classes(self) -> int:
        """How many classes there are to tell apart."""
        return len(self.dataset.classes)

    @property
    def backbone(self) -> BackboneDescription:
        """What the features were computed with; an `InputError` where there are none."""
        if self.features is None:
            raise InputError("networks that see frames need features; give --features")
        return BackboneDescription.read(self.features)

    def backbone_seen(self, spec: NetworkSpec) -> str | None:
        """Digest of the backbone whose features a network sees; None where it sees none."""
        return self.backbone.sha256 if spec.uses_video_features else None

    def frames_seen(self, spec: NetworkSpec) -> tuple[int, ...] | None:
        """Numbers of the frames of a second that a network sees; None where it sees none."""
        if not spec.uses_video_features:
            return None
        stored = self.backbone.frames
        return tuple(stored[position] for position in seen_by(spec, len(stored)))

    def reader(self, spec: NetworkSpec, **options: Any) -> CropReader:
        """Return what turns crops into this network's inputs; `options` are `CropReader`'s."""
        if spec.uses_video_features:
            backbone = self.backbone
            num_stored = len(backbone.frames)
            options |= {
                "features": self.features / features_folder(backbone.sha256),
                "frames_stored": num_stored,
                "frames": seen_by(spec, num_stored),
            }
        return CropReader(
            self.records,
            modality=spec.modality,
            length=spec.length_seconds,
            statistics=self.statistics,
            **options,
        )

    def sequences(self, split_name: str) -> list[str]:
        """List the sequences of one split; none at all is an `InputError`."""
        names = sequences_of(self.split, split_name)
        if not names:
            raise InputError(f"the {split_name} split has no sequence; change the split's strategy")
        return names


def open_scope_data(  # noqa: PLR0917, the files in the order that every verb names them
    dataset: Path,
    records: Path,
    manifest: Path,
    split: Path,
    scope: str,
    statistics: tuple[np.ndarray, np.ndarray] | None = None,
    features: Path | None = None,
) -> ScopeData:
    """Open a data set, and check that the split is the scope's and that no record is missing.

    Parameters
    ----------
    features : folder of a backbone, for networks that see frames; its manifest must list features
        of every sequence of the split, by the backbone that is there now.

    Raises
    ------
    InputError : a file is missing or damaged, the data set has no such scope, the split is of
        other sequences, or a manifest lacks something of one of them.
    """
    material = ScopeData(
        DatasetDescription.read(dataset),
        records,
        read_split(split),
        split,
        file_sha256(split),
        statistics,
        features,
    )
    expected = {sequence.name for sequence in material.dataset.sequences(scope)}
    if other := sorted(expected.symmetric_difference(material.split["sequence"])):
        raise InputError(
            f"{split}: not the split of scope {scope}, from which it differs in {other[0]}; run "
            "split-sequences again"
        )
    known = {row.file for row in manifest_rows(manifest)}
    for sequence in material.split["sequence"]:
        for second in range(material.dataset.sequence_seconds):
            if (file := record_path(sequence, second)) not in known:
                raise InputError(f"{manifest}: lacks {file}; convert its sequence to records")
    if features is not None:
        listed, backbone = features / MANIFEST_FILE, material.backbone.sha256
        known = {row.file for row in manifest_rows(listed)}
        for sequence in material.split["sequence"]:
            if (file := feature_path(sequence, backbone)) not in known:
                raise InputError(f"{listed}: lacks {file}; compute its features")
    return material


def check_backbone(material: ScopeData, spec: NetworkSpec, scope: str) -> None:
    """See that a network can be trained on a scope with these features.

    Raises
    ------
    InputError : the backbone was recalibrated or trained on another scope, of whose training
        split this scope's test sequences may be, or it sees frames together that the network sees
        apart.
    """
    backbone = material.backbone
    if backbone.recalibrated_on not in (None, NOISE, scope):
        problem = f"recalibrated on {backbone.recalibrated_on}, not on {scope}"
    elif backbone.trained_on not in (None, scope):
        problem = f"trained on {backbone.trained_on}, not on {scope}"
    elif backbone.temporal and spec.name != backbone.name:
        problem = f"{backbone.name}'s, not {spec.name}'s"
    else:
        return
    raise InputError(f"{material.features}: the backbone is {problem}; name another folder")


def check_same_backbone(
    material: ScopeData, spec: NetworkSpec, description: dict[str, Any], source: Path
) -> None:
    """See that a trained network is given features of the backbone that it was trained on.

    Networks that see no frames pass.

    Parameters
    ----------
    description, source : of the trained network, see `avdistill.results.model_folder`.

    Raises
    ------
    InputError : there are no features, or they are of other frames or another backbone.
    """
    if not spec.uses_video_features:
        return
    frames, backbone = material.frames_seen(spec), material.backbone
    if (list(frames), backbone.sha256) != (description["frames"], description["backbone"]):
        raise InputError(
            f"{material.features}: features of frames {list(frames)} by a "
            f"{backbone.initial_weights} ({backbone.sha256[:16]}); {source} was trained on frames "
            f"{description['frames']} and a {description['initial_weights']} "
            f"({str(description['backbone'])[:16]}): name its features"
        )


def check_same_split(material: ScopeData, description: dict[str, Any], source: Path) -> None:
    """See that a trained network's own scope is given with the split that it was trained with.

    Another file of the same scope would not fail: the network would be tested on what it was
    trained on.

    Parameters
    ----------
    description, source : of the trained network, see `avdistill.results.model_folder`.

    Raises
    ------
    InputError : the split is another one.
    """
    if material.split_sha256 != description["split"]:
        raise InputError(
            f"{material.split_file}: not the split of scope {description['scope']} that {source} "
            f"was trained with (its sha256 is {material.split_sha256[:16]}…, that of model.json "
            f"{description['split'][:16]}…); name that one, or train again"
        )


def labels_of(crops: Sequence[Crop]) -> np.ndarray:
    """Labels of crops, (num_crops,) int64 from 0."""
    return np.array([SequenceId.parse(crop.sequence).label for crop in crops], np.int64)


@dataclass(frozen=True)
class EvaluationExamples:
    """Crops to be judged, in order; held where they are judged after every epoch.

    Attributes
    ----------
    held : inputs of all crops, (num_crops, …) float32 each, in memory or mapped into it, or None:
        read whenever they are needed.
    """

    reader: CropReader
    crops: list[Crop]
    held: Inputs | None = None

    def batches(self, size: int) -> Iterator[Inputs]:
        """Yield inputs, `size` crops at a time."""
        if self.held is not None:
            for start in range(0, len(self.crops), size):
                yield take_rows(self.held, slice(start, start + size))
            return
        with input_errors():
            yield from read_crops(self.reader, self.crops).batch(size).as_numpy_iterator()


def evaluation_examples(
    material: ScopeData, spec: NetworkSpec, split_name: str, *, cache: Cache
) -> EvaluationExamples:
    """Take consecutive crops of the `validation` or `test` sequences.

    Parameters
    ----------
    cache : where acoustic images are kept; see `is_always_held` for all else.

    Raises
    ------
    InputError : as `in_memory` or `on_disk`.
    """
    crops = evaluation_crops(
        material.sequences(split_name), material.dataset.sequence_seconds, spec.length_seconds
    )
    reader = material.reader(spec)
    return EvaluationExamples(reader, crops, _held(spec, reader, crops, cache))


def is_always_held(spec: NetworkSpec) -> bool:
    """Tell whether crops are small enough to be held in memory in any case.

    What is made of audio takes 0.5 MB a crop, 0.9 GB at the paper's scale, and reading it again
    would resample a whole sequence for nearly every crop of every epoch; features of frames take
    0.1 MB a second, as much at the paper's scale. Acoustic images take 1 MB a second.
    """
    return not spec.uses_acoustic_images


def _held(
    spec: NetworkSpec, reader: CropReader, crops: Sequence[Crop], cache: Cache
) -> Inputs | None:
    if cache == "memory" or is_always_held(spec):
        return in_memory(read_crops(reader, crops))
    return on_disk(read_crops(reader, crops)) if cache == "disk" else None


@dataclass(frozen=True)
class TrainingExamples:
    """Crops to be trained on.

    Attributes
    ----------
    draw : gives the crops of an epoch, as many in each.
    held : inputs of all crops, (num_crops, …) float32 each, in memory or mapped into it, where all
        epochs have the same crops; None: read again in every epoch.
    """

    reader: CropReader
    draw: Callable[[int], list[Crop]]
    held: Inputs | None = None

    def epochs(
        self,
        targets_of: Callable[[list[Crop]], np.ndarray],
        *,
        batch_size: int,
        first_epoch: int,
        epochs: int,
    ) -> tf.data.Dataset:
        """Shuffled batches of inputs and targets; see `avdistill.records.sequences`."""
        span = {"batch_size": batch_size, "first_epoch": first_epoch, "epochs": epochs}
        if self.held is not None:
            return epochs_dataset(self.held, targets_of(self.draw(first_epoch)), **span)

        def draw(epoch: int) -> tuple[list[Crop], np.ndarray]:
            crops = self.draw(epoch)
            return crops, targets_of(crops)

        return streamed_epochs(self.reader, draw, **span)


def training_examples(
    material: ScopeData,
    spec: NetworkSpec,
    *,
    crop_seed: int,
    crops_per_sequence: int | None,
    fresh: bool,
    cache: Cache,
) -> TrainingExamples:
    """Take random crops of the training sequences.

    Parameters
    ----------
    fresh : draw new crops in every epoch. Their inputs are never held, but where they are made of
        audio every sequence's waveform is (2.6 MB for 30 s).
    cache : where acoustic images are kept; see `is_always_held` for all else.

    Raises
    ------
    InputError : as `in_memory` or `on_disk`.
    """
    sequences = material.sequences("training")

    def draw(epoch: int) -> list[Crop]:
        return training_crops(
            sequences,
            material.dataset.sequence_seconds,
            spec.length_seconds,
            seed=crop_seed + epoch * fresh,
            per_sequence=crops_per_sequence,
        )

    if fresh:
        return TrainingExamples(material.reader(spec, waveforms_held=len(sequences)), draw)
    reader = material.reader(spec)
    return TrainingExamples(reader, draw, _held(spec, reader, draw(0), cache))
