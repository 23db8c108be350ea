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
from avdistill.manifest import read_manifest
from avdistill.networks.registry import NetworkSpec
from avdistill.records.crops import Crop, CropReader, evaluation_crops, training_crops
from avdistill.records.schema import record_path
from avdistill.records.sequences import (
    epochs_dataset,
    in_memory,
    input_errors,
    read_crops,
    streamed_epochs,
)
from avdistill.records.splits import read_split, sequences_of


@dataclass(frozen=True)
class Material:
    """A data set on disk, and how one scope of it is split.

    Attributes
    ----------
    records : folder of the records.
    split : see `avdistill.records.splits`.
    statistics : minimum and maximum for spectrograms; None for other inputs.
    """

    dataset: DatasetDescription
    records: Path
    split: pd.DataFrame
    statistics: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def num_classes(self) -> int:
        """How many classes there are to tell apart."""
        return len(self.dataset.classes)

    def reader(self, spec: NetworkSpec, **options: Any) -> CropReader:
        """Return what turns crops into this network's inputs; `options` are `CropReader`'s."""
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


def open_material(  # noqa: PLR0917, the files in the order that every verb names them
    dataset: Path,
    records: Path,
    manifest: Path,
    split: Path,
    scope: str,
    statistics: tuple[np.ndarray, np.ndarray] | None = None,
) -> Material:
    """Open a data set, and check that the split is the scope's and that no record is missing.

    Raises
    ------
    InputError : a file is missing or damaged, the data set has no such scope, the split is of
        other sequences, or the manifest lacks a second of one of them.
    """
    material = Material(DatasetDescription.read(dataset), records, read_split(split), statistics)
    expected = {sequence.name for sequence in material.dataset.sequences(scope)}
    if other := sorted(expected.symmetric_difference(material.split["sequence"])):
        raise InputError(
            f"{split}: not the split of scope {scope}, from which it differs in {other[0]}; run "
            "split-sequences again"
        )
    known = {row.file for row in read_manifest(manifest)}
    for sequence in material.split["sequence"]:
        for second in range(material.dataset.sequence_seconds):
            if (file := record_path(sequence, second)) not in known:
                raise InputError(f"{manifest}: lacks {file}; convert its sequence to records")
    return material


def labels_of(crops: Sequence[Crop]) -> np.ndarray:
    """Labels of crops, (num_crops,) int64 from 0."""
    return np.array([SequenceId.parse(crop.sequence).label for crop in crops], np.int64)


@dataclass(frozen=True)
class EvaluationExamples:
    """Crops to be judged, in order; in memory where they are judged after every epoch.

    Attributes
    ----------
    held : inputs of all crops, (num_crops, …) float32, or None: read whenever they are needed.
    """

    reader: CropReader
    crops: list[Crop]
    held: np.ndarray | None = None

    def batches(self, size: int) -> Iterator[np.ndarray]:
        """Yield inputs, `size` crops at a time."""
        if self.held is not None:
            yield from (self.held[start : start + size] for start in range(0, len(self.held), size))
            return
        with input_errors():
            yield from read_crops(self.reader, self.crops).batch(size).as_numpy_iterator()


def evaluation_examples(
    material: Material, spec: NetworkSpec, split_name: str, *, hold: bool
) -> EvaluationExamples:
    """Take consecutive crops of the `validation` or `test` sequences.

    Parameters
    ----------
    hold : keep acoustic images in memory; see `_inputs_in_memory`.
    """
    crops = evaluation_crops(
        material.sequences(split_name), material.dataset.sequence_seconds, spec.length_seconds
    )
    reader = material.reader(spec)
    return EvaluationExamples(reader, crops, _inputs_in_memory(reader, crops, hold=hold))


def _inputs_in_memory(
    reader: CropReader, crops: Sequence[Crop], *, hold: bool
) -> np.ndarray | None:
    """Read all crops, or none where they are large and `hold` is false.

    What is made of audio is held in any case: 0.5 MB a crop, 0.9 GB at the paper's scale, where
    reading it again would resample a whole sequence for nearly every crop of every epoch.
    """
    return in_memory(read_crops(reader, crops)) if hold or reader.heard else None


@dataclass(frozen=True)
class TrainingExamples:
    """Crops to be trained on.

    Attributes
    ----------
    draw : gives the crops of an epoch, as many in each.
    held : inputs of all crops, (num_crops, …) float32, where all epochs have the same crops and
        these are in memory; None: read again in every epoch.
    """

    reader: CropReader
    draw: Callable[[int], list[Crop]]
    held: np.ndarray | None = None

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
    material: Material,
    spec: NetworkSpec,
    *,
    crop_seed: int,
    crops_per_sequence: int | None,
    fresh: bool,
    hold: bool,
) -> TrainingExamples:
    """Take random crops of the training sequences.

    Parameters
    ----------
    fresh : draw new crops in every epoch. Their inputs are never held, but where they are made of
        audio every sequence's waveform is (2.6 MB for 30 s).
    hold : keep acoustic images in memory; see `_inputs_in_memory`.
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
    return TrainingExamples(reader, draw, _inputs_in_memory(reader, draw(0), hold=hold))
