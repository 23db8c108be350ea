"""Crops: parts of whole seconds, cut out of full sequences (supplement, sections 1 and 2).

This module needs no TensorFlow; `avdistill.records.sequences` makes `tf.data` data sets of crops.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from avdistill.avia.vocabulary import (
    ACOUSTIC_IMAGE_SHAPE,
    FRAMES_PER_SECOND,
    SAMPLE_RATE,
    SequenceId,
)
from avdistill.errors import InputError
from avdistill.records import audio, schema, video
from avdistill.records.stored_features import NUM_FEATURES, open_features

Inputs = np.ndarray | tuple[np.ndarray, ...]  # one array for each of a network's inputs


def as_inputs(parts: Iterable) -> Any:
    """Return what Keras takes as inputs: the one part, or a tuple of several."""
    parts = tuple(parts)
    return parts if len(parts) > 1 else parts[0]


class Crop(NamedTuple):
    """A part of a sequence: the sequence's name, and the second it starts at, from 0."""

    sequence: str
    start: int


def training_crops(
    sequences: Sequence[str],
    sequence_seconds: int,
    length: int,
    *,
    seed: int,
    per_sequence: int | None = None,
) -> list[Crop]:
    """Draw crops at random, each at a whole second, with repeats, as the paper does.

    A sequence's crops depend on the seed and its name only. For fresh crops in each epoch give
    `seed + epoch`.

    Parameters
    ----------
    sequence_seconds, length : seconds of a full sequence and of a crop.
    per_sequence : how many; by default as many as fit side by side (30 for 1 s, 6 for 5 s of 30).
    """
    _check_room(sequence_seconds, length)
    number = sequence_seconds // length if per_sequence is None else per_sequence
    crops = []
    for sequence in sequences:
        generator = np.random.default_rng([seed, *SequenceId.parse(sequence)])
        starts = generator.integers(0, sequence_seconds - length, number, endpoint=True)
        crops += [Crop(sequence, start) for start in starts.tolist()]
    return crops


def evaluation_crops(sequences: Sequence[str], sequence_seconds: int, length: int) -> list[Crop]:
    """Return consecutive crops that do not overlap; a rest at the end is not used."""
    _check_room(sequence_seconds, length)
    starts = range(0, sequence_seconds - length + 1, length)
    return [Crop(sequence, start) for sequence in sequences for start in starts]


def _check_room(sequence_seconds: int, length: int) -> None:
    if not 1 <= length <= sequence_seconds:
        raise InputError(
            f"crops of {length} s do not fit into sequences of {sequence_seconds} s; "
            "set sequence_seconds at least as long"
        )


class CropReader:
    """Reads crops of one modality, and decodes nothing else in a record.

    Parameters
    ----------
    records : folder of the records.
    modality : `acoustic`, `waveform`, `spectrogram`, `video` (pixels), `vision` (stored features of
        frames) or `audiovisual` (acoustic images, then features).
    length : seconds of a crop.
    statistics : what spectrograms are normalised with; None leaves these as they are.
    frames : which of a second's 12 video frames, from 0; of features, positions among those stored.
    features : folder of one backbone's features, see `avdistill.records.stored_features`.
    frames_stored : how many frames of each second have stored features.
    waveforms_held : how many sequences' waveforms (88 kB a second) are kept in memory, so that
        each is resampled only once although its crops come in any order.

    Attributes
    ----------
    shapes : of one crop, for each input of the network: (12 * length, 36, 48, 12),
        (22050 * length,), (100 * length, 257), (len(frames) * length, 224, 224, 3) or
        (len(frames) * length, 2048), in the order of the modalities above, of which the last has
        two.
    uses_audio : whether the modality is made of audio.
    """

    def __init__(
        self,
        records: Path,
        *,
        modality: str,
        length: int,
        statistics: audio.Statistics | None = None,
        frames: Sequence[int] = schema.ALL_FRAMES,
        features: Path | None = None,
        frames_stored: int = FRAMES_PER_SECOND,
        waveforms_held: int = 4,
    ) -> None:
        self.records, self.length = Path(records), length
        self.statistics, self.frames = statistics, tuple(frames)
        self.features, self.frames_stored = features, frames_stored
        self.uses_audio = modality in ("waveform", "spectrogram")
        num_frames = len(self.frames) * length
        sources = {
            "acoustic": ((FRAMES_PER_SECOND * length, *ACOUSTIC_IMAGE_SHAPE), self._acoustic),
            "waveform": ((audio.NETWORK_SAMPLE_RATE * length,), self._waveform),
            "spectrogram": ((audio.SPECTRA_PER_SECOND * length, audio.NUM_BINS), self._spectrogram),
            "video": ((num_frames, video.SIZE, video.SIZE, 3), self._video),
            "vision": ((num_frames, NUM_FEATURES), self._vision),
        }
        inputs = ("acoustic", "vision") if modality == "audiovisual" else (modality,)
        self.shapes, self._reads = zip(*(sources[name] for name in inputs), strict=True)
        self._sequence_waveform = functools.lru_cache(maxsize=waveforms_held)(
            functools.partial(read_waveform, self.records)
        )

    def read(self, crop: Crop) -> Inputs:
        """Read one crop: `shapes`, float32; a tuple where there are several.

        Raises
        ------
        InputError : a record of the crop is missing, damaged, without the modality or of
            another sequence, the whole sequence is silent, or features are missing or of other
            frames.
        """
        return as_inputs(read(crop) for read in self._reads)

    def _seconds(self, crop: Crop, read: Callable[..., np.ndarray]) -> Iterator[np.ndarray]:
        sequence = SequenceId.parse(crop.sequence)
        for second in range(crop.start, crop.start + self.length):
            path = self.records / schema.record_path(crop.sequence, second)
            yield read(path, sequence=sequence)

    def _acoustic(self, crop: Crop) -> np.ndarray:
        return np.concatenate(list(self._seconds(crop, schema.read_acoustic)))

    def _video(self, crop: Crop) -> np.ndarray:
        seconds = self._seconds(crop, functools.partial(schema.read_video, frames=self.frames))
        return np.concatenate([video.network_frames(frames) for frames in seconds])

    def _vision(self, crop: Crop) -> np.ndarray:
        stored = open_features(self.features, crop.sequence, self.frames_stored)
        end = crop.start + self.length
        if end > len(stored):
            raise InputError(
                f"{self.features}: has {len(stored)} s of features of {crop.sequence}, not {end}; "
                "run compute-features again"
            )
        return stored[crop.start : end, self.frames].reshape(self.shapes[-1])

    def _waveform(self, crop: Crop) -> np.ndarray:
        waveform, sounding = self._sequence_waveform(crop.sequence)
        end = crop.start + self.length
        if end > len(sounding):
            path = self.records / schema.record_path(crop.sequence, len(sounding))
            raise InputError(f"{path}: no such record; run the conversion again")
        window = audio.cut_window(waveform, sounding, crop.start, self.length)
        return audio.scale_waveform(window, f"{crop.sequence}, {self.length} s from {crop.start} s")

    def _spectrogram(self, crop: Crop) -> np.ndarray:
        magnitude = audio.spectrogram(self._waveform(crop))
        return audio.normalise(magnitude, self.statistics) if self.statistics else magnitude


def read_waveform(records: Path, sequence: str) -> tuple[np.ndarray, np.ndarray]:
    """Read a whole sequence's microphone 0 and resample it.

    Returns
    -------
    waveform : (22050 * seconds,) float32 within about ±1.
    sounding : (seconds,) bool, whether anything but zeros was recorded in each second.

    Raises
    ------
    InputError : a record is missing, damaged, without audio or of another sequence, or the whole
        sequence is silent.
    """
    folder = Path(records) / sequence
    num_seconds = len(list(folder.glob("Data_*.tfrecord")))
    paths = [Path(records) / schema.record_path(sequence, i) for i in range(max(1, num_seconds))]
    labels = SequenceId.parse(sequence)
    recorded = np.concatenate([schema.read_audio(path, sequence=labels) for path in paths])
    largest = np.abs(recorded.astype(np.float64)).max()  # -2**31 has no positive in int32
    if largest == 0:
        raise InputError(
            f"{folder}: silent throughout; repair the raw audio of {sequence}, or name the "
            "sequence among those the data set lacks"
        )
    sounding = audio.sounding_seconds(recorded, SAMPLE_RATE)
    signal = (recorded / largest).astype(np.float32)
    return audio.resample(signal, SAMPLE_RATE, audio.NETWORK_SAMPLE_RATE), sounding
