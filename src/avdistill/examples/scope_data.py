"""What a network is trained, validated and tested on: crops of one scope's sequences."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.configuration.crops import Crops
from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256, manifest_rows
from avdistill.networks.frames import frames_of_network
from avdistill.networks.registry import NetworkSpec
from avdistill.records.audio import Statistics
from avdistill.records.crops import Crop, CropReader, Inputs, evaluation_crops, training_crops
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
from avdistill.records.statistics import read_statistics
from avdistill.records.stored_features import feature_path, features_folder
from avdistill.records.temporary import Cache
from avdistill.results.backbone_description import NOISE, BackboneDescription
from avdistill.results.model_folder import check_classes
from avdistill.runs.inputs import JobInputs


def labels_of(crops: Sequence[Crop]) -> np.ndarray:
    """Labels of crops, (num_crops,) int64 from 0."""
    return np.array([SequenceId.parse(crop.sequence).label for crop in crops], np.int64)


@dataclass(frozen=True)
class EvaluationExamples:
    """Crops to be judged, in order.

    Attributes
    ----------
    held : inputs of all crops, (num_crops, …) float32 each, in memory or mapped into it; None: read
        whenever they are needed.
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


@dataclass(frozen=True)
class ScopeData:
    """One scope of a data set on disk, as one kind of network takes it.

    Attributes
    ----------
    spec : of the network.
    inputs : the files that the rest was read from.
    split : see `avdistill.records.splits`.
    statistics : what spectrograms are normalised with; None for other inputs.
    cache : where acoustic images are kept between epochs; all else is small, and kept in memory.
    """

    spec: NetworkSpec
    scope: str
    inputs: JobInputs
    dataset: DatasetDescription
    split: pd.DataFrame
    statistics: Statistics | None = None
    cache: Cache = "memory"

    @property
    def records(self) -> Path:
        """Folder of the records."""
        return self.inputs.records.parent

    @property
    def features(self) -> Path | None:
        """Folder of a backbone and its features, for networks that take these; else None."""
        return self.inputs.features and self.inputs.features.parent

    @cached_property
    def split_sha256(self) -> str:
        """Digest of the split's file."""
        return file_sha256(self.inputs.split)

    @property
    def num_classes(self) -> int:
        """How many classes there are."""
        return len(self.dataset.classes)

    @property
    def backbone(self) -> BackboneDescription | None:
        """Description of the backbone that computed the features; None where there are none."""
        return None if self.features is None else BackboneDescription.read(self.features)

    @property
    def frames(self) -> tuple[int, ...] | None:
        """Numbers of the frames of a second that the network is given; None where it takes none."""
        if (backbone := self.backbone) is None:
            return None
        return tuple(
            backbone.frames[place] for place in frames_of_network(self.spec, len(backbone.frames))
        )

    def reader(self, **options: Any) -> CropReader:
        """Return what turns crops into the network's inputs; `options` are `CropReader`'s."""
        if (backbone := self.backbone) is not None:
            num_stored = len(backbone.frames)
            options |= {
                "features": self.features / features_folder(backbone.sha256),
                "frames_stored": num_stored,
                "frames": frames_of_network(self.spec, num_stored),
            }
        return CropReader(
            self.records,
            modality=self.spec.modality,
            length=self.spec.length_seconds,
            statistics=self.statistics,
            **options,
        )

    def sequences(self, split_name: str) -> list[str]:
        """List the sequences of one split; none at all is an `InputError`."""
        names = sequences_of(self.split, split_name)
        if not names:
            raise InputError(f"the {split_name} split has no sequence; change the split's strategy")
        return names

    def crops_of(self, sequences: Sequence[str]) -> list[Crop]:
        """Cut sequences into consecutive crops of the network's length."""
        return evaluation_crops(sequences, self.dataset.sequence_seconds, self.spec.length_seconds)

    def evaluation_examples(self, split_name: str) -> EvaluationExamples:
        """Take consecutive crops of the `validation` or `test` sequences, to be judged repeatedly.

        Raises
        ------
        InputError : the split has no sequence, or as `in_memory` or `on_disk`.
        """
        crops, reader = self.crops_of(self.sequences(split_name)), self.reader()
        return EvaluationExamples(reader, crops, self._held(reader, crops))

    def training_examples(self, crops: Crops) -> TrainingExamples:
        """Take random crops of the training sequences.

        Parameters
        ----------
        crops : how many, their seed, and whether every epoch has new ones. The inputs of new ones
            are never held, but where they are made of audio every sequence's waveform is (2.6 MB
            for 30 s).

        Raises
        ------
        InputError : the split has no sequence, or as `in_memory` or `on_disk`.
        """
        sequences = self.sequences("training")

        def draw(epoch: int) -> list[Crop]:
            return training_crops(
                sequences,
                self.dataset.sequence_seconds,
                self.spec.length_seconds,
                seed=crops.seed + epoch * crops.fresh,
                per_sequence=crops.per_sequence,
            )

        if crops.fresh:
            return TrainingExamples(self.reader(waveforms_held=len(sequences)), draw)
        reader = self.reader()
        return TrainingExamples(reader, draw, self._held(reader, draw(0)))

    def _held(self, reader: CropReader, crops: Sequence[Crop]) -> Inputs | None:
        if self.cache == "memory" or is_always_held(self.spec):
            return in_memory(read_crops(reader, crops))
        return on_disk(read_crops(reader, crops)) if self.cache == "disk" else None


def is_always_held(spec: NetworkSpec) -> bool:
    """Return whether crops are small enough to be held in memory in any case.

    What is made of audio takes 0.5 MB a crop, 0.9 GB at the paper's scale, and reading it again
    would resample a whole sequence for nearly every crop of every epoch; features of frames take
    0.1 MB a second, as much at the paper's scale. Acoustic images take 1 MB a second.
    """
    return "acoustic" not in spec.recorded_modalities


def open_scope_data(
    spec: NetworkSpec,
    scope: str,
    inputs: JobInputs,
    *,
    statistics: Statistics | None = None,
    cache: Cache = "memory",
) -> ScopeData:
    """Open a data set, and check that the split is the scope's and that no record is missing.

    Parameters
    ----------
    inputs : its records, its split and, as far as they are named, statistics and features. The
        features' manifest must list those of every sequence of the split, by the backbone that is
        there now.
    statistics : of spectrograms, in place of a file of them.

    Raises
    ------
    InputError : a file is missing, damaged or a folder, the data set has no such scope, the split
        is of other sequences, or a manifest lacks something of one of them.
    """
    inputs.refuse_folders()
    if inputs.statistics is not None:
        statistics = read_statistics(inputs.statistics)
    data = ScopeData(
        spec,
        scope,
        inputs,
        DatasetDescription.read(inputs.dataset),
        read_split(inputs.split),
        statistics,
        cache,
    )
    expected = {sequence.name for sequence in data.dataset.sequences(scope)}
    if other := sorted(expected.symmetric_difference(data.split["sequence"])):
        raise InputError(
            f"{inputs.split}: not the split of scope {scope}, from which it differs in {other[0]}; "
            "run split-sequences again"
        )
    seconds = range(data.dataset.sequence_seconds)
    records = [record_path(name, second) for name in data.split["sequence"] for second in seconds]
    _check_listed(inputs.records, records, "convert its sequence to records")
    if (backbone := data.backbone) is not None:
        features = [feature_path(name, backbone.sha256) for name in data.split["sequence"]]
        _check_listed(inputs.features, features, "compute its features")
    return data


def _check_listed(manifest: Path, files: list[str], advice: str) -> None:
    listed = {row.file for row in manifest_rows(manifest)}
    for file in files:
        if file not in listed:
            raise InputError(f"{manifest}: lacks {file}; {advice}")


def check_backbone(data: ScopeData) -> None:
    """Check that a network can be trained on a scope with these features.

    Raises
    ------
    InputError : the backbone was recalibrated or trained on another scope, of whose training
        split this scope's test sequences may be, or it takes frames together that the network
        takes one by one.
    """
    backbone, scope, name = data.backbone, data.scope, data.spec.name
    if backbone.recalibrated_on not in (None, NOISE, scope):
        problem = f"recalibrated on {backbone.recalibrated_on}, not on {scope}"
    elif backbone.trained_on not in (None, scope):
        problem = f"trained on {backbone.trained_on}, not on {scope}"
    elif backbone.temporal and data.spec.backbone != backbone.name:
        problem = f"{backbone.name}'s, not {name}'s"
    else:
        return
    raise InputError(f"{data.features}: the backbone is {problem}; name another folder")


def check_same_data(data: ScopeData, description: dict[str, Any], folder: Path) -> None:
    """Check that these are the data that a trained network was trained on.

    Another split of the same scope would not fail: the network would be tested on what it was
    trained on. Nor would features of another backbone.

    Parameters
    ----------
    description, folder : of the trained network, see `avdistill.results.model_folder`.

    Raises
    ------
    InputError : classes or split are others, or there are no features of its backbone and frames.
    """
    check_classes(description, data.dataset, folder)
    if data.split_sha256 != description["split"]:
        raise InputError(
            f"{data.inputs.split}: not the split of scope {description['scope']} that {folder} was "
            f"trained with (its sha256 is {data.split_sha256[:16]}…, that of model.json "
            f"{description['split'][:16]}…); name that one, or train again"
        )
    if not data.spec.uses_video_features:
        return
    if data.features is None:
        raise InputError(f"{data.spec.name} takes {data.spec.modality} input; give its --features")
    frames, backbone = list(data.frames), data.backbone
    if (frames, backbone.sha256) != (description["frames"], description["backbone"]):
        raise InputError(
            f"{data.features}: features of frames {frames} by a {backbone.initial_weights} "
            f"({backbone.sha256[:16]}); {folder} was trained on frames {description['frames']} and "
            f"a {description['initial_weights']} ({str(description['backbone'])[:16]}): name its "
            "features"
        )
